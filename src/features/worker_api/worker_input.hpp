// What workers send, read and checked. Pure. Errors name the field.
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>
#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/time.hpp"
#include "features/runs/run_store.hpp"
#include "features/ssh_host_keys/host_key_store.hpp"

namespace mw::worker_api {

struct StepsReport {
    boost::json::array steps;  // as runs::report_steps takes them
    // When the earliest of those that have begun did.
    std::optional<Timestamp> first_started_at;
};
result<StepsReport> read_steps(const boost::json::value& body);

struct Progress {
    std::optional<std::string> git_sha;
    std::optional<std::string> git_branch;
    bool used_repo_cache = false;
};
result<Progress> read_progress(const boost::json::value& body);

// What the nodes of a pull request's run write to, each once.
std::vector<std::string> read_relations(const boost::json::value& body);

// {"ssh_host_keys": [{"hostname", "port", "key_type", "public_key"}]}; none without the field.
result<std::vector<ssh_host_keys::SeenKey>> read_host_keys(const boost::json::value& body);

result<runs::Outcome> read_outcome(const boost::json::value& body);

}  // namespace mw::worker_api
