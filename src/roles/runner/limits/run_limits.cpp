#include "roles/runner/limits/run_limits.hpp"

#include <fmt/format.h>

#include <array>
#include <utility>

namespace mw::runner {
namespace {

// The first of those that are equally small, and so the one that is named, is the broadest.
template <class Number>
std::pair<Number, SetBy> smallest_of(Number installation, Number account, Number job) {
    std::pair<Number, SetBy> best{0, SetBy::nobody};
    for (auto [value, by] :
         std::array{std::pair(installation, SetBy::installation),
                    std::pair(account, SetBy::account), std::pair(job, SetBy::job)})
        if (value > 0 && (best.second == SetBy::nobody || value < best.first)) best = {value, by};
    return best;
}

std::string_view owner_of(SetBy by) {
    switch (by) {
        case SetBy::nobody:
            return "nobody";
        case SetBy::installation:
            return "this installation";
        case SetBy::account:
            return "its account";
        case SetBy::job:
            return "its job";
    }
    return "";
}

// "An operator can raise it: …"
std::string way_out(SetBy by, Id account_id, std::string_view setting, std::string_view flag,
                    std::string_view field) {
    switch (by) {
        case SetBy::job:
            return fmt::format("Raise {} in the job's execution settings", field);
        case SetBy::account:
            return fmt::format(
                "An operator can raise it with `millwright admin limits --account {} {} …`",
                account_id, flag);
        case SetBy::installation:
        case SetBy::nobody:
            break;
    }
    return fmt::format("An operator can raise it with the setting MILLWRIGHT_{}", setting);
}

std::string peak_words(std::uint64_t peak_bytes) {
    return peak_bytes > 0 ? fmt::format(", of which it had {} at most", in_megabytes(peak_bytes))
                          : "";
}

}  // namespace

RunLimits smallest(const cgroup::Limits& installation, const cgroup::Limits& account,
                   const cgroup::Limits& job) {
    RunLimits chosen;
    std::tie(chosen.limits.memory_bytes, chosen.memory) =
        smallest_of(installation.memory_bytes, account.memory_bytes, job.memory_bytes);
    std::tie(chosen.limits.cpus, chosen.cpus) =
        smallest_of(installation.cpus, account.cpus, job.cpus);
    std::tie(chosen.limits.processes, chosen.processes) =
        smallest_of(installation.processes, account.processes, job.processes);
    return chosen;
}

std::string in_megabytes(std::uint64_t bytes) {
    return fmt::format("{} MB", (bytes + 512UL * 1024) / (1024UL * 1024));
}

std::string not_enforced(std::string_view what, SetBy by, std::string_view why) {
    return fmt::format("This run's {}, which {} sets, is not enforced on this machine: {}.", what,
                       owner_of(by), why);
}

std::string memory_exceeded(const RunLimits& limits, Id account_id, std::uint64_t peak_bytes) {
    std::string_view whose = limits.memory == SetBy::account ? "your account's run memory limits"
                             : limits.memory == SetBy::job   ? "its job's run memory limit"
                                                           : "this installation's run memory limit";
    return fmt::format(
        "This run exceeded {}: it may use {}{}, and the operating system ended it when it needed "
        "more. {}, or let its models need less.",
        whose, in_megabytes(limits.limits.memory_bytes), peak_words(peak_bytes),
        way_out(limits.memory, account_id, "RUN_MEMORY_MB", "--memory-mb", "memory_limit_mb"));
}

std::string machine_ran_out(std::uint64_t peak_bytes) {
    return fmt::format(
        "The memory of the whole machine ran out, and the operating system ended this run, which "
        "used {} at most. Run less at once (MILLWRIGHT_MAX_RUNS), limit what a run may use "
        "(MILLWRIGHT_RUN_MEMORY_MB), or give the machine more memory.",
        in_megabytes(peak_bytes));
}

std::string processes_exceeded(const RunLimits& limits, Id account_id) {
    return fmt::format(
        "The run reached its limit of {} processes and threads, so some could not be started. {}.",
        limits.limits.processes,
        way_out(limits.processes, account_id, "RUN_PROCESSES", "--processes", "process_limit"));
}

}  // namespace mw::runner
