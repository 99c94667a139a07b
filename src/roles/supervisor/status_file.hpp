// data/status.json: what runs, for `millwright status`, for scripts, and for the next supervisor,
// which waits for leftovers of one that was killed.
//
//   {"state":"ready","url":"https://localhost:8443","started_at":"…Z","run_dir":"/run/…",
//    "pids":{"supervisor":10,"postgres":11,…},
//    "limits":{"enforced":["cpu",…],"not_enforced":{"memory":"why"}},
//    "processes":[{"role":"app","pid":12,"start_ticks":123,"started_at":"…Z","restarts":0},…]}
//
// Written anew, atomically, whenever a process starts or ends.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/time.hpp"

namespace mw::supervisor {

struct ProcessStatus {
    std::string role;
    pid_t pid = 0;
    std::uint64_t start_ticks = 0;  // with the pid, names one process for good
    Timestamp started_at;
    int restarts = 0;
};

struct Status {
    std::string state = "starting";  // starting, ready, stopping
    std::string url;
    std::string run_dir;
    Timestamp started_at;
    std::vector<ProcessStatus> processes;
    // Of the limits of a run, by their names in cgroups; for the others, why not.
    std::vector<std::string> enforced_limits = {};
    std::map<std::string, std::string> missing_limits = {};
};

std::string to_json(const Status& status);
// Empty for text that is not a status.
std::optional<Status> status_from_json(std::string_view text);

result<> write_status(const std::filesystem::path& file, const Status& status);
// not_found when there is none; a damaged file counts as none.
result<Status> read_status(const std::filesystem::path& file);

// Those of its processes that still run.
std::vector<ProcessStatus> still_running(const Status& status);

}  // namespace mw::supervisor
