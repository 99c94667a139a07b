#include "features/accounts/account_store.hpp"

namespace mw::accounts {
namespace {

const pg::Query kFind{"accounts.find", R"(
SELECT id, name, identifier, plan, state, run_slots, queue_limit, run_duration_limit_seconds,
       pod_memory_request_mebibytes, developer_seats, read_only_seats, it_seats,
       created_at, updated_at
FROM accounts WHERE id = $1 AND state = 1)"};

const pg::Query kInsert{"accounts.insert",
                        "INSERT INTO accounts (name, identifier) VALUES ($1, $2) RETURNING id"};

}  // namespace

boost::asio::awaitable<result<std::optional<Account>>> find_account(pg::Pool& pool, Id id) {
    MW_CO_TRY(auto rows, co_await pool.run(kFind, id));
    co_return rows.first<Account>();
}

boost::asio::awaitable<result<Id>> insert_account(pg::Connection& connection, std::string name,
                                                  std::string identifier) {
    MW_CO_TRY(auto rows, co_await connection.run(kInsert, name, identifier));
    co_return rows.get<Id>(0, "id");
}

}  // namespace mw::accounts
