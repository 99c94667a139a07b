// Which limits a run has: of the operator's, the account's and the job's the smallest, and whose it
// is, so that whoever meets it knows where it can be raised. Pure.
#pragma once

#include <cstdint>
#include <string>

#include "base/ids.hpp"
#include "infra/cgroup/group.hpp"

namespace mw::runner {

enum class SetBy { nobody, installation, account, job };

struct RunLimits {
    cgroup::Limits limits;
    SetBy memory = SetBy::nobody;
    SetBy cpus = SetBy::nobody;
    SetBy processes = SetBy::nobody;
};

RunLimits smallest(const cgroup::Limits& installation, const cgroup::Limits& account,
                   const cgroup::Limits& job);

// "512 MB"
std::string in_megabytes(std::uint64_t bytes);

// For the run's log: "This run's memory limit of 512 MB, which its job sets, is not enforced …".
// `what`: "memory limit of 512 MB"; `why` from the tree.
std::string not_enforced(std::string_view what, SetBy by, std::string_view why);

// Why a step failed, and what to do about it. `peak_bytes` 0: unknown.
std::string memory_exceeded(const RunLimits& limits, Id account_id, std::uint64_t peak_bytes);
// The memory that ended it was the machine's, not the run's own.
std::string machine_ran_out(std::uint64_t peak_bytes);
std::string processes_exceeded(const RunLimits& limits, Id account_id);

}  // namespace mw::runner
