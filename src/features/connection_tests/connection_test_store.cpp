#include "features/connection_tests/connection_test_store.hpp"

#include "infra/crypto/random.hpp"
#include "infra/crypto/token_hash.hpp"

namespace mw::connection_tests {
namespace {

#define MW_COLUMNS                                                                        \
    "t.id, t.account_id, t.environment_id, t.status, t.message, t.output, t.created_at, " \
    "t.started_at, t.finished_at, t.drop_schemas::text AS drop_schemas"

const pg::Query kInsert{"connection_tests.insert",
                        "INSERT INTO connection_tests AS t (account_id, environment_id) "
                        "VALUES ($1, $2) RETURNING " MW_COLUMNS};
const pg::Query kWake{"connection_tests.wake", "SELECT pg_notify('run_queue', '')"};

const pg::Query kFind{"connection_tests.find",
                      "SELECT " MW_COLUMNS
                      " FROM connection_tests t WHERE t.account_id = $1 AND t.id = $2 "
                      "AND t.drop_schemas IS NULL"};

const pg::Query kInsertDrop{"connection_tests.insert_drop", R"(
INSERT INTO connection_tests (account_id, environment_id, drop_schemas) VALUES ($1, $2, $3::jsonb)
RETURNING id)"};

const pg::Query kPlaces{"connection_tests.places", R"(
SELECT e.id AS environment_id, e.project_id FROM environments e
JOIN projects p ON p.id = e.project_id AND p.state = 1
LEFT JOIN profiles f ON f.id = e.primary_profile_id
WHERE e.account_id = $1 AND e.state = 1 AND ($3 = 0 OR e.project_id = $3)
  AND coalesce(f.connection_id, e.connection_id, p.connection_id) = $2
  AND coalesce(f.credentials_id, e.credentials_id) IS NOT NULL
ORDER BY e.deployment_type = 'production' DESC NULLS LAST, e.id)"};

const pg::Query kCount{"connection_tests.count",
                       "SELECT count(*)::integer AS tests FROM connection_tests "
                       "WHERE account_id = $1 AND status IN (1, 3) AND drop_schemas IS NULL"};

const pg::Query kLockQueued{"connection_tests.lock_queued", R"(
SELECT id FROM connection_tests WHERE status = 1
ORDER BY drop_schemas IS NOT NULL, id LIMIT greatest($1::integer - (SELECT count(*) FROM connection_tests WHERE status = 3), 0)
FOR UPDATE SKIP LOCKED)"};
const pg::Query kStart{"connection_tests.start", R"(
UPDATE connection_tests SET status = 3, started_at = clock_timestamp(), token_hash = $2
WHERE id = $1)"};

const pg::Query kFindByToken{"connection_tests.find_by_token",
                             "SELECT " MW_COLUMNS
                             " FROM connection_tests t JOIN accounts a ON a.id = t.account_id "
                             "WHERE t.token_hash = $1 AND a.state = 1"};

const pg::Query kFinish{"connection_tests.finish", R"(
UPDATE connection_tests SET status = $2, message = $3, output = $4, token_hash = NULL,
    finished_at = clock_timestamp()
WHERE token_hash = $1)"};

const pg::Query kEndOverdue{"connection_tests.end_overdue", R"(
UPDATE connection_tests SET status = 20, token_hash = NULL, finished_at = clock_timestamp(),
    message = CASE WHEN status = 1
        THEN 'The test was not begun in time: this machine is busy, or the scheduler is not running.'
        ELSE 'The test did not end in time and was given up.' END
WHERE status IN (1, 3)
  AND coalesce(started_at, created_at) < now() - make_interval(
      secs => CASE WHEN drop_schemas IS NULL THEN $1::integer ELSE greatest($1::integer, 900) END)
RETURNING id)"};

const pg::Query kDeleteOld{"connection_tests.delete_old", R"(
DELETE FROM connection_tests WHERE created_at < now() - make_interval(hours => $1::integer))"};

}  // namespace

Awaitable<ConnectionTest> insert_test(pg::Connection& tx, Id account_id, Id environment_id) {
    MW_CO_TRY(auto rows, co_await tx.run(kInsert, account_id, environment_id));
    MW_CO_CHECK(co_await tx.run(kWake));
    co_return rows.as<ConnectionTest>(0);
}

Awaitable<Id> insert_drop(pg::Connection& tx, Id account_id, Id environment_id,
                          std::string schemas) {
    MW_CO_TRY(auto rows, co_await tx.run(kInsertDrop, account_id, environment_id, schemas));
    MW_CO_CHECK(co_await tx.run(kWake));
    co_return rows.get<Id>(0, "id");
}

Awaitable<std::optional<ConnectionTest>> find_test(pg::Pool& pool, Id account_id, Id id) {
    MW_CO_TRY(auto rows, co_await pool.run(kFind, account_id, id));
    co_return rows.first<ConnectionTest>();
}

Awaitable<std::vector<Place>> places_of(pg::Connection& connection, Id account_id, Id connection_id,
                                        Id project_id) {
    MW_CO_TRY(auto rows, co_await connection.run(kPlaces, account_id, connection_id, project_id));
    co_return rows.all<Place>();
}

Awaitable<int> count_unfinished(pg::Connection& tx, Id account_id) {
    MW_CO_TRY(auto rows, co_await tx.run(kCount, account_id));
    co_return rows.get<int>(0, "tests");
}

Awaitable<std::vector<Claimed>> claim_tests(pg::Pool& pool, int most) {
    auto work = [most](pg::Connection& tx) -> Awaitable<std::vector<Claimed>> {
        MW_CO_TRY(auto rows, co_await tx.run(kLockQueued, most));
        std::vector<Claimed> claimed;
        for (auto id : rows.column<Id>("id")) {
            auto token = crypto::random_token(crypto::kRunTokenPrefix);
            auto hash = crypto::hash_token(token);
            MW_CO_CHECK(co_await tx.run(kStart, id, hash));
            claimed.push_back({id, Secret(std::move(token)), std::move(hash)});
        }
        co_return claimed;
    };
    co_return co_await pg::with_tx(pool, work);
}

Awaitable<std::optional<ConnectionTest>> find_by_token(pg::Pool& pool,
                                                       const std::string& token_hash) {
    MW_CO_TRY(auto rows, co_await pool.run(kFindByToken, token_hash));
    co_return rows.first<ConnectionTest>();
}

Awaitable<bool> finish_test(pg::Pool& pool, const std::string& token_hash, const Outcome& outcome) {
    auto status = outcome.ok ? Status::success : Status::error;
    MW_CO_TRY(auto rows, co_await pool.run(kFinish, token_hash, static_cast<int>(status),
                                           outcome.message, outcome.output));
    co_return rows.affected() > 0;
}

Awaitable<std::vector<Id>> end_overdue(pg::Pool& pool, std::chrono::seconds limit) {
    MW_CO_TRY(auto rows, co_await pool.run(kEndOverdue, static_cast<int>(limit.count())));
    co_return rows.column<Id>("id");
}

Awaitable<int> delete_old_tests(pg::Pool& pool, std::chrono::hours age) {
    MW_CO_TRY(auto rows, co_await pool.run(kDeleteOld, static_cast<int>(age.count())));
    co_return static_cast<int>(rows.affected());
}

}  // namespace mw::connection_tests
