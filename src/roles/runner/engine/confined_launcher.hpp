// A process that has gone into the sandbox and waits there for a command to become
// (`millwright confine`). Going in takes some forty milliseconds, so it is started while a run
// still fetches its repository, or sends what the command before has written.
//
// Errors: `unavailable` when there is no process or no memory for it.
// Thread: the io thread. Destroying it kills what it started.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <filesystem>
#include <string>

#include "base/unique_fd.hpp"
#include "infra/process/process.hpp"
#include "infra/sandbox/command.hpp"
#include "infra/sandbox/plan.hpp"

namespace mw::runner {

// How every native command is started, confined or not: nothing of the worker's but two pipes.
process::SpawnOptions native_spawn_options();

class ConfinedLauncher {
  public:
    // `confiner` is the program with the role `confine`.
    static result<ConfinedLauncher> start(boost::asio::any_io_executor executor,
                                          const std::filesystem::path& confiner,
                                          const sandbox::Plan& plan);

    // Once. That it could not be started is told by `failure` when the process has ended.
    result<> become(const sandbox::Command& command);

    // Ends as the command does; its output is the command's.
    process::Process& process() { return process_; }

    // Why there was no command; empty when there was.
    std::string failure() const;

  private:
    ConfinedLauncher(process::Process process, UniqueFd command, UniqueFd go, UniqueFd failure);

    process::Process process_;
    UniqueFd command_;
    UniqueFd go_;
    UniqueFd failure_;
};

}  // namespace mw::runner
