#include "features/mail/run_letter_store.hpp"

namespace mw::mail {
namespace {

// People hear while they are members; an address that two rules name hears once.
const pg::Query kTell{"mail.tell_of_end", R"(
INSERT INTO letters (account_id, kind, recipient, run_id, notification_id)
SELECT DISTINCT ON (lower(n.address)) $1, 'run', n.address, $3, n.id
FROM (SELECT n.id, CASE n.type WHEN 4 THEN n.external_email ELSE u.email END AS address
      FROM notifications n
      LEFT JOIN users u ON u.id = n.user_id AND n.type = 1
           AND EXISTS (SELECT 1 FROM account_members m
                       WHERE m.account_id = $1 AND m.user_id = u.id AND m.state = 1)
      WHERE n.account_id = $1 AND n.state = 1 AND n.type IN (1, 4)
        AND ($2 = ANY(CASE $4::integer WHEN 10 THEN n.on_success WHEN 20 THEN n.on_failure
                      ELSE n.on_cancel END)
             OR ($4::integer = 10 AND $2 = ANY(n.on_warning)
                 AND EXISTS (SELECT 1 FROM run_nodes w
                             WHERE w.run_id = $3 AND w.status = 'warn')))) n
WHERE n.address IS NOT NULL
  AND coalesce((SELECT enabled FROM mail_switches WHERE account_id = $1), true)
ORDER BY lower(n.address), n.id
ON CONFLICT DO NOTHING)"};

const pg::Query kFacts{"mail.run_facts", R"(
SELECT r.id AS run_id, r.account_id, r.project_id, j.name AS job_name, p.name AS project_name,
       e.name AS environment_name, r.status, r.status_message,
       coalesce(r.trigger->>'cause', '') AS cause, r.git_branch, r.git_sha, r.created_at,
       r.started_at, r.finished_at
FROM runs r JOIN jobs j ON j.id = r.job_id JOIN projects p ON p.id = r.project_id
JOIN environments e ON e.id = r.environment_id
WHERE r.id = $1)"};

#define MW_TROUBLED                      \
    " FROM run_nodes WHERE run_id = $1 " \
    "AND status IN ('error', 'runtime error', 'fail', 'warn', 'partial success') "
const pg::Query kTroubled{"mail.troubled_nodes",
                          "SELECT name, resource_type, status, message" MW_TROUBLED
                          "ORDER BY status = 'warn', finished_at, name LIMIT $2"};
const pg::Query kCount{"mail.count_troubled", "SELECT count(*)::integer AS count" MW_TROUBLED};

const pg::Query kUnsubscribe{"mail.unsubscribe", R"(
UPDATE notifications n SET state = 2, updated_at = now()
WHERE n.unsubscribe_key::text = $1 AND n.state = 1
RETURNING coalesce(n.external_email, (SELECT u.email FROM users u WHERE u.id = n.user_id)) AS address)"};

}  // namespace

Awaitable<> tell_of_end(pg::Connection& tx, Id account_id, Id job_id, Id run_id, int status) {
    MW_CO_TRY(auto told, co_await tx.run(kTell, account_id, job_id, run_id, status));
    if (told.affected() > 0) MW_CO_CHECK(co_await wake_mailer(tx));
    co_return result<>{};
}

Awaitable<std::optional<RunReport>> report_of_run(pg::Pool& pool, Id run_id) {
    MW_CO_TRY(auto connection, co_await pool.acquire());
    MW_CO_TRY(auto facts, co_await connection->run(kFacts, run_id));
    auto run = facts.first<RunFacts>();
    if (!run) co_return std::nullopt;
    MW_CO_TRY(auto troubled, co_await connection->run(kTroubled, run_id, kTroubledShown));
    MW_CO_TRY(auto counted, co_await connection->run(kCount, run_id));
    co_return RunReport{std::move(*run), troubled.all<TroubledNode>(),
                        counted.get<int>(0, "count")};
}

Awaitable<std::optional<std::string>> unsubscribe(pg::Connection& tx, std::string key) {
    MW_CO_TRY(auto rows, co_await tx.run(kUnsubscribe, key));
    co_return rows.empty() ? std::nullopt : std::optional(rows.get<std::string>(0, "address"));
}

}  // namespace mw::mail
