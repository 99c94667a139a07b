// What has outlived its time, in the database: all the SQL.
#pragma once

#include <boost/describe.hpp>
#include <vector>

#include "base/ids.hpp"
#include "base/time.hpp"
#include "infra/pg/pool.hpp"

namespace mw::retention {

template <class T = void>
using Awaitable = boost::asio::awaitable<result<T>>;

Awaitable<int> delete_sessions(pg::Pool& pool, Timestamp expired_before);

struct OldRun {
    Id id = 0;
    Id account_id = 0;
};
BOOST_DESCRIBE_STRUCT(OldRun, (), (id, account_id))
// Some of the oldest runs, if they ended before `finished_before` and their log has been flushed.
Awaitable<std::vector<OldRun>> find_old_runs(pg::Pool& pool, Timestamp finished_before, int limit);
// With their steps, nodes and artifact rows; retries of them stay, as runs of their own.
Awaitable<> delete_runs(pg::Connection& tx, const std::vector<Id>& run_ids);

}  // namespace mw::retention
