#include "roles/supervisor/startup.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>

#include "infra/pg_server/cluster_checks.hpp"
#include "roles/supervisor/data_folder.hpp"
#include "roles/supervisor/page_merging.hpp"
#include "roles/supervisor/run_groups.hpp"

namespace mw::supervisor {
namespace {

constexpr std::string_view kElsewhere =
    "choose a folder elsewhere with --data-dir, such as /var/lib/millwright";
constexpr std::string_view kInstallElsewhere =
    "install Millwright where every user may read it, or let others enter that folder";

// Of the operator's environment: how programs and certificates are found, language, proxies,
// and the sanitizers' options of a test build.
constexpr std::array<std::string_view, 17> kPassedOn{"PATH",          "LANG",
                                                     "LANGUAGE",      "TZ",
                                                     "TMPDIR",        "MALLOC_ARENA_MAX",
                                                     "http_proxy",    "HTTP_PROXY",
                                                     "https_proxy",   "HTTPS_PROXY",
                                                     "no_proxy",      "NO_PROXY",
                                                     "SSL_CERT_FILE", "SSL_CERT_DIR",
                                                     "ASAN_OPTIONS",  "UBSAN_OPTIONS",
                                                     "LSAN_OPTIONS"};

result<process::ServiceUser> choose_user(const Settings& settings) {
    if (::geteuid() != 0) return process::current_user();
    return process::find_service_user(settings.get("USER"));
}

result<> refuse_second(const Layout& layout) {
    MW_TRY(auto holder, SupervisorLock::holder(layout.supervisor_lock));
    if (!holder) return {};
    return fail(Errc::conflict,
                fmt::format("Millwright already runs from {} (supervisor pid {}); `millwright "
                            "down` stops it",
                            layout.data_dir.string(), *holder));
}

// With the service user's eyes, while we may still be root.
result<> check_paths(const Layout& layout, const process::ServiceUser& user) {
    process::ActingAs acting(user);
    MW_CHECK(check_reachable(layout.program, "the program", user, kInstallElsewhere));
    MW_CHECK(check_reachable(layout.share_dir, "the folder", user, kInstallElsewhere));
    return check_reachable(layout.data_dir, "the data folder", user, kElsewhere);
}

void make_paths_explicit(Settings& settings, const Layout& layout) {
    settings.set("DATA_DIR", layout.data_dir.string());
    settings.set("RUN_DIR", layout.run_dir.string());
    settings.set("SHARE_DIR", layout.share_dir.string());
    settings.set("ENGINES_DIR", layout.engines_dir.string());
    // All of the file's values are in the settings; the roles may not be able to read it.
    settings.set("CONFIG", "");
}

// Read by workers, who could only fail.
result<> check_repository_cache(const Settings& settings) {
    auto word = settings.get("REPOSITORY_CACHE");
    if (word == "on" || word == "off") return {};
    return fail(Errc::invalid_argument,
                fmt::format("MILLWRIGHT_REPOSITORY_CACHE: must be on or off, not \"{}\"", word));
}

}  // namespace

result<Prepared> prepare(Settings settings) {
    MW_TRY(auto layout, Layout::from(settings));
    MW_TRY(auto user, choose_user(settings));
    MW_CHECK(refuse_second(layout));
    MW_CHECK(check_paths(layout, user));
    if (layout.embedded_database) MW_CHECK(pg_server::check_programs(settings.get("POSTGRES_BIN")));
    MW_CHECK(check_free_space(layout.data_dir));
    MW_TRY(auto listen, listen_https(settings));
    settings.set("PORT", std::to_string(listen.port));

    MW_CHECK(check_limits(settings));
    MW_CHECK(check_repository_cache(settings));

    MW_CHECK(create_folders(layout, user));
    auto groups = make_groups(layout, user);
    std::string merge_obstacle;
    if (settings.get_bool("MERGE_MEMORY")) merge_obstacle = start_page_merging();
    if (::geteuid() == 0) MW_CHECK(process::drop_privileges(user));
    ::umask(077);
    MW_CHECK(check_writable(layout));
    MW_TRY(auto lock, SupervisorLock::acquire(layout.supervisor_lock));
    MW_CHECK(prepare_data_folder(layout));
    MW_CHECK(hand_on_groups(layout, groups));
    make_paths_explicit(settings, layout);
    return Prepared{std::move(settings),      std::move(layout), std::move(user),
                    std::move(listen),        std::move(lock),   std::move(groups),
                    std::move(merge_obstacle)};
}

process::Environment role_environment(const Settings& settings, const process::ServiceUser& user,
                                      const Layout& layout, const process::Environment& ours) {
    process::Environment environment;
    for (const auto& [name, value] : ours)
        if (std::ranges::find(kPassedOn, name) != kPassedOn.end() || name.starts_with("LC_"))
            environment[name] = value;
    environment.try_emplace("PATH", "/usr/local/bin:/usr/bin:/bin");
    environment["HOME"] = layout.data_dir.string();
    environment["USER"] = environment["LOGNAME"] = user.name;
    for (auto& [name, value] : settings.as_environment())
        environment[name] = value;
    return environment;
}

}  // namespace mw::supervisor
