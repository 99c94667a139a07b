// One run's group: its limits, who is in it, what the kernel had to do because of it.
//
// A process goes in by writing its own id into each of `doors()`; everything that it starts from
// then on is in there too. Memory that it holds by then stays where it was counted.
//
// Blocking: ending and removing waits for the kernel, at most two seconds.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "infra/cgroup/limits.hpp"
#include "infra/cgroup/tree.hpp"

namespace mw::cgroup {

// Since the group was made.
struct Events {
    std::uint64_t out_of_memory_kills = 0;  // processes, whatever memory had run out
    std::uint64_t memory_limit_hits = 0;    // 0: it was never reached
    std::uint64_t process_limit_hits = 0;
};

class Group {
  public:
    // What the tree has no controller for is not limited. Errors: `unavailable`.
    static result<Group> create(const Tree& tree, std::string name, const Limits& limits);

    Group(Group&& other) noexcept;
    Group& operator=(Group&&) = delete;
    // Ends whatever is in it, and removes it.
    ~Group();

    // The files `cgroup.procs`, one a hierarchy.
    std::vector<std::filesystem::path> doors() const;
    Events events() const;
    // The most memory that was in use at once, if the kernel tells.
    std::optional<std::uint64_t> memory_peak_bytes() const;
    // SIGKILL to everything in it.
    void kill() const;

  private:
    Group(const Tree& tree, std::string name) : tree_(tree), name_(std::move(name)) {}
    result<> set(const Limits& limits) const;
    std::optional<std::filesystem::path> folder(Controller controller) const;

    Tree tree_;
    std::string name_;  // empty: moved from
    std::uint64_t memory_bytes_ = 0;
};

// Puts a process of this user into the group with these doors; what it has started already stays
// where it is. Errors: `unavailable`.
result<> put_into(const std::vector<std::filesystem::path>& doors, pid_t pid);

// Of a worker's work, "run-12.3456": every attempt has its own, and whether a group is a leftover
// can be told by its name alone.
std::string worker_group_name(std::string_view work, pid_t worker);

// The runs' groups that are there, of whoever made them.
std::vector<std::string> group_names(const Tree& tree);

// Ends whatever is in the group and removes it; true when it is gone, or was not there.
bool remove_group(const Tree& tree, const std::string& name);

// Removes the groups whose worker does not run any more; says how many.
int remove_leftover_groups(const Tree& tree);

// Pure, for both versions: what is written for so many processors ("150000 100000").
std::string cpu_max_text(double cpus);

}  // namespace mw::cgroup
