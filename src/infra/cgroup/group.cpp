#include "infra/cgroup/group.hpp"

#include <fmt/format.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstring>
#include <set>
#include <thread>
#include <utility>

#include "infra/cgroup/control_file.hpp"

namespace mw::cgroup {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr std::int64_t kCpuPeriodUs = 100'000;
constexpr std::int64_t kCpuQuotaLeastUs = 1'000;
// The kernel counts in batches of pages.
constexpr std::uint64_t kNearBytes = 1024UL * 1024;
constexpr auto kRemovalPause = 10ms;
constexpr int kRemovalRounds = 200;

std::int64_t quota_us(double cpus) {
    auto quota = std::llround(cpus * static_cast<double>(kCpuPeriodUs));
    return std::max<std::int64_t>(quota, kCpuQuotaLeastUs);
}

result<> set_control(const fs::path& file, std::string_view text) {
    int error = write_control(file, text);
    if (error == 0) return {};
    return fail(Errc::unavailable, fmt::format("{} cannot be set to {}: {}", file.string(), text,
                                               std::strerror(error)));
}

result<> limit_memory_v1(const fs::path& folder, std::uint64_t bytes) {
    MW_CHECK(set_control(folder / "memory.limit_in_bytes", std::to_string(bytes)));
    // In this order: memory and swap together may never be less than memory. A kernel that does
    // not count swap has no such file; there the group is kept from swapping at least.
    int error = write_control(folder / "memory.memsw.limit_in_bytes", std::to_string(bytes));
    if (error == ENOENT)
        write_control(folder / "memory.swappiness", "0");
    else if (error != 0)
        return fail(Errc::unavailable, fmt::format("swap cannot be limited in {}: {}",
                                                   folder.string(), std::strerror(error)));
    return {};
}

result<> limit_memory_v2(const fs::path& folder, std::uint64_t bytes) {
    MW_CHECK(set_control(folder / "memory.max", std::to_string(bytes)));
    // A kernel that does not count swap lacks the first; the second is Linux 4.19's.
    for (auto [file, text] : {std::pair("memory.swap.max", "0"), {"memory.oom.group", "1"}})
        if (int error = write_control(folder / file, text); error != 0 && error != ENOENT)
            return fail(Errc::unavailable,
                        fmt::format("{} cannot be set: {}", file, std::strerror(error)));
    return {};
}

result<> limit_cpu_v1(const fs::path& folder, double cpus) {
    MW_CHECK(set_control(folder / "cpu.cfs_period_us", std::to_string(kCpuPeriodUs)));
    auto quota = std::to_string(quota_us(cpus));
    // Invalid is also what a group above is limited below: then that limit holds.
    if (write_control(folder / "cpu.cfs_quota_us", quota) == EINVAL) return {};
    return set_control(folder / "cpu.cfs_quota_us", quota);
}

// Where the group is in a hierarchy of each, with the folders below it, the deepest first.
std::vector<fs::path> folders_of(const fs::path& top) {
    std::vector<fs::path> folders;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(top, error))
        if (entry.is_directory(error) && !entry.is_symlink(error))
            for (auto& inner : folders_of(entry.path()))
                folders.push_back(std::move(inner));
    if (fs::is_directory(top, error)) folders.push_back(top);
    return folders;
}

std::vector<fs::path> all_folders(const Tree& tree, const std::string& name) {
    std::vector<fs::path> all;
    for (const auto& place : tree.places)
        for (auto& folder : folders_of(place.folder / name))
            all.push_back(std::move(folder));
    return all;
}

void kill_in(const std::vector<fs::path>& folders) {
    for (const auto& folder : folders) {
        // Nothing may be started while the list is gone through.
        write_control(folder / "pids.max", "0");
        if (write_control(folder / "cgroup.kill", "1") == 0) continue;
        for (int pid : process_ids(read_control(folder / "cgroup.procs")))
            // 0 would be our own process group, 1 whoever keeps this machine.
            if (pid > 1 && pid != ::getpid()) ::kill(pid, SIGKILL);
    }
}

// One that has ended and only waits to be collected does not run any more.
bool is_running(int pid) {
    auto stat = read_control(fmt::format("/proc/{}/stat", pid));
    auto name_end = stat.rfind(')');
    if (name_end == stat.npos || name_end + 2 >= stat.size()) return false;
    auto state = stat[name_end + 2];
    return state != 'Z' && state != 'X';
}

}  // namespace

std::string cpu_max_text(double cpus) {
    return fmt::format("{} {}", quota_us(cpus), kCpuPeriodUs);
}

result<Group> Group::create(const Tree& tree, std::string name, const Limits& limits) {
    Group group(tree, std::move(name));
    for (const auto& place : tree.places) {
        auto folder = place.folder / group.name_;
        if (::mkdir(folder.c_str(), 0755) != 0 && errno != EEXIST)
            return fail(Errc::unavailable, fmt::format("{} cannot be made: {}", folder.string(),
                                                       std::strerror(errno)));
    }
    MW_CHECK(group.set(limits));
    group.memory_bytes_ = limits.memory_bytes;
    return group;
}

result<> Group::set(const Limits& limits) const {
    if (const auto* place = tree_.place_of(Controller::memory); place && limits.memory_bytes > 0) {
        auto folder = place->folder / name_;
        MW_CHECK(place->version == Version::v1 ? limit_memory_v1(folder, limits.memory_bytes)
                                               : limit_memory_v2(folder, limits.memory_bytes));
    }
    if (const auto* place = tree_.place_of(Controller::cpu); place && limits.cpus > 0) {
        auto folder = place->folder / name_;
        MW_CHECK(place->version == Version::v1
                     ? limit_cpu_v1(folder, limits.cpus)
                     : set_control(folder / "cpu.max", cpu_max_text(limits.cpus)));
    }
    if (auto place = folder(Controller::pids); place && limits.processes > 0)
        MW_CHECK(set_control(*place / "pids.max", std::to_string(limits.processes)));
    return {};
}

Group::Group(Group&& other) noexcept
    : tree_(std::move(other.tree_)),
      name_(std::exchange(other.name_, {})),
      memory_bytes_(other.memory_bytes_) {
}

Group::~Group() {
    if (!name_.empty()) remove_group(tree_, name_);
}

std::optional<fs::path> Group::folder(Controller controller) const {
    const auto* place = tree_.place_of(controller);
    if (!place) return std::nullopt;
    return place->folder / name_;
}

std::vector<fs::path> Group::doors() const {
    std::vector<fs::path> doors;
    for (const auto& place : tree_.places)
        doors.push_back(place.folder / name_ / "cgroup.procs");
    return doors;
}

Events Group::events() const {
    Events events;
    if (const auto* place = tree_.place_of(Controller::memory)) {
        auto text =
            read_control(place->folder / name_ /
                         (place->version == Version::v1 ? "memory.oom_control" : "memory.events"));
        events.out_of_memory_kills = number_after(text, "oom_kill");
        // Version 1 counts these no more; there the peak tells.
        events.memory_limit_hits = number_after(text, "oom");
        auto peak = memory_peak_bytes().value_or(0);
        if (memory_bytes_ > 0 && peak + kNearBytes >= memory_bytes_)
            events.memory_limit_hits = std::max<std::uint64_t>(events.memory_limit_hits, 1);
    }
    if (auto place = folder(Controller::pids))
        events.process_limit_hits = number_after(read_control(*place / "pids.events"), "max");
    return events;
}

std::optional<std::uint64_t> Group::memory_peak_bytes() const {
    const auto* place = tree_.place_of(Controller::memory);
    if (!place) return std::nullopt;
    return read_number(
        place->folder / name_ /
        (place->version == Version::v1 ? "memory.max_usage_in_bytes" : "memory.peak"));
}

void Group::kill() const {
    kill_in(all_folders(tree_, name_));
}

std::vector<std::string> group_names(const Tree& tree) {
    std::set<std::string> names;
    std::error_code error;
    for (const auto& place : tree.places)
        for (const auto& entry : fs::directory_iterator(place.folder, error))
            if (entry.is_directory(error)) names.insert(entry.path().filename().string());
    names.erase(kServices);
    return {names.begin(), names.end()};
}

int remove_leftover_groups(const Tree& tree) {
    int removed = 0;
    for (const auto& name : group_names(tree)) {
        int worker = 0;
        auto number = std::string_view(name).substr(name.find_last_of('.') + 1);
        std::from_chars(number.data(), number.data() + number.size(), worker);
        if (!is_running(worker)) removed += remove_group(tree, name) ? 1 : 0;
    }
    return removed;
}

result<> put_into(const std::vector<fs::path>& doors, pid_t pid) {
    for (const auto& door : doors)
        MW_CHECK(set_control(door, std::to_string(pid)));
    return {};
}

std::string worker_group_name(std::string_view work, pid_t worker) {
    return fmt::format("{}.{}", work, worker);
}

bool remove_group(const Tree& tree, const std::string& name) {
    for (int round = 0; round < kRemovalRounds; ++round) {
        auto folders = all_folders(tree, name);
        if (folders.empty()) return true;
        kill_in(folders);
        for (const auto& folder : folders)
            ::rmdir(folder.c_str());
        if (all_folders(tree, name).empty()) return true;
        std::this_thread::sleep_for(kRemovalPause);
    }
    return false;
}

}  // namespace mw::cgroup
