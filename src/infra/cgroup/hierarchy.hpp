// Which cgroup hierarchies this machine offers, and where in them this process is.
//
// Either generation, or both at once: each controller belongs to one hierarchy of version 1, or
// to the unified one of version 2.
#pragma once

#include <array>
#include <filesystem>
#include <string_view>
#include <vector>

namespace mw::cgroup {

enum class Controller { memory, cpu, pids };
inline constexpr std::array kControllers{Controller::memory, Controller::cpu, Controller::pids};
// The kernel's word: "memory", "cpu", "pids".
std::string_view name_of(Controller controller);

enum class Version { v1 = 1, v2 = 2 };

struct Hierarchy {
    Version version = Version::v2;
    // Those of ours that it has. The unified one: all that no other has; what can be had there
    // differs from group to group.
    std::vector<Controller> controllers;
    std::filesystem::path mount;  // its topmost group that is seen from here
    std::filesystem::path own;    // the group of this process
};

// From the text of /proc/self/mountinfo and /proc/self/cgroup. Pure. A hierarchy in which this
// process's own group cannot be seen (that of another container) is left out.
std::vector<Hierarchy> find_hierarchies(std::string_view mountinfo, std::string_view own_groups);

// Those of this process; empty when the files cannot be read.
std::vector<Hierarchy> find_hierarchies();

}  // namespace mw::cgroup
