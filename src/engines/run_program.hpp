// Runs a program to its end, blocking, without a shell; for the installer alone. Everything
// else starts processes through infra/process.
//
// Errors: `not_found` when there is no such program, `internal` when it cannot be started. A
// program that ran and failed is an outcome.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

namespace mw::engines {

struct Program {
    std::filesystem::path program;         // a bare name is looked up in PATH
    std::vector<std::string> args;         // after its name
    std::vector<std::string> environment;  // "NAME=value", the whole of it
    std::filesystem::path cwd;
    // A descriptor of ours that the program has as well, under the same number: with a lock on it,
    // the lock lasts as long as the program, even if we are killed. -1: none.
    int keep_fd = -1;
};

struct ProgramOutcome {
    bool succeeded = false;
    std::string how;         // "exit code 2", "signal 9"
    std::string last_lines;  // of its output and errors together, bounded
};

// `on_line` gets each line that the program writes, to either stream.
result<ProgramOutcome> run_program(const Program& program,
                                   const std::function<void(std::string_view)>& on_line);

}  // namespace mw::engines
