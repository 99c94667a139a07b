// Which schemas the runs of a pull request have made, and which of them are to go.
//
// This table is the list of all that is ever dropped: a schema enters it only by a pull request's
// run that wrote to it, and only under the name that such a run was given (contract 4.2). The
// table refuses any other name by itself.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/describe.hpp>
#include <boost/json/array.hpp>
#include <chrono>
#include <string>
#include <vector>

#include "base/ids.hpp"
#include "infra/pg/pool.hpp"

namespace mw::pull_request_schemas {

template <class T = void>
using Awaitable = boost::asio::awaitable<result<T>>;

struct Schema {
    std::string database;  // empty: the connection's own
    std::string schema;
};
BOOST_DESCRIBE_STRUCT(Schema, (), (database, schema))

// Those of the relations that a pull request's run writes to which are its own; others are left
// out, as are all of a run that no pull request's webhook made.
Awaitable<> note_schemas(pg::Connection& tx, Id run_id, const std::vector<std::string>& relations);

// All of the pull request's are to be dropped, in whichever environment of the repository's
// projects. How many.
Awaitable<int> want_dropped(pg::Connection& tx, Id repository_id, std::int64_t pull_request);
// It was opened again: what is still there stays.
Awaitable<> want_kept(pg::Connection& tx, Id repository_id, std::int64_t pull_request);

// What one process is to drop.
struct Drop {
    Id account_id = 0;
    Id environment_id = 0;
    boost::json::array schemas;  // [{"database", "schema"}, …]
};

// Takes over how errands ended. How many schemas are gone.
Awaitable<int> settle_errands(pg::Connection& tx);
// Errands for what is due and which no run of its pull request may still write to. How many.
Awaitable<int> send_errands(pg::Connection& tx);

}  // namespace mw::pull_request_schemas
