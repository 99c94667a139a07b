// Facts about processes from /proc. A pid alone may mean another process by now; with its start
// time it names one for good.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string_view>
#include <vector>

namespace mw::process {

// Clock ticks after boot at which the process began; empty when there is none, or it has ended
// and only waits to be collected.
std::optional<std::uint64_t> start_ticks(pid_t pid);

// Whether this very process still runs.
bool is_running(pid_t pid, std::uint64_t started_at_ticks);

// Its working folder; empty when there is none or it may not be read.
std::optional<std::filesystem::path> working_folder(pid_t pid);

// The folder that the process, in a mount namespace of its own, sees at `place`; empty when
// nothing is mounted there.
std::optional<std::filesystem::path> mounted_from(pid_t pid, std::string_view place);

// A process that holds a lock on the file (fcntl), as this process counts; empty when none does,
// or only one that cannot be seen from here.
std::optional<pid_t> lock_holder(const std::filesystem::path& file);

// Our own children, adopted ones included, dead but uncollected ones too.
std::vector<pid_t> own_children();

}  // namespace mw::process
