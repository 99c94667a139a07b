// A run's log in the database, from its first line until it is flushed: all the SQL.
//
// Writers hold the run's lease row, so the batches of a run come one after the other; lines get
// their numbers here.
#pragma once

#include <boost/describe.hpp>
#include <boost/json/array.hpp>
#include <map>
#include <optional>
#include <vector>

#include "base/time.hpp"
#include "features/run_log/log_line.hpp"
#include "infra/pg/partitions.hpp"

namespace mw::run_log {

namespace asio = boost::asio;

template <class T = void>
using Awaitable = asio::awaitable<result<T>>;

// A partition a day, by the day on which a run was made.
inline constexpr pg::PartitionedTable kLog{"run_log", pg::Span::day};

// The number of the batch's first line; empty when it or a later one of its step was there already.
Awaitable<std::optional<std::int64_t>> append(pg::Connection& connection, Id run_id,
                                              const LogBatch& batch);

struct StoredBatch {
    std::int64_t first_line = 0;
    boost::json::array lines;
};
BOOST_DESCRIBE_STRUCT(StoredBatch, (), (first_line, lines))

// What one statement saw: either the rows or that they have gone to the object store.
struct BatchPage {
    bool flushed = false;
    std::vector<StoredBatch> batches;  // in rising order
};
// Some, from the one that holds line `after` + 1 on; about half a megabyte as stored.
Awaitable<BatchPage> batches_after(pg::Connection& connection, const StepKey& key,
                                   std::int64_t after);
// Some, the last that begin before line `before`.
Awaitable<BatchPage> batches_before(pg::Connection& connection, const StepKey& key,
                                    std::int64_t before);

// The last line of each step that has any; only of lines stored before `until` when it is given.
Awaitable<std::map<int, std::int64_t>> last_lines(pg::Connection& connection, Id run_id,
                                                  std::optional<Timestamp> until);

// Runs that ended before `finished_before` and whose log is still here, oldest first.
Awaitable<std::vector<Id>> unflushed_runs(pg::Connection& connection, Timestamp finished_before,
                                          int limit);
// The account of a run whose log may be flushed, its row held; empty when it was flushed, goes
// on, or is being flushed by another process.
Awaitable<std::optional<Id>> lock_for_flush(pg::Connection& connection, Id run_id);
Awaitable<std::vector<int>> steps_with_log(pg::Connection& connection, Id run_id);
Awaitable<> set_flushed(pg::Connection& connection, Id run_id);

}  // namespace mw::run_log
