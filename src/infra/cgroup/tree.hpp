// The appliance's own group in each hierarchy, below which its runs get one each:
//
//   <a group that may have children>/millwright-<uid>/<name of the appliance>/<a run's group>
//
// Who makes it may be root, who uses it need not: both folders are given to the owner, who makes
// and removes what is below. `millwright-<uid>` is shared by this user's appliances; only who may
// write in the group above can take it away.
//
// Version 2 has two more rules. A group with controllers for its children holds no process, so
// this process (and all that it starts from then on) moves into `services`, beside the runs. And
// who moves a process must be allowed to in the group above both places, which then is the owner's.
// Where this process's own group holds nothing else (a service of systemd with Delegate=yes), the
// tree stands in there; else in the nearest group above it that has controllers for its children.
//
// Blocking. Thread: any; the move is of the whole process.
#pragma once

#include <sys/types.h>

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "infra/cgroup/hierarchy.hpp"

namespace mw::cgroup {

// In the unified hierarchy the group of whatever is not a run.
inline constexpr const char* kServices = "services";

struct Owner {
    uid_t uid = 0;
    gid_t gid = 0;
};

struct Place {
    Version version = Version::v2;
    std::vector<Controller> controllers;
    std::filesystem::path folder;
};

// A controller that cannot be had, and why: a sentence with the way out.
struct Obstacle {
    Controller controller = Controller::memory;
    std::string why;
};

struct Tree {
    std::vector<Place> places;
    std::vector<Obstacle> obstacles;

    const Place* place_of(Controller controller) const;
    bool has(Controller controller) const { return place_of(controller) != nullptr; }
    // Empty when it has it.
    std::string why_not(Controller controller) const;
};

// Makes it, or takes what an earlier one left. What cannot be had becomes an obstacle.
Tree make_tree(const std::vector<Hierarchy>& hierarchies, const Owner& owner,
               std::string_view name);

// A tree without anything, for that reason.
Tree no_tree(const std::string& why);

// Removes the groups of workers that do not run any more, and then as much of the tree as this
// user may; what still holds a process stays.
void remove_tree(const Tree& tree);

// Where the unified tree may stand below which group, for the process `self`. `leave`: that group
// is the process's own, which it has to leave before controllers can be had there.
struct Base {
    std::filesystem::path folder;
    bool leave = false;
    std::vector<Controller> controllers;  // that its children can have
};
// Errors: `forbidden` with the sentence for an operator.
result<Base> choose_base(const Hierarchy& unified, pid_t self);
// Makes the unified tree there and moves this process into its `services`.
// Errors: `forbidden` with the sentence for an operator.
result<Place> settle(const Base& base, const Owner& owner, std::string_view name);

// As it is handed on to those who use it. Errors: `invalid_argument`.
boost::json::object to_json(const Tree& tree);
result<Tree> parse_tree(const boost::json::value& json);
// `not_found` when there is no such file.
result<Tree> read_tree(const std::filesystem::path& file);
result<> write_tree(const std::filesystem::path& file, const Tree& tree);

}  // namespace mw::cgroup
