// A note on disk for each worker process, so that a scheduler which was killed leaves its
// workers to the next one.
//
// A process is named by pid, start time and boot: a pid alone may be another process by now.
// Notes hold no secret. They lie in the run folder, which a reboot empties.
// Blocking, small. Errors: file_error (base/files.hpp).
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "executor/executor.hpp"

namespace mw::executor {

struct WorkerRecord {
    WorkId work;
    std::string token_hash;
    pid_t pid = 0;
    std::uint64_t start_ticks = 0;
    std::string boot_id;
    Timestamp started_at;

    friend bool operator==(const WorkerRecord&, const WorkerRecord&) = default;
};

// Of this machine's present uptime.
std::string current_boot_id();

class WorkerRecords {
  public:
    explicit WorkerRecords(std::filesystem::path folder) : folder_(std::move(folder)) {}

    result<> write(const WorkerRecord& record) const;
    void remove(const WorkId& work) const;
    // All of them; what can't be read is removed.
    std::vector<WorkerRecord> read_all() const;

  private:
    std::filesystem::path folder_;
};

}  // namespace mw::executor
