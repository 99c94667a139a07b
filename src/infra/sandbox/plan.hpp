// What a confined process may see and use. Pure data, with its JSON, in which form it reaches
// the engine host.
//
// Errors: `invalid_argument` names the field.
#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/error.hpp"

namespace mw::sandbox {

// A folder or file of this machine, at the same path inside unless `inside` says otherwise.
struct Bind {
    std::filesystem::path source;
    std::filesystem::path inside = {};
    bool writable = false;
    bool optional = false;  // left out when it does not exist

    const std::filesystem::path& target() const { return inside.empty() ? source : inside; }
};

struct Plan {
    // An empty folder on which the new root is put together.
    std::filesystem::path root;
    // Laid out parents first, whatever their order here. What is not in here is not there.
    std::vector<Bind> binds;
    // Files `cgroup.procs` of the groups that the process joins first.
    std::vector<std::filesystem::path> cgroups = {};
    // 0: as inherited.
    std::uint64_t open_files_max = 0;
    std::uint64_t processes_max = 0;
    std::uint64_t file_bytes_max = 0;
    // With a read-only root, an own /proc and /dev/shm of at most this size.
    std::uint64_t shm_bytes_max = 256UL * 1024 * 1024;
};

// The operating system's own folders, as every program needs them; nothing that is anyone's.
std::vector<Bind> system_binds();

boost::json::object to_json(const Plan& plan);
result<Plan> parse_plan(const boost::json::value& json);

}  // namespace mw::sandbox
