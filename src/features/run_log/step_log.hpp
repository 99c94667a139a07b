// One step's log read in chunks, forwards or backwards, wherever it is: rows while they are
// fresh, an object once they are flushed. The move from one to the other, which may happen
// between two chunks, is not to be seen.
//
// Errors: not_found for a run that is not there; what the database and the store give.
// One io thread; the pool and the store must outlive it.
#pragma once

#include <memory>

#include "features/run_log/log_object.hpp"
#include "features/run_log/log_store.hpp"
#include "infra/store/object_store.hpp"

namespace mw::run_log {

class StepLog {
  public:
    StepLog(pg::Pool& pool, store::ObjectStore& objects, StepKey key)
        : pool_(pool), objects_(objects), key_(key) {}

    // Some lines that come right after line `line`; none at the end.
    Awaitable<std::vector<LogLine>> after(std::int64_t line);
    // Some lines that come right before line `line`, in rising order; none at the start.
    Awaitable<std::vector<LogLine>> before(std::int64_t line);

  private:
    Awaitable<std::vector<LogLine>> rows_around(std::int64_t line, bool forwards);
    Awaitable<std::vector<LogLine>> object_around(std::int64_t line, bool forwards);
    Awaitable<> load_index();
    Awaitable<std::string> read_range(std::uint64_t first, std::uint64_t size);

    pg::Pool& pool_;
    store::ObjectStore& objects_;
    StepKey key_;
    bool flushed_ = false;
    std::optional<std::vector<Frame>> frames_;
};

}  // namespace mw::run_log
