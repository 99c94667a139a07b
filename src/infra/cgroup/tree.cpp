#include "infra/cgroup/tree.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "infra/cgroup/control_file.hpp"
#include "infra/cgroup/group.hpp"

namespace mw::cgroup {
namespace {

namespace fs = std::filesystem;

constexpr int kAttempts = 5;

std::string obstacle_words(int error, const fs::path& where, Version version) {
    if (error == EROFS)
        return fmt::format(
            "{} is mounted read-only, as in a container; let the container have cgroups of its own "
            "that it may write, or limit the container as a whole",
            where.string());
    if (error == EACCES || error == EPERM)
        return fmt::format(
            "{} may not be written by this user; start Millwright as root, which it drops once the "
            "groups are made{}",
            where.string(),
            // systemd gives no part of version 1 to an ordinary user.
            version == Version::v2 ? ", or as a service of systemd with Delegate=yes" : "");
    return fmt::format("{}: {}", where.string(), std::strerror(error));
}

// 0, or an errno.
int make_folder(const fs::path& folder) {
    return ::mkdir(folder.c_str(), 0755) == 0 || errno == EEXIST ? 0 : errno;
}

// What the owner needs to have children there; what is missing in this version is passed over.
void give(const fs::path& folder, const Owner& owner) {
    if (::geteuid() != 0) return;
    for (const auto& file : {folder, folder / "cgroup.procs", folder / "cgroup.threads",
                             folder / "cgroup.subtree_control", folder / "tasks"})
        if (::lchown(file.c_str(), owner.uid, owner.gid) != 0 && errno != ENOENT) return;
}

bool may_write(const fs::path& file) {
    return ::faccessat(AT_FDCWD, file.c_str(), W_OK, AT_EACCESS) == 0;
}

// Of the whole machine: the only group that may hold processes and give controllers.
bool is_topmost(const fs::path& group) {
    std::error_code error;
    return !fs::exists(group / "cgroup.type", error);
}

bool may_hold_ours(const fs::path& group) {
    return may_write(group) && may_write(group / "cgroup.procs") &&
           may_write(group / "cgroup.subtree_control");
}

std::vector<Controller> listed(const fs::path& file, const std::vector<Controller>& wanted) {
    auto text = read_control(file);
    std::vector<Controller> found;
    for (auto controller : wanted)
        if (has_word(text, name_of(controller))) found.push_back(controller);
    return found;
}

// Also when it was on already.
bool enable(const fs::path& group, Controller controller) {
    auto file = group / "cgroup.subtree_control";
    return has_word(read_control(file), name_of(controller)) ||
           write_control(file, fmt::format("+{}", name_of(controller))) == 0;
}

fs::path shared_folder(const fs::path& base, const Owner& owner) {
    return base / fmt::format("millwright-{}", owner.uid);
}

struct Made {
    int error = 0;
    fs::path where;  // what it could not be made in
};

// One below the other. An appliance that ends may just then take the shared one away, which it
// sees to be empty: then once more.
Made make_all(const std::vector<fs::path>& folders, const Owner& owner) {
    Made made;
    for (int attempt = 0; attempt < kAttempts; ++attempt) {
        made = {};
        for (const auto& folder : folders) {
            made = {make_folder(folder), folder.parent_path()};
            if (made.error != 0) break;
            give(folder, owner);
        }
        if (made.error != ENOENT) break;
    }
    return made;
}

// What is read-only is all of it.
const fs::path& in_the_way(int error, const fs::path& folder, const Hierarchy& hierarchy) {
    return error == EROFS ? hierarchy.mount : folder;
}

result<Place> make_v1(const Hierarchy& hierarchy, const Owner& owner, std::string_view name) {
    auto shared = shared_folder(hierarchy.own, owner);
    Place place{Version::v1, hierarchy.controllers, shared / name};
    if (auto made = make_all({shared, place.folder}, owner); made.error != 0)
        return fail(
            Errc::forbidden,
            obstacle_words(made.error, in_the_way(made.error, made.where, hierarchy), Version::v1));
    return place;
}

result<Place> make_v2(const Hierarchy& hierarchy, const Owner& owner, std::string_view name) {
    MW_TRY(auto base, choose_base(hierarchy, ::getpid()));
    return settle(base, owner, name);
}

}  // namespace

const Place* Tree::place_of(Controller controller) const {
    for (const auto& place : places)
        if (std::ranges::find(place.controllers, controller) != place.controllers.end())
            return &place;
    return nullptr;
}

std::string Tree::why_not(Controller controller) const {
    for (const auto& obstacle : obstacles)
        if (obstacle.controller == controller) return obstacle.why;
    return "";
}

result<Base> choose_base(const Hierarchy& unified, pid_t self) {
    auto others = process_ids(read_control(unified.own / "cgroup.procs"));
    std::erase(others, self);
    if (others.empty() && may_hold_ours(unified.own) && !is_topmost(unified.own)) {
        auto offered = listed(unified.own / "cgroup.controllers", unified.controllers);
        if (!offered.empty()) return Base{unified.own, true, std::move(offered)};
    }
    for (auto group = unified.own;; group = group.parent_path()) {
        bool topmost = is_topmost(group);
        auto offered = listed(group / (topmost ? "cgroup.controllers" : "cgroup.subtree_control"),
                              unified.controllers);
        if (!offered.empty() && may_hold_ours(group)) return Base{group, false, std::move(offered)};
        if (group == unified.mount || !group.has_relative_path()) break;
    }
    if (read_control(unified.mount / "cgroup.controllers").find_first_not_of(" \n") ==
        std::string::npos)
        return fail(Errc::forbidden,
                    fmt::format("the kernel offers no controllers in {}", unified.mount.string()));
    if (!may_hold_ours(unified.own)) {
        int error = errno == EROFS ? EROFS : EACCES;
        return fail(Errc::forbidden,
                    obstacle_words(error, in_the_way(error, unified.own, unified), Version::v2));
    }
    return fail(Errc::forbidden,
                fmt::format("{} holds other processes besides Millwright's (one is pid {}); start "
                            "it in a group of its own: as a service of systemd with Delegate=yes, "
                            "or by `systemd-run --scope -p Delegate=yes`",
                            unified.own.string(), others.empty() ? 0 : others.front()));
}

result<Place> settle(const Base& base, const Owner& owner, std::string_view name) {
    auto shared = shared_folder(base.folder, owner);
    Place place{Version::v2, {}, shared / name};
    auto made = make_all({shared, place.folder, place.folder / kServices}, owner);
    if (made.error != 0)
        return fail(Errc::forbidden, obstacle_words(made.error, made.where, Version::v2));
    auto door = place.folder / kServices / "cgroup.procs";
    if (int error = write_control(door, std::to_string(::getpid())))
        return fail(Errc::forbidden, obstacle_words(error, door, Version::v2));
    for (auto controller : base.controllers)
        if (enable(base.folder, controller) && enable(shared, controller) &&
            enable(place.folder, controller))
            place.controllers.push_back(controller);
    return place;
}

Tree make_tree(const std::vector<Hierarchy>& hierarchies, const Owner& owner,
               std::string_view name) {
    Tree tree;
    for (const auto& hierarchy : hierarchies) {
        auto place = hierarchy.version == Version::v1 ? make_v1(hierarchy, owner, name)
                                                      : make_v2(hierarchy, owner, name);
        if (!place) {
            for (auto controller : hierarchy.controllers)
                tree.obstacles.push_back({controller, place.error().message});
        } else if (!place->controllers.empty()) {
            tree.places.push_back(std::move(*place));
        }
    }
    for (auto controller : kControllers)
        if (!tree.has(controller) && tree.why_not(controller).empty())
            tree.obstacles.push_back(
                {controller, fmt::format("no cgroup hierarchy with the {} controller is mounted "
                                         "where Millwright can see it",
                                         name_of(controller))});
    return tree;
}

Tree no_tree(const std::string& why) {
    Tree tree;
    for (auto controller : kControllers)
        tree.obstacles.push_back({controller, why});
    return tree;
}

void remove_tree(const Tree& tree) {
    remove_leftover_groups(tree);
    for (const auto& place : tree.places) {
        ::rmdir((place.folder / kServices).c_str());
        if (::rmdir(place.folder.c_str()) == 0) ::rmdir(place.folder.parent_path().c_str());
    }
}

}  // namespace mw::cgroup
