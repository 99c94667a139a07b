#include "infra/git/git_process.hpp"

#include <signal.h>

#include <cstdlib>

namespace mw::git {

process::SpawnOptions git_options(std::vector<std::string> args) {
    const char* path = std::getenv("PATH");
    process::SpawnOptions options;
    options.program = "git";
    // Whoever owns the folder, we made it; and nothing in it may name a program to run.
    args.insert(args.begin(), {"-c", "safe.directory=*", "-c", "core.hooksPath=/dev/null"});
    options.args = std::move(args);
    options.environment = {{"PATH", path && *path ? path : "/usr/local/bin:/usr/bin:/bin"},
                           {"HOME", "/nonexistent"},
                           {"LANG", "C.UTF-8"},
                           {"LC_ALL", "C.UTF-8"},
                           {"GIT_CONFIG_NOSYSTEM", "1"},
                           {"GIT_CONFIG_GLOBAL", "/dev/null"},
                           {"GIT_TERMINAL_PROMPT", "0"}};
    options.group = process::Group::own;
    options.death_signal = SIGKILL;
    options.umask = 0077;
    return options;
}

}  // namespace mw::git
