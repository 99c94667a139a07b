// What a run may use of its machine, and which numbers make sense. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.hpp"

namespace mw::cgroup {

struct Limits {
    std::uint64_t memory_bytes = 0;  // 0: none, for each; memory and swap together
    double cpus = 0;                 // seconds of processor time in each second
    std::uint64_t processes = 0;     // and threads
};

// Less is too little for dbt to start at all.
inline constexpr std::int64_t kMemoryMbLeast = 128;
inline constexpr std::int64_t kMemoryMbMost = 16L * 1024 * 1024;
inline constexpr double kCpusLeast = 0.1;
inline constexpr double kCpusMost = 4096;
inline constexpr std::int64_t kProcessesLeast = 32;
inline constexpr std::int64_t kProcessesMost = 1'000'000;

// "must be 0 (no limit) or from 128 to 16777216"; empty when the number is one of those.
std::optional<std::string> problem_with_memory_mb(std::int64_t megabytes);
std::optional<std::string> problem_with_cpus(double cpus);
std::optional<std::string> problem_with_processes(std::int64_t processes);

// From the texts of the settings RUN_MEMORY_MB, RUN_CPUS and RUN_PROCESSES. Errors: name the
// setting.
result<Limits> parse_limits(std::string_view memory_mb, std::string_view cpus,
                            std::string_view processes);

// From the numbers that are stored of a job or an account.
Limits limits_of(std::int64_t memory_mb, double cpus, std::int64_t processes);

}  // namespace mw::cgroup
