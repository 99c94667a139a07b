#include "features/accounts/account_store.hpp"

namespace mw::accounts {
namespace {

const pg::Query kFind{"accounts.find", R"(
SELECT id, name, identifier, plan, state, run_slots, queue_limit, run_duration_limit_seconds,
       pod_memory_request_mebibytes, developer_seats, read_only_seats, it_seats,
       docs_job_id, freshness_job_id, created_at, updated_at
FROM accounts WHERE id = $1 AND state = 1)"};

const pg::Query kInsert{"accounts.insert",
                        "INSERT INTO accounts (name, identifier) VALUES ($1, $2) RETURNING id"};

const pg::Query kUpdate{"accounts.update", R"(
UPDATE accounts SET name = $2, docs_job_id = $3, freshness_job_id = $4, updated_at = now()
WHERE id = $1)"};

const pg::Query kFindLimits{"accounts.find_run_limits", R"(
SELECT run_memory_limit_mb AS memory_mb, run_cpu_limit AS cpus, run_process_limit AS processes
FROM accounts WHERE id = $1 AND state = 1)"};

const pg::Query kSetLimits{"accounts.set_run_limits", R"(
UPDATE accounts SET run_memory_limit_mb = $2, run_cpu_limit = $3, run_process_limit = $4,
    updated_at = now()
WHERE id = $1 AND state = 1)"};

}  // namespace

boost::asio::awaitable<result<std::optional<Account>>> find_account(pg::Pool& pool, Id id) {
    MW_CO_TRY(auto rows, co_await pool.run(kFind, id));
    co_return rows.first<Account>();
}

boost::asio::awaitable<result<>> update_account(pg::Connection& tx, const Account& account) {
    MW_CO_CHECK(co_await tx.run(kUpdate, account.id, account.name, account.docs_job_id,
                                account.freshness_job_id));
    co_return result<>{};
}

boost::asio::awaitable<result<std::optional<RunLimits>>> find_run_limits(pg::Connection& connection,
                                                                         Id account_id) {
    MW_CO_TRY(auto rows, co_await connection.run(kFindLimits, account_id));
    co_return rows.first<RunLimits>();
}

boost::asio::awaitable<result<>> set_run_limits(pg::Connection& connection, Id account_id,
                                                RunLimits limits) {
    MW_CO_CHECK(co_await connection.run(kSetLimits, account_id, limits.memory_mb, limits.cpus,
                                        limits.processes));
    co_return result<>{};
}

boost::asio::awaitable<result<Id>> insert_account(pg::Connection& connection, std::string name,
                                                  std::string identifier) {
    MW_CO_TRY(auto rows, co_await connection.run(kInsert, name, identifier));
    co_return rows.get<Id>(0, "id");
}

}  // namespace mw::accounts
