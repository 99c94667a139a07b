// What workers send, read and checked. Pure. Errors name the field.
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>
#include <optional>
#include <string>

#include "base/error.hpp"
#include "base/time.hpp"
#include "features/runs/run_store.hpp"

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
};
result<Progress> read_progress(const boost::json::value& body);

result<runs::Outcome> read_outcome(const boost::json::value& body);

}  // namespace mw::worker_api
