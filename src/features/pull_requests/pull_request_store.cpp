#include "features/pull_requests/pull_request_store.hpp"

namespace mw::pull_requests {
namespace {

#define MW_PULL_REQUEST                                                                     \
    "q.id, q.account_id, q.repository_id, q.number, q.title, q.author, q.url, q.head_sha, " \
    "q.head_branch, q.base_branch, q.is_draft, q.status, q.opened_at, q.updated_at, "       \
    "q.closed_at"

const pg::Query kTurn{"pull_requests.take_turn",
                      "SELECT pg_try_advisory_xact_lock(7260372) AS ours"};

const pg::Query kOfLink{"pull_requests.repository_of_link", R"(
SELECT g.id, g.account_id, g.remote_url FROM repositories g
JOIN accounts a ON a.id = g.account_id AND a.state = 1
WHERE g.id = $1 AND g.state = 1)"};

const pg::Query kOfInstallation{"pull_requests.repositories_of_installation", R"(
SELECT g.id, g.account_id, g.remote_url FROM repositories g
JOIN accounts a ON a.id = g.account_id AND a.state = 1
JOIN github_installations i ON i.id = g.github_installation_id AND i.account_id = g.account_id
     AND NOT i.suspended
     AND coalesce((SELECT s.github_app FROM git_host_switches s WHERE s.account_id = i.account_id),
                  true)
WHERE g.github_installation_id = $1 AND g.state = 1
ORDER BY g.id)"};

const pg::Query kPut{"pull_requests.put", R"(
INSERT INTO pull_requests AS q (account_id, repository_id, number, title, author, url, head_sha,
                                head_branch, base_branch, is_draft, status, closed_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, CASE WHEN $11 <> 'open' THEN now() END)
ON CONFLICT (repository_id, number) DO UPDATE
SET title = excluded.title, author = excluded.author, url = excluded.url,
    head_sha = excluded.head_sha, head_branch = excluded.head_branch,
    base_branch = excluded.base_branch, is_draft = excluded.is_draft, status = excluded.status,
    updated_at = now(), closed_at = excluded.closed_at
RETURNING )" MW_PULL_REQUEST};

const pg::Query kFind{"pull_requests.find",
                      "SELECT " MW_PULL_REQUEST
                      " FROM pull_requests q WHERE q.repository_id = $1 AND q.number = $2"};

#define MW_JOBS \
    R"(
SELECT j.id AS job_id, j.account_id, j.name, j.triggers_on_draft_pr,
       CASE WHEN e.use_custom_branch THEN e.custom_branch END AS custom_branch
FROM projects p JOIN jobs j ON j.project_id = p.id AND j.state = 1
JOIN environments e ON e.id = j.environment_id AND e.state = 1
WHERE p.repository_id = $1 AND p.state = 1 AND )"
const pg::Query kCiJobs{"pull_requests.ci_jobs", MW_JOBS R"(
    (j.triggers->'github_webhook' = 'true' OR j.triggers->'git_provider_webhook' = 'true')
ORDER BY j.id)"};
const pg::Query kMergeJobs{"pull_requests.merge_jobs", MW_JOBS R"(
    j.triggers->'on_merge' = 'true' ORDER BY j.id)"};

#define MW_RUN "SELECT r.id AS run_id, r.job_id, coalesce(r.git_sha, '') AS git_sha, r.status "
// As numbers, whoever hosts it.
#define MW_NUMBER                                                                            \
    "coalesce(r.trigger->>'github_pull_request_id', r.trigger->>'gitlab_merge_request_id', " \
    "r.trigger->>'azure_pull_request_id', r.trigger->>'non_native_pull_request_id')"

const pg::Query kActive{"pull_requests.active_runs", MW_RUN R"(
FROM runs r JOIN projects p ON p.id = r.project_id
WHERE p.repository_id = $1 AND r.is_ci AND r.status IN (1, 2, 3)
  AND r.trigger->>'cause_category' IN ('ci', 'rerun') AND )" MW_NUMBER
                                                            " = $2::bigint::text ORDER BY r.id"};

const pg::Query kHasRun{"pull_requests.has_run", R"(
SELECT 1 AS one FROM runs r
WHERE r.job_id = $1 AND r.git_sha = $2 AND r.is_ci = $3 AND r.status <> 30
  AND r.trigger->>'cause_category' IN ('ci', 'merge', 'rerun') LIMIT 1)"};

const pg::Query kEnded{"pull_requests.ended_runs", R"(
SELECT * FROM (
    SELECT DISTINCT ON (r.job_id) r.id AS run_id, r.job_id, coalesce(r.git_sha, '') AS git_sha,
           r.status
    FROM runs r JOIN projects p ON p.id = r.project_id
    WHERE p.repository_id = $1 AND r.git_sha = $2 AND r.is_ci
    ORDER BY r.job_id, r.id DESC) latest
WHERE status IN (10, 20, 30))"};

const pg::Query kList{"pull_requests.list", "SELECT " MW_PULL_REQUEST R"(
FROM pull_requests q
WHERE q.account_id = $1 AND q.repository_id = $2 AND ($3 = '' OR q.status = $3)
ORDER BY q.updated_at DESC LIMIT 100)"};

}  // namespace

Awaitable<bool> take_turn(pg::Connection& tx) {
    MW_CO_TRY(auto rows, co_await tx.run(kTurn));
    co_return rows.get<bool>(0, "ours");
}

Awaitable<std::vector<Candidate>> repository_of_link(pg::Connection& tx, Id repository_id) {
    MW_CO_TRY(auto rows, co_await tx.run(kOfLink, repository_id));
    co_return rows.all<Candidate>();
}

Awaitable<std::vector<Candidate>> repositories_of_installation(pg::Connection& tx,
                                                               Id installation_id) {
    MW_CO_TRY(auto rows, co_await tx.run(kOfInstallation, installation_id));
    co_return rows.all<Candidate>();
}

Awaitable<PullRequest> put_pull_request(pg::Connection& tx, PullRequest q) {
    MW_CO_TRY(auto rows, co_await tx.run(kPut, q.account_id, q.repository_id, q.number, q.title,
                                         q.author, q.url, q.head_sha, q.head_branch, q.base_branch,
                                         q.is_draft, q.status));
    co_return rows.as<PullRequest>(0);
}

Awaitable<std::optional<PullRequest>> find_pull_request(pg::Connection& tx, Id repository_id,
                                                        std::int64_t number) {
    MW_CO_TRY(auto rows, co_await tx.run(kFind, repository_id, number));
    co_return rows.first<PullRequest>();
}

Awaitable<std::vector<TriggeredJob>> ci_jobs(pg::Connection& tx, Id repository_id) {
    MW_CO_TRY(auto rows, co_await tx.run(kCiJobs, repository_id));
    co_return rows.all<TriggeredJob>();
}

Awaitable<std::vector<TriggeredJob>> merge_jobs(pg::Connection& tx, Id repository_id) {
    MW_CO_TRY(auto rows, co_await tx.run(kMergeJobs, repository_id));
    co_return rows.all<TriggeredJob>();
}

Awaitable<std::vector<RunOfCommit>> active_runs(pg::Connection& tx, Id repository_id,
                                                std::int64_t number) {
    MW_CO_TRY(auto rows, co_await tx.run(kActive, repository_id, number));
    co_return rows.all<RunOfCommit>();
}

Awaitable<bool> has_run(pg::Connection& tx, Id job_id, std::string sha, bool is_ci) {
    MW_CO_TRY(auto rows, co_await tx.run(kHasRun, job_id, sha, is_ci));
    co_return !rows.empty();
}

Awaitable<std::vector<RunOfCommit>> ended_runs(pg::Connection& tx, Id repository_id,
                                               std::string sha) {
    MW_CO_TRY(auto rows, co_await tx.run(kEnded, repository_id, sha));
    co_return rows.all<RunOfCommit>();
}

Awaitable<std::vector<PullRequest>> list_pull_requests(pg::Pool& pool, Id account_id,
                                                       Id repository_id, std::string status) {
    MW_CO_TRY(auto rows, co_await pool.run(kList, account_id, repository_id, status));
    co_return rows.all<PullRequest>();
}

}  // namespace mw::pull_requests
