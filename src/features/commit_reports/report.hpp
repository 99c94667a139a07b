// What the host of a commit is told about the runs that were made for it: one status, and one
// comment on its pull request. Pure.
#pragma once

#include <boost/describe.hpp>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/ids.hpp"
#include "base/time.hpp"
#include "dbt/comparison.hpp"
#include "features/git_hosts/git_hosts.hpp"

namespace mw::commit_reports {

// A job's latest run for the commit.
struct JobRun {
    Id run_id = 0;
    Id account_id = 0;
    Id project_id = 0;
    std::string job_name;
    std::string project_name;
    int status = 0;  // as a run's
    std::string message;
    std::optional<Timestamp> started_at;
    std::optional<Timestamp> finished_at;
    int models = 0;            // that were built
    int tests = 0;             // that were run
    std::string failed_nodes;  // names, separated by commas; the first ten
    int failures = 0;          // how many there were
    std::string schema_name;
};
BOOST_DESCRIBE_STRUCT(JobRun, (),
                      (run_id, account_id, project_id, job_name, project_name, status, message,
                       started_at, finished_at, models, tests, failed_nodes, failures, schema_name))

struct Subject {
    std::string sha;
    std::optional<std::int64_t> pull_request;
    std::optional<std::string> refusal;  // why nothing is run for it
    std::vector<JobRun> runs;
    // Of those that compared what they built with production, by the run's id.
    std::map<Id, dbt::Comparison> comparisons = {};
};

// Of all its runs together: pending while one goes on, failure as soon as one failed. `context` is
// the row's name. Nothing when there is nothing to say.
std::optional<git_hosts::CommitStatus> status_of(const Subject& subject, std::string_view context,
                                                 std::string_view public_url);

// Once no run of the commit goes on any more; names of jobs and nodes, never what they hold.
std::optional<git_hosts::PullRequestComment> comment_of(const Subject& subject,
                                                        std::string_view public_url);

}  // namespace mw::commit_reports
