#include "infra/pg/partitions.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/log.hpp"

namespace mw::pg {
namespace {

using std::chrono::days;
using std::chrono::sys_days;
using std::chrono::year_month_day;

const Query kPartitions{"pg.partitions", R"(
SELECT c.relname AS name
FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
WHERE i.inhparent = $1::text::regclass ORDER BY c.relname)"};

// Writers wait for whoever waits for such a lock, so it must not be waited for long.
const Query kBriefLocks{"pg.brief_locks", "SET LOCAL lock_timeout = '1s'"};

std::string date_text(sys_days day) {
    year_month_day date{day};
    return fmt::format("{:04}-{:02}-{:02}", int(date.year()), unsigned(date.month()),
                       unsigned(date.day()));
}

sys_days start_of(Span span, sys_days day) {
    if (span == Span::day) return day;
    year_month_day date{day};
    return date.year() / date.month() / 1;
}

sys_days next_after(Span span, sys_days start) {
    if (span == Span::day) return start + days{1};
    year_month_day date{start};
    return sys_days{(date.year() / date.month() + std::chrono::months{1}) / 1};
}

// "run_log_20240527", "node_results_202405"; the one place where a table's name is made, from
// numbers alone.
std::string name_of(PartitionedTable table, sys_days start) {
    auto date = date_text(start);
    std::erase(date, '-');
    if (table.span == Span::month) date.resize(6);
    return fmt::format("{}_{}", table.name, date);
}

asio::awaitable<result<std::vector<std::string>>> names_of(Pool& pool, PartitionedTable table) {
    MW_CO_TRY(auto rows, co_await pool.run(kPartitions, table.name));
    co_return rows.column<std::string>("name");
}

asio::awaitable<result<bool>> create(Connection& tx, PartitionedTable table, sys_days start) {
    MW_CO_CHECK(co_await tx.run(kBriefLocks));
    MW_CO_CHECK(co_await tx.run_text(
        "pg.create_partition",
        fmt::format("CREATE TABLE IF NOT EXISTS {} PARTITION OF {} FOR VALUES FROM ('{}') TO "
                    "('{}')",
                    name_of(table, start), table.name, date_text(start),
                    date_text(next_after(table.span, start)))));
    co_return true;
}

asio::awaitable<result<bool>> drop(Connection& tx, std::string name, bool only_empty) {
    MW_CO_CHECK(co_await tx.run(kBriefLocks));
    MW_CO_CHECK(co_await tx.run_text("pg.lock_partition",
                                     fmt::format("LOCK TABLE {} IN ACCESS EXCLUSIVE MODE", name)));
    if (only_empty) {
        MW_CO_TRY(auto rows, co_await tx.run_text(
                                 "pg.look_into_partition",
                                 fmt::format("SELECT EXISTS (SELECT 1 FROM {}) AS used", name)));
        if (rows.get<bool>(0, "used")) co_return false;
    }
    MW_CO_CHECK(co_await tx.run_text("pg.drop_partition", fmt::format("DROP TABLE {}", name)));
    co_return true;
}

// Runs `change` in a transaction of its own; a failure is for the next time.
template <class Change>
asio::awaitable<bool> try_change(Pool& pool, std::string name, Change change) {
    auto changed = co_await with_tx(pool, change);
    if (changed) co_return *changed;
    log::warn("a partition could not be changed", {{"partition", name},
                                                   {"error", changed.error().message},
                                                   {"detail", changed.error().detail}});
    co_return false;
}

asio::awaitable<result<int>> drop_before(Pool& pool, PartitionedTable table, sys_days before,
                                         bool only_empty) {
    MW_CO_TRY(auto present, co_await names_of(pool, table));
    // The names sort as their times do; the default partition sorts after all of them.
    auto first_kept = name_of(table, start_of(table.span, before));
    int dropped = 0;
    for (const auto& name : present) {
        if (name >= first_kept) continue;
        auto change = [name, only_empty](Connection& tx) { return drop(tx, name, only_empty); };
        if (co_await try_change(pool, name, change)) ++dropped;
    }
    co_return dropped;
}

}  // namespace

asio::awaitable<result<int>> create_partitions(Pool& pool, PartitionedTable table, sys_days first,
                                               sys_days last) {
    MW_CO_TRY(auto present, co_await names_of(pool, table));
    int made = 0;
    for (auto start = start_of(table.span, first); start <= last;
         start = next_after(table.span, start)) {
        auto name = name_of(table, start);
        if (std::ranges::find(present, name) != present.end()) continue;
        auto change = [table, start](Connection& tx) { return create(tx, table, start); };
        if (co_await try_change(pool, name, change)) ++made;
    }
    co_return made;
}

asio::awaitable<result<int>> drop_empty_partitions(Pool& pool, PartitionedTable table,
                                                   sys_days before) {
    return drop_before(pool, table, before, true);
}

asio::awaitable<result<int>> drop_partitions(Pool& pool, PartitionedTable table, sys_days before) {
    return drop_before(pool, table, before, false);
}

}  // namespace mw::pg
