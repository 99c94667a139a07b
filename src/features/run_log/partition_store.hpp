// The daily partitions of run_log: rows of a day go by dropping its table, not by deleting.
//
// A day without a partition is no error: its rows go to the default one.
#pragma once

#include <chrono>

#include "features/run_log/log_store.hpp"

namespace mw::run_log {

// Makes what is missing from yesterday to `days_ahead` days from `today`; how many it made.
Awaitable<int> create_partitions(pg::Pool& pool, std::chrono::sys_days today, int days_ahead);

// Drops empty partitions of days before `before`; how many it dropped. One that is in use at the
// moment is left for the next time.
Awaitable<int> drop_empty_partitions(pg::Pool& pool, std::chrono::sys_days before);

}  // namespace mw::run_log
