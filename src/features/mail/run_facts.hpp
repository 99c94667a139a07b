// What a letter says of a run.
#pragma once

#include <boost/describe.hpp>
#include <optional>
#include <string>
#include <vector>

#include "base/ids.hpp"
#include "base/time.hpp"

namespace mw::mail {

struct RunFacts {
    Id run_id = 0;
    Id account_id = 0;
    Id project_id = 0;
    std::string job_name;
    std::string project_name;
    std::string environment_name;
    int status = 0;  // the contract's number
    std::optional<std::string> status_message;
    std::string cause;
    std::optional<std::string> git_branch;
    std::optional<std::string> git_sha;
    Timestamp created_at;
    std::optional<Timestamp> started_at;
    std::optional<Timestamp> finished_at;
};
BOOST_DESCRIBE_STRUCT(RunFacts, (),
                      (run_id, account_id, project_id, job_name, project_name, environment_name,
                       status, status_message, cause, git_branch, git_sha, created_at, started_at,
                       finished_at))

// A model or test that did not go well.
struct TroubledNode {
    std::string name;
    std::string resource_type;
    std::string status;
    std::optional<std::string> message;
};
BOOST_DESCRIBE_STRUCT(TroubledNode, (), (name, resource_type, status, message))

struct RunReport {
    RunFacts run;
    std::vector<TroubledNode> troubled;  // the first kTroubledShown
    int troubled_count = 0;
};
inline constexpr int kTroubledShown = 20;

}  // namespace mw::mail
