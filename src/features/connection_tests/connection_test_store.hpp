// Connection tests in the database: all the SQL.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <optional>
#include <vector>

#include "base/secret.hpp"
#include "features/connection_tests/connection_test_row.hpp"
#include "infra/pg/pool.hpp"

namespace mw::connection_tests {

namespace asio = boost::asio;

template <class T = void>
using Awaitable = asio::awaitable<result<T>>;

// Queues one and wakes a scheduler.
Awaitable<ConnectionTest> insert_test(pg::Connection& tx, Id account_id, Id environment_id);
// Queues an errand: a process that has these schemas dropped, a JSON array. Its id.
Awaitable<Id> insert_drop(pg::Connection& tx, Id account_id, Id environment_id,
                          std::string schemas);
Awaitable<std::optional<ConnectionTest>> find_test(pg::Pool& pool, Id account_id, Id id);
// Where a connection may be tested: environments that use it and have credentials, those of the
// project (0: of any) alone; production first.
struct Place {
    Id environment_id = 0;
    Id project_id = 0;
};
BOOST_DESCRIBE_STRUCT(Place, (), (environment_id, project_id))
Awaitable<std::vector<Place>> places_of(pg::Connection& connection, Id account_id, Id connection_id,
                                        Id project_id);
// How many of an account's are queued or going on.
Awaitable<int> count_unfinished(pg::Connection& tx, Id account_id);

// The oldest that are queued become running, each with a key for the process that does it.
struct Claimed {
    Id id = 0;
    Secret token;
    std::string token_hash;
};
Awaitable<std::vector<Claimed>> claim_tests(pg::Pool& pool, int most);

// The test that goes on under this key; the account is one that is still active.
Awaitable<std::optional<ConnectionTest>> find_by_token(pg::Pool& pool,
                                                       const std::string& token_hash);
// False when the key is nobody's any more.
Awaitable<bool> finish_test(pg::Pool& pool, const std::string& token_hash, const Outcome& outcome);

// Ends what was left unfinished longer than `limit` after it began (or was queued, when no
// scheduler took it); which they were.
Awaitable<std::vector<Id>> end_overdue(pg::Pool& pool, std::chrono::seconds limit);
// Results are looked at once.
Awaitable<int> delete_old_tests(pg::Pool& pool, std::chrono::hours age);

}  // namespace mw::connection_tests
