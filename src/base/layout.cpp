#include "base/layout.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <cstring>

namespace mw {
namespace {

namespace fs = std::filesystem;

// Without a trailing slash, with links resolved as far as the path exists, so that two
// spellings of one folder derive the same names.
fs::path settle(const fs::path& path) {
    std::error_code error;
    auto settled = fs::weakly_canonical(fs::absolute(path), error);
    if (error) settled = fs::absolute(path).lexically_normal();
    return settled.has_filename() ? settled : settled.parent_path();
}

fs::path program_path() {
    std::error_code error;
    auto path = fs::read_symlink("/proc/self/exe", error);
    return error ? fs::path("millwright") : path;
}

fs::path default_run_dir(const fs::path& data_dir) {
    auto name = "millwright-" + short_hash(data_dir.string());
    if (::geteuid() == 0 || ::access("/run", W_OK) == 0) return fs::path("/run") / name;
    if (const char* runtime = std::getenv("XDG_RUNTIME_DIR");
        runtime && *runtime == '/' && ::access(runtime, W_OK) == 0)
        return fs::path(runtime) / name;
    return fmt::format("/tmp/millwright-{}-{}", ::geteuid(), short_hash(data_dir.string()));
}

fs::path setting_or(const Settings& settings, std::string_view key, fs::path fallback) {
    auto value = settings.get(key);
    return value.empty() ? std::move(fallback) : settle(value);
}

result<> check_socket_paths(const Layout& layout) {
    constexpr std::size_t kMostBytes = sizeof(sockaddr_un::sun_path) - 1;
    const std::array paths{layout.app_socket, layout.internal_socket, layout.operator_socket,
                           layout.postgres_socket_dir / kPostgresSocketName};
    for (const auto& path : paths)
        if (path.string().size() > kMostBytes)
            return fail(Errc::invalid_argument,
                        fmt::format("MILLWRIGHT_RUN_DIR: {} is too long: the socket path {} has {} "
                                    "bytes and at most {} fit; choose a shorter folder",
                                    layout.run_dir.string(), path.string(), path.string().size(),
                                    kMostBytes));
    return {};
}

}  // namespace

std::string quote_conninfo(std::string_view value) {
    std::string quoted = "'";
    for (char c : value) {
        if (c == '\'' || c == '\\') quoted += '\\';
        quoted += c;
    }
    return quoted + "'";
}

std::string short_hash(std::string_view text) {
    // FNV-1a: the value only has to be stable and spread, not hard to forge.
    std::uint64_t hash = 0xcbf29ce484222325ULL;
    for (char c : text) {
        hash ^= static_cast<unsigned char>(c);
        hash *= 0x100000001b3ULL;
    }
    return fmt::format("{:08x}", static_cast<std::uint32_t>(hash ^ (hash >> 32)));
}

result<Layout> Layout::from(const Settings& settings) {
    Layout layout;
    layout.program = program_path();
    layout.data_dir = settle(settings.get("DATA_DIR"));
    layout.run_dir = setting_or(settings, "RUN_DIR", default_run_dir(layout.data_dir));
    layout.share_dir = setting_or(settings, "SHARE_DIR",
                                  settle(layout.program.parent_path() / "../share/millwright"));

    layout.engines_dir = setting_or(settings, "ENGINES_DIR", layout.data_dir / "engines");
    layout.store_dir = layout.data_dir / "store";
    layout.postgres_dir = layout.data_dir / "postgres";
    layout.keys_dir = layout.data_dir / "keys";
    layout.logs_dir = layout.data_dir / "logs";
    layout.repositories_dir = layout.data_dir / "repositories";
    layout.workspaces_dir = layout.data_dir / "workspaces";
    layout.parse_cache_dir = layout.data_dir / "parse_cache";
    layout.package_cache_dir = layout.data_dir / "package_cache";
    layout.repository_cache_dir = layout.data_dir / "repository_cache";
    layout.status_file = layout.data_dir / "status.json";
    layout.supervisor_lock = layout.data_dir / "supervisor.lock";
    layout.limits_file = layout.run_dir / "limits.json";

    layout.web_dir = layout.share_dir / "web";
    layout.migrations_dir = layout.share_dir / "migrations";
    layout.engine_catalogue_dir = layout.share_dir / "engines";
    layout.engine_host_dir = layout.share_dir / "engine_host";
    layout.sample_dir = layout.share_dir / "sample";

    layout.app_socket = layout.run_dir / "app.sock";
    layout.internal_socket = layout.run_dir / "internal.sock";
    layout.operator_socket = layout.run_dir / "operator.sock";
    layout.postgres_socket_dir = layout.run_dir;
    MW_CHECK(check_socket_paths(layout));

    layout.tls_cert = setting_or(settings, "TLS_CERT", layout.keys_dir / "tls.crt");
    layout.tls_key = setting_or(settings, "TLS_KEY", layout.keys_dir / "tls.key");
    layout.master_key_file =
        setting_or(settings, "MASTER_KEY_FILE", layout.keys_dir / "master.key");

    layout.object_store = settings.get("OBJECT_STORE");
    if (layout.object_store.empty()) layout.object_store = "file:" + layout.store_dir.string();
    layout.database_conninfo = settings.get("DATABASE_URL");
    layout.embedded_database = layout.database_conninfo.empty();
    if (layout.embedded_database)
        layout.database_conninfo =
            fmt::format("host={} dbname={}", quote_conninfo(layout.postgres_socket_dir.string()),
                        kDatabaseName);
    return layout;
}

fs::path Layout::warm_socket(const fs::path& engine_folder) const {
    // Hashed: names of engines are long, and a socket's path may not be.
    return run_dir / fmt::format("warm-{}.sock", short_hash(engine_folder.filename().string()));
}

fs::path Layout::tunnel_socket(const fs::path& workspace) const {
    return run_dir / fmt::format("ssh-{}.sock", short_hash(workspace.string()));
}

result<> prepare_private_folder(const fs::path& folder) {
    auto refuse = [&](std::string why) {
        return fail(Errc::forbidden, fmt::format("folder {}: {}", folder.string(), why));
    };
    if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST)
        return refuse(fmt::format("cannot be created: {}", std::strerror(errno)));
    struct stat facts{};
    if (::lstat(folder.c_str(), &facts) != 0) return refuse(std::strerror(errno));
    if (!S_ISDIR(facts.st_mode)) return refuse("exists and is not a folder");
    if (facts.st_uid != ::geteuid())
        return refuse(fmt::format("belongs to user {}, not to the user of this process ({})",
                                  facts.st_uid, ::geteuid()));
    if ((facts.st_mode & 077) != 0)
        return refuse(fmt::format("is open to other users (mode {:04o}); it must have mode 0700",
                                  facts.st_mode & 07777));
    return {};
}

}  // namespace mw
