// Between fork and exec. Everything that allocates is prepared before the fork (ChildPlan);
// `run_child` then calls nothing that is not async-signal-safe. Private to infra/process.
#pragma once

#include <signal.h>

#include <array>
#include <string>
#include <vector>

#include "infra/process/process.hpp"

namespace mw::process::detail {

enum class Stage : int { descriptors, group, folder, limits, identity, exec };

// What a child that could not start writes to its parent.
struct StartFailure {
    Stage stage = Stage::exec;
    int error = 0;
};

// "its working folder /x", "as user 12": the words for an error message.
const char* stage_words(Stage stage);

struct ChildPlan {
    std::string program;
    std::string cwd;
    std::vector<std::string> arguments;    // with the program's name
    std::vector<std::string> environment;  // NAME=value
    std::vector<char*> argv;               // into the above, ends with null
    std::vector<char*> envp;
    struct Wiring {
        int source = -1;
        int target = -1;
        int lifted = -1;
    };
    std::vector<Wiring> wiring;
    int highest_target = 2;
    int highest_possible_fd = 1024;
    Group group = Group::own;
    int death_signal = 0;
    pid_t parent = 0;
    std::vector<ResourceLimit> limits;
    std::optional<Identity> identity;
    std::optional<mode_t> umask;
    bool ignore_broken_pipes = false;
    int report_fd = -1;
};

// Fills argv and envp; the plan must not be copied or changed afterwards.
void seal(ChildPlan& plan);

// In the child. Never returns.
[[noreturn]] void run_child(ChildPlan& plan) noexcept;

}  // namespace mw::process::detail
