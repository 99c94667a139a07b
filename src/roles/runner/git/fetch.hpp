// Fetches the project's repository with its submodules, each as one commit: by way of the mirrors
// that runs share (mirror.hpp), or from the remote alone (direct.hpp). No prompts, no hooks, and
// only the transports file, https, http, ssh and git.
//
// Errors: git's own words are in the step's log; the error's message says in one sentence what
// was wrong. `cancelled` when the run was stopped meanwhile: git is gone then.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <filesystem>
#include <string>

#include "base/error.hpp"
#include "base/secret.hpp"
#include "roles/runner/network/known_hosts.hpp"
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

struct FetchPlaces {
    const Workspace& workspace;
    std::filesystem::path mirrors;  // empty: there are none
    WorkersApi api;
};

struct Checkout {
    std::string sha;
    std::string branch;            // empty when the remote names none
    bool used_repo_cache = false;  // the remote is away, and this is what was fetched last
};

boost::asio::awaitable<result<Checkout>> fetch_repository(RepositorySpec repository,
                                                          FetchPlaces places, KnownHosts& hosts,
                                                          StepLog log, Stop& stop);

}  // namespace mw::runner
