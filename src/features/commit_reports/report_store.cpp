#include "features/commit_reports/report_store.hpp"

namespace mw::commit_reports {
namespace {

// Whose number the pull request has, whoever hosts it.
#define MW_PULL_REQUEST                                                                      \
    "coalesce(r.trigger->>'github_pull_request_id', r.trigger->>'gitlab_merge_request_id', " \
    "r.trigger->>'azure_pull_request_id', r.trigger->>'non_native_pull_request_id')::bigint"

#define MW_AGAIN                                                                            \
    "ON CONFLICT (repository_id, sha) DO UPDATE SET version = commit_reports.version + 1, " \
    "status = 'pending', attempts = 0, next_try_at = now(), updated_at = now(), "           \
    "pull_request = coalesce(excluded.pull_request, commit_reports.pull_request), "         \
    "refusal = excluded.refusal"

const pg::Query kNote{"commit_reports.note", R"(
INSERT INTO commit_reports (account_id, repository_id, sha, pull_request)
SELECT r.account_id, g.id, r.git_sha, )" MW_PULL_REQUEST R"(
FROM runs r JOIN projects p ON p.id = r.project_id JOIN repositories g ON g.id = p.repository_id
WHERE r.id = $1 AND r.is_ci AND r.git_sha IS NOT NULL
  AND (g.github_installation_id IS NOT NULL
       OR EXISTS (SELECT 1 FROM git_links l WHERE l.repository_id = g.id)) )" MW_AGAIN};

const pg::Query kNoteRefusal{"commit_reports.note_refusal", R"(
INSERT INTO commit_reports (account_id, repository_id, sha, pull_request, refusal)
VALUES ($1, $2, $3, $4, $5) )" MW_AGAIN};

const pg::Query kWake{"commit_reports.wake", "SELECT pg_notify('commit_reports', '')"};

const pg::Query kTake{"commit_reports.take", R"(
WITH next AS (
    SELECT id FROM commit_reports
    WHERE status = 'pending' AND next_try_at <= now()
      AND (taken_until IS NULL OR taken_until < now())
    ORDER BY next_try_at, id LIMIT 1 FOR UPDATE SKIP LOCKED)
UPDATE commit_reports c SET attempts = c.attempts + 1, taken_until = now() + interval '2 minutes'
FROM next WHERE c.id = next.id
RETURNING c.id, c.account_id, c.repository_id, c.sha, c.pull_request, c.refusal, c.sent_status,
    c.sent_comment, c.version, c.attempts,
    NOT EXISTS (SELECT 1 FROM pull_requests q WHERE q.repository_id = c.repository_id
                AND q.number = c.pull_request AND q.head_sha <> c.sha) AS is_latest)"};

const pg::Query kRuns{"commit_reports.runs", R"(
SELECT DISTINCT ON (r.job_id) r.id AS run_id, r.account_id, r.project_id, j.name AS job_name,
       p.name AS project_name, r.status, coalesce(r.status_message, '') AS message, r.started_at,
       r.finished_at, n.models, n.tests, n.failed_nodes, n.failures,
       coalesce(r.trigger->>'schema_override', '') AS schema_name
FROM runs r JOIN projects p ON p.id = r.project_id JOIN jobs j ON j.id = r.job_id,
LATERAL (
    SELECT count(*) FILTER (WHERE resource_type IN ('model', 'seed', 'snapshot')
                            AND status = 'success')::integer AS models,
           count(*) FILTER (WHERE resource_type IN ('test', 'unit_test')
                            AND status IN ('pass', 'warn', 'fail', 'error', 'success'))::integer
               AS tests,
           count(*) FILTER (WHERE f.failed)::integer AS failures,
           coalesce(array_to_string((array_agg(name ORDER BY finished_at, name)
                                     FILTER (WHERE f.failed))[1:10], ','), '') AS failed_nodes
    FROM run_nodes x, LATERAL (
        SELECT x.status IN ('error', 'runtime error', 'fail', 'partial success') AS failed) f
    WHERE x.run_id = r.id) n
WHERE p.repository_id = $1 AND r.git_sha = $2 AND r.is_ci AND r.account_id = $3
ORDER BY r.job_id, r.id DESC LIMIT 50)"};

const pg::Query kTold{"commit_reports.told", R"(
UPDATE commit_reports SET updated_at = now(),
    sent_status = coalesce($3, sent_status), sent_comment = coalesce($4, sent_comment),
    taken_until = CASE WHEN $5::boolean THEN NULL ELSE taken_until END,
    last_error = CASE WHEN $5::boolean THEN NULL ELSE last_error END,
    status = CASE WHEN $5::boolean AND version = $2 THEN 'sent' ELSE status END
WHERE id = $1)"};

const pg::Query kLater{"commit_reports.later", R"(
UPDATE commit_reports SET taken_until = NULL, last_error = $2,
    next_try_at = now() + make_interval(secs => $3::integer)
WHERE id = $1)"};

const pg::Query kFailed{"commit_reports.failed", R"(
UPDATE commit_reports SET taken_until = NULL, last_error = $2,
    status = CASE WHEN version = $3 THEN 'failed' ELSE status END
WHERE id = $1)"};

const pg::Query kDeleteOld{"commit_reports.delete_old", R"(
DELETE FROM commit_reports
WHERE status <> 'pending' AND updated_at < now() - make_interval(days => $1::integer))"};

}  // namespace

Awaitable<> note_run(pg::Connection& tx, Id run_id) {
    MW_CO_TRY(auto noted, co_await tx.run(kNote, run_id));
    if (noted.affected() > 0) MW_CO_CHECK(co_await tx.run(kWake));
    co_return result<>{};
}

Awaitable<> note_refusal(pg::Connection& tx, Id account_id, Id repository_id, std::string sha,
                         std::int64_t pull_request, std::string reason) {
    MW_CO_CHECK(
        co_await tx.run(kNoteRefusal, account_id, repository_id, sha, pull_request, reason));
    MW_CO_CHECK(co_await tx.run(kWake));
    co_return result<>{};
}

Awaitable<std::optional<Taken>> take_report(pg::Pool& pool) {
    auto work = [](pg::Connection& tx) -> Awaitable<std::optional<Taken>> {
        MW_CO_TRY(auto rows, co_await tx.run(kTake));
        co_return rows.first<Taken>();
    };
    co_return co_await pg::with_tx(pool, work);
}

Awaitable<Subject> subject_of(pg::Pool& pool, const Taken& taken) {
    MW_CO_TRY(auto rows,
              co_await pool.run(kRuns, taken.repository_id, taken.sha, taken.account_id));
    co_return Subject{taken.sha, taken.pull_request, taken.refusal, rows.all<JobRun>(), {}};
}

Awaitable<> record_told(pg::Pool& pool, const Taken& taken, const Told& told, bool all) {
    MW_CO_CHECK(co_await pool.run(kTold, taken.id, taken.version, told.status, told.comment, all));
    co_return result<>{};
}

Awaitable<> record_failure(pg::Pool& pool, const Taken& taken, std::string reason,
                           std::optional<std::chrono::seconds> pause) {
    auto written =
        pause ? co_await pool.run(kLater, taken.id, reason, static_cast<int>(pause->count()))
              : co_await pool.run(kFailed, taken.id, reason, taken.version);
    if (!written) co_return fail(written.error());
    co_return result<>{};
}

Awaitable<int> delete_old_reports(pg::Pool& pool, std::chrono::days age) {
    MW_CO_TRY(auto rows, co_await pool.run(kDeleteOld, static_cast<int>(age.count())));
    co_return static_cast<int>(rows.affected());
}

}  // namespace mw::commit_reports
