#include "roles/supervisor/run_groups.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "base/log.hpp"
#include "infra/cgroup/limits.hpp"
#include "roles/supervisor/supervisor_lock.hpp"

namespace mw::supervisor {
namespace {

namespace fs = std::filesystem;

std::set<fs::path> folders_of(const cgroup::Tree& tree) {
    std::set<fs::path> folders;
    for (const auto& place : tree.places)
        folders.insert(place.folder);
    return folders;
}

bool is_cgroup(const fs::path& folder) {
    struct statfs facts{};
    return ::statfs(folder.c_str(), &facts) == 0 &&
           (facts.f_type == CGROUP_SUPER_MAGIC || facts.f_type == CGROUP2_SUPER_MAGIC);
}

}  // namespace

result<> check_limits(const Settings& settings) {
    MW_TRY([[maybe_unused]] auto limits,
           cgroup::parse_limits(settings.get("RUN_MEMORY_MB"), settings.get("RUN_CPUS"),
                                settings.get("RUN_PROCESSES")));
    return {};
}

cgroup::Tree make_groups(const Layout& layout, const process::ServiceUser& user) {
    return cgroup::make_tree(cgroup::find_hierarchies(), {user.uid, user.gid},
                             short_hash(layout.data_dir.string()));
}

result<> hand_on_groups(const Layout& layout, const cgroup::Tree& tree) {
    auto earlier = cgroup::read_tree(layout.limits_file);
    if (earlier && folders_of(*earlier) != folders_of(tree)) cgroup::remove_tree(*earlier);
    return cgroup::write_tree(layout.limits_file, tree);
}

void log_groups(const cgroup::Tree& tree, const Settings& settings) {
    for (auto [controller, setting] : {std::pair(cgroup::Controller::memory, "RUN_MEMORY_MB"),
                                       {cgroup::Controller::cpu, "RUN_CPUS"}}) {
        auto why = tree.why_not(controller);
        if (why.empty()) continue;
        if (settings.get(setting) != "0")
            log::warn(fmt::format("MILLWRIGHT_{} cannot be enforced here: {}", setting, why));
        else
            log::info("runs cannot be limited",
                      {{"by", std::string(cgroup::name_of(controller))}, {"why", why}});
    }
    for (const auto& place : tree.places)
        log::info("runs are limited below", {{"group", place.folder.string()}});
}

void describe_groups(const cgroup::Tree& tree, Status& status) {
    for (auto controller : cgroup::kControllers) {
        std::string name(cgroup::name_of(controller));
        if (tree.has(controller))
            status.enforced_limits.push_back(std::move(name));
        else
            status.missing_limits[std::move(name)] = tree.why_not(controller);
    }
}

std::string limits_in_words(const Status& status) {
    if (status.enforced_limits.empty() && status.missing_limits.empty())
        return "What runs are limited by is not known yet.";
    if (status.missing_limits.empty())
        return fmt::format("Runs can be limited by {}.", fmt::join(status.enforced_limits, ", "));
    std::map<std::string, std::vector<std::string>> names_by_reason;
    for (const auto& [name, why] : status.missing_limits)
        names_by_reason[why].push_back(name);
    std::vector<std::string> sentences;
    for (const auto& [why, names] : names_by_reason)
        sentences.push_back(
            fmt::format("Runs cannot be limited by {}: {}.", fmt::join(names, ", "), why));
    return fmt::format("{}", fmt::join(sentences, "\n"));
}

void clear_away_groups(const Layout& layout) {
    struct stat owner{};
    // Somebody has started it again already: they are theirs.
    if (auto holder = SupervisorLock::holder(layout.supervisor_lock); !holder || *holder) return;
    if (::stat(layout.data_dir.c_str(), &owner) != 0) return;
    std::optional<cgroup::Tree> tree;
    {
        // What the file names is the service user's word, so only their rights count.
        process::ActingAs acting({"", owner.st_uid, owner.st_gid});
        if (auto read = cgroup::read_tree(layout.limits_file)) tree = std::move(*read);
        if (!tree || (::geteuid() == 0 && owner.st_uid != 0)) return;
        cgroup::remove_tree(*tree);
    }
    // The shared folder lies in somebody else's; an empty group of that name is nobody's loss.
    for (const auto& folder : folders_of(*tree)) {
        auto shared = folder.parent_path();
        if (shared.filename() == fmt::format("millwright-{}", owner.st_uid) && is_cgroup(shared))
            ::rmdir(shared.c_str());
    }
}

}  // namespace mw::supervisor
