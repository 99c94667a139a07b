#include "features/run_log/partition_store.hpp"

#include <fmt/format.h>

#include "base/log.hpp"

namespace mw::run_log {
namespace {

using std::chrono::days;
using std::chrono::sys_days;

const pg::Query kPartitions{"run_log.partitions", R"(
SELECT c.relname AS name
FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
WHERE i.inhparent = 'run_log'::regclass ORDER BY c.relname)"};

// Writers wait for whoever waits for such a lock, so it must not be waited for long.
const pg::Query kBriefLocks{"run_log.brief_locks", "SET LOCAL lock_timeout = '1s'"};

std::string date_text(sys_days day) {
    std::chrono::year_month_day date{day};
    return fmt::format("{:04}-{:02}-{:02}", int(date.year()), unsigned(date.month()),
                       unsigned(date.day()));
}

// "run_log_20240527"; the one place where a table's name is made, from numbers alone.
std::string partition_name(sys_days day) {
    auto date = date_text(day);
    std::erase(date, '-');
    return "run_log_" + date;
}

Awaitable<std::vector<std::string>> partitions(pg::Pool& pool) {
    MW_CO_TRY(auto rows, co_await pool.run(kPartitions));
    co_return rows.column<std::string>("name");
}

Awaitable<bool> create_partition(pg::Connection& tx, sys_days day) {
    MW_CO_CHECK(co_await tx.run(kBriefLocks));
    MW_CO_CHECK(co_await tx.run_text(
        "run_log.create_partition",
        fmt::format("CREATE TABLE IF NOT EXISTS {} PARTITION OF run_log FOR VALUES FROM ('{}') "
                    "TO ('{}')",
                    partition_name(day), date_text(day), date_text(day + days{1}))));
    co_return true;
}

Awaitable<bool> drop_if_empty(pg::Connection& tx, std::string name) {
    MW_CO_CHECK(co_await tx.run(kBriefLocks));
    MW_CO_CHECK(co_await tx.run_text("run_log.lock_partition",
                                     fmt::format("LOCK TABLE {} IN ACCESS EXCLUSIVE MODE", name)));
    MW_CO_TRY(auto rows,
              co_await tx.run_text("run_log.count_partition",
                                   fmt::format("SELECT EXISTS (SELECT 1 FROM {}) AS used", name)));
    if (rows.get<bool>(0, "used")) co_return false;
    MW_CO_CHECK(co_await tx.run_text("run_log.drop_partition", fmt::format("DROP TABLE {}", name)));
    co_return true;
}

// Runs `change` in a transaction of its own; a failure is for the next time.
template <class Change>
asio::awaitable<bool> try_change(pg::Pool& pool, std::string name, Change change) {
    auto changed = co_await pg::with_tx(pool, change);
    if (changed) co_return *changed;
    log::warn("a log partition could not be changed", {{"partition", name},
                                                       {"error", changed.error().message},
                                                       {"detail", changed.error().detail}});
    co_return false;
}

}  // namespace

Awaitable<int> create_partitions(pg::Pool& pool, sys_days today, int days_ahead) {
    MW_CO_TRY(auto present, co_await partitions(pool));
    int made = 0;
    for (auto day = today - days{1}; day <= today + days{days_ahead}; day += days{1}) {
        auto name = partition_name(day);
        if (std::ranges::find(present, name) != present.end()) continue;
        auto create = [day](pg::Connection& tx) { return create_partition(tx, day); };
        if (co_await try_change(pool, name, create)) ++made;
    }
    co_return made;
}

Awaitable<int> drop_empty_partitions(pg::Pool& pool, sys_days before) {
    MW_CO_TRY(auto present, co_await partitions(pool));
    int dropped = 0;
    for (const auto& name : present) {
        // The names sort as their days do; the default partition sorts after all of them.
        if (name >= partition_name(before)) continue;
        auto drop = [name](pg::Connection& tx) { return drop_if_empty(tx, name); };
        if (co_await try_change(pool, name, drop)) ++dropped;
    }
    co_return dropped;
}

}  // namespace mw::run_log
