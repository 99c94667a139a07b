// Fetches the project's repository with the `git` program: one commit, no history, no prompts,
// no hooks, no submodules, and only the transports file, https, http, ssh and git.
//
// git reads no configuration but the one written here (HOME/.gitconfig, also used by `dbt deps`);
// a password in the URL reaches git through its credential file, never through an argv.
// Errors: git's own words are in the step's log; the error's message says in one sentence what
// was wrong. `cancelled` when the run was stopped meanwhile: git is gone then.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <filesystem>
#include <string>

#include "base/error.hpp"
#include "base/secret.hpp"
#include "roles/runner/report/step_log.hpp"
#include "roles/runner/run_spec.hpp"
#include "roles/runner/stop.hpp"
#include "roles/runner/workspace.hpp"

namespace mw::runner {

// The way to a repository that Millwright keeps.
struct WorkersApi {
    std::filesystem::path socket;
    Secret token;
};

struct Checkout {
    std::string sha;
    std::string branch;  // empty when the remote names none
};

boost::asio::awaitable<result<Checkout>> fetch_repository(RepositorySpec repository,
                                                          const Workspace& workspace,
                                                          WorkersApi api, StepLog log, Stop& stop);

}  // namespace mw::runner
