#include "features/run_log/log_flush.hpp"

#include "base/log.hpp"
#include "features/run_log/log_object.hpp"

namespace mw::run_log {
namespace {

Awaitable<> write_step(pg::Connection& tx, store::ObjectStore& objects, StepKey key) {
    MW_CO_TRY(auto object,
              co_await objects.create(object_key(key), {.content_type = "application/zstd"}));
    LogObjectWriter writer;
    for (std::int64_t after = 0;;) {
        MW_CO_TRY(auto page, co_await batches_after(tx, key, after));
        std::string bytes;
        std::int64_t last = after;
        for (const auto& batch : page.batches)
            for (const auto& line : lines_from_stored(batch.lines, batch.first_line)) {
                if (line.n <= after) continue;
                bytes += writer.add(line);
                last = line.n;
            }
        if (last == after) break;
        after = last;
        if (!bytes.empty()) MW_CO_CHECK(co_await object->write(std::move(bytes)));
    }
    MW_CO_CHECK(co_await object->write(writer.finish()));
    MW_CO_CHECK(co_await object->commit());
    co_return result<>{};
}

}  // namespace

Awaitable<bool> flush_run(pg::Pool& pool, store::ObjectStore& objects, Id run_id) {
    auto flush = [&objects, run_id](pg::Connection& tx) -> Awaitable<bool> {
        MW_CO_TRY(auto account_id, co_await lock_for_flush(tx, run_id));
        if (!account_id) co_return false;
        MW_CO_TRY(auto steps, co_await steps_with_log(tx, run_id));
        for (auto step : steps)
            MW_CO_CHECK(co_await write_step(tx, objects, {*account_id, run_id, step}));
        MW_CO_CHECK(co_await set_flushed(tx, run_id));
        co_return true;
    };
    co_return co_await pg::with_tx(pool, flush);
}

Awaitable<int> flush_finished_runs(pg::Pool& pool, store::ObjectStore& objects,
                                   Timestamp finished_before, int limit) {
    std::vector<Id> candidates;
    {
        MW_CO_TRY(auto lease, co_await pool.acquire());
        MW_CO_TRY(candidates, co_await unflushed_runs(*lease, finished_before, limit));
    }
    int flushed = 0;
    for (auto run_id : candidates) {
        auto done = co_await flush_run(pool, objects, run_id);
        if (!done) {
            log::error("a run's log could not be moved to the object store",
                       {{"run_id", run_id},
                        {"error", done.error().message},
                        {"detail", done.error().detail}});
            continue;
        }
        if (*done) ++flushed;
    }
    co_return flushed;
}

}  // namespace mw::run_log
