// Finished runs whose artifacts are still to be read: written with the run's end, taken by whoever
// reads them.
//
// A run is read at least once: who takes it and dies loses it to the next after two minutes.
#pragma once

#include <boost/describe.hpp>
#include <chrono>
#include <optional>

#include "base/ids.hpp"
#include "infra/pg/pool.hpp"

namespace mw::project_state {

template <class T = void>
using Awaitable = boost::asio::awaitable<result<T>>;

// On the transaction that ends the run; of one that left no manifest there is nothing to read.
Awaitable<> ask_for_ingestion(pg::Connection& tx, Id run_id);

struct TakenRun {
    Id run_id = 0;
    Id account_id = 0;
    Id environment_id = 0;
    Id job_id = 0;
    bool is_ci = false;
    int attempts = 0;  // with the one that is to come
};
BOOST_DESCRIBE_STRUCT(TakenRun, (), (run_id, account_id, environment_id, job_id, is_ci, attempts))

// The one that ended first of those that are due.
Awaitable<std::optional<TakenRun>> take_run(pg::Pool& pool);
Awaitable<> end_ingestion(pg::Connection& connection, Id run_id);
Awaitable<> ingest_again(pg::Pool& pool, Id run_id, std::chrono::seconds pause);

}  // namespace mw::project_state
