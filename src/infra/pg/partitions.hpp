// Tables whose rows go by time: a partition for each day or month, dropped whole instead of its
// rows being deleted.
//
// A span without a partition is no error: its rows go to the default one, `<table>_default`, which
// is never dropped. A partition that is in use at the moment is left for the next time.
#pragma once

#include <chrono>

#include "infra/pg/pool.hpp"

namespace mw::pg {

enum class Span { day, month };

struct PartitionedTable {
    const char* name;
    Span span;
};

// Makes what is missing for the days from `first` to `last`; how many it made. What can't be made,
// because the default one has rows of that time already, is logged.
asio::awaitable<result<int>> create_partitions(Pool& pool, PartitionedTable table,
                                               std::chrono::sys_days first,
                                               std::chrono::sys_days last);

// Those that end on `before` or earlier; how many it dropped.
asio::awaitable<result<int>> drop_empty_partitions(Pool& pool, PartitionedTable table,
                                                   std::chrono::sys_days before);
// The same with all that is in them.
asio::awaitable<result<int>> drop_partitions(Pool& pool, PartitionedTable table,
                                             std::chrono::sys_days before);

}  // namespace mw::pg
