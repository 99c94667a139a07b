// What clients read of a run's log: pages of lines, and a step's whole text as API v2 has it.
//
// One io thread. Memory is bounded whatever the log's size: a page looks at so many lines and no
// more, a text keeps its last part.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "features/run_log/log_store.hpp"
#include "infra/store/object_store.hpp"

namespace mw::run_log {

inline constexpr std::int64_t kPageLinesMax = 5000;

struct PageRequest {
    std::int64_t after = 0;  // the last line that the client has
    std::int64_t limit = kPageLinesMax;
    Level least = Level::debug;
};

struct LogPage {
    std::vector<LogLine> lines;
    // Where to go on: the last line that was looked at, shown or not.
    std::int64_t next_after = 0;
    // There are no more lines at present.
    bool at_end = false;
};

// The texts of a step, as API v2 shows them.
struct StepText {
    std::string logs;                  // of level info and up
    std::string debug_logs;            // all
    std::string truncated_debug_logs;  // the last 1,000 of all
};

class LogReader {
  public:
    LogReader(pg::Pool& pool, store::ObjectStore& objects) : pool_(pool), objects_(objects) {}

    Awaitable<LogPage> page(StepKey key, PageRequest request);

    // The last 1,000 lines, of each kind.
    Awaitable<StepText> last_part(StepKey key);
    // Everything, but at most the last 16 MiB.
    Awaitable<StepText> whole(StepKey key);

  private:
    pg::Pool& pool_;
    store::ObjectStore& objects_;
};

}  // namespace mw::run_log
