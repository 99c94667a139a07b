#include "infra/cgroup/limits.hpp"

#include <fmt/format.h>

#include <charconv>

namespace mw::cgroup {
namespace {

template <class Number>
std::optional<std::string> problem(Number value, Number least, Number most) {
    // Written so that what is no number at all is a problem too.
    if (value == 0 || (value >= least && value <= most)) return std::nullopt;
    return fmt::format("must be 0 (no limit) or from {} to {}", least, most);
}

template <class Number>
result<Number> read(std::string_view setting, std::string_view text,
                    std::optional<std::string> (*problem_with)(Number)) {
    Number value{};
    auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    auto wrong = error != std::errc{} || end != text.data() + text.size()
                     ? std::optional<std::string>("must be a number")
                     : problem_with(value);
    if (!wrong) return value;
    return fail(Errc::invalid_argument,
                fmt::format("MILLWRIGHT_{}: {}, not \"{}\"", setting, *wrong, text));
}

}  // namespace

std::optional<std::string> problem_with_memory_mb(std::int64_t megabytes) {
    return problem(megabytes, kMemoryMbLeast, kMemoryMbMost);
}

std::optional<std::string> problem_with_cpus(double cpus) {
    return problem(cpus, kCpusLeast, kCpusMost);
}

std::optional<std::string> problem_with_processes(std::int64_t processes) {
    return problem(processes, kProcessesLeast, kProcessesMost);
}

result<Limits> parse_limits(std::string_view memory_mb, std::string_view cpus,
                            std::string_view processes) {
    MW_TRY(auto megabytes, read("RUN_MEMORY_MB", memory_mb, problem_with_memory_mb));
    MW_TRY(auto seconds, read("RUN_CPUS", cpus, problem_with_cpus));
    MW_TRY(auto tasks, read("RUN_PROCESSES", processes, problem_with_processes));
    return limits_of(megabytes, seconds, tasks);
}

Limits limits_of(std::int64_t memory_mb, double cpus, std::int64_t processes) {
    return {.memory_bytes = static_cast<std::uint64_t>(memory_mb) * 1024 * 1024,
            .cpus = cpus,
            .processes = static_cast<std::uint64_t>(processes)};
}

}  // namespace mw::cgroup
