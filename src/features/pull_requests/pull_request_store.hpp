// Pull requests, and the jobs and runs that they concern, in the database.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <optional>
#include <vector>

#include "features/pull_requests/pull_request.hpp"
#include "infra/pg/pool.hpp"

namespace mw::pull_requests {

template <class T = void>
using Awaitable = boost::asio::awaitable<result<T>>;

// Until the transaction ends; false: another scheduler's.
Awaitable<bool> take_turn(pg::Connection& tx);

// A repository that an event may be of.
struct Candidate {
    Id id = 0;
    Id account_id = 0;
    std::string remote_url;
};
BOOST_DESCRIBE_STRUCT(Candidate, (), (id, account_id, remote_url))
// The one with the webhook.
Awaitable<std::vector<Candidate>> repository_of_link(pg::Connection& tx, Id repository_id);
// Those of the GitHub App's installation, if it is bound to their account.
Awaitable<std::vector<Candidate>> repositories_of_installation(pg::Connection& tx,
                                                               Id installation_id);

// As the event says; an event that comes late changes nothing of a closed one but to open it.
Awaitable<PullRequest> put_pull_request(pg::Connection& tx, PullRequest pull_request);
Awaitable<std::optional<PullRequest>> find_pull_request(pg::Connection& tx, Id repository_id,
                                                        std::int64_t number);

// An active job of a repository's projects, with the branch of its environment.
struct TriggeredJob {
    Id job_id = 0;
    Id account_id = 0;
    std::string name;
    bool triggers_on_draft_pr = false;
    std::optional<std::string> custom_branch;
};
BOOST_DESCRIBE_STRUCT(TriggeredJob, (),
                      (job_id, account_id, name, triggers_on_draft_pr, custom_branch))
Awaitable<std::vector<TriggeredJob>> ci_jobs(pg::Connection& tx, Id repository_id);
Awaitable<std::vector<TriggeredJob>> merge_jobs(pg::Connection& tx, Id repository_id);

struct RunOfCommit {
    Id run_id = 0;
    Id job_id = 0;
    std::string git_sha;
    int status = 0;
};
BOOST_DESCRIBE_STRUCT(RunOfCommit, (), (run_id, job_id, git_sha, status))
// Those of a pull request that go on, oldest first.
Awaitable<std::vector<RunOfCommit>> active_runs(pg::Connection& tx, Id repository_id,
                                                std::int64_t number);
// Whether the job has run for this commit, and was not cancelled.
Awaitable<bool> has_run(pg::Connection& tx, Id job_id, std::string sha, bool is_ci);
// Each job's latest of a commit's pull requests, if it is over.
Awaitable<std::vector<RunOfCommit>> ended_runs(pg::Connection& tx, Id repository_id,
                                               std::string sha);

// For lists: newest first.
Awaitable<std::vector<PullRequest>> list_pull_requests(pg::Pool& pool, Id account_id,
                                                       Id repository_id, std::string status);

}  // namespace mw::pull_requests
