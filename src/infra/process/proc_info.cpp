#include "infra/process/proc_info.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <fstream>
#include <iterator>
#include <sstream>
#include <string>

namespace mw::process {
namespace {

namespace fs = std::filesystem;

// Fields of /proc/<pid>/stat from the third (state) on: the second, the name, may hold anything.
std::optional<std::istringstream> stat_fields(pid_t pid) {
    std::ifstream file(fmt::format("/proc/{}/stat", pid));
    std::string text{std::istreambuf_iterator<char>(file), {}};
    auto name_end = text.rfind(')');
    if (name_end == text.npos) return std::nullopt;
    return std::istringstream(text.substr(name_end + 1));
}

}  // namespace

std::optional<std::uint64_t> start_ticks(pid_t pid) {
    auto fields = stat_fields(pid);
    if (!fields) return std::nullopt;
    std::string state;
    *fields >> state;
    if (state == "Z" || state == "X") return std::nullopt;
    std::string skipped;
    for (int field = 4; field < 22; ++field)
        *fields >> skipped;
    std::uint64_t ticks = 0;
    if (!(*fields >> ticks)) return std::nullopt;
    return ticks;
}

bool is_running(pid_t pid, std::uint64_t started_at_ticks) {
    return start_ticks(pid) == started_at_ticks;
}

std::optional<fs::path> working_folder(pid_t pid) {
    std::error_code error;
    auto folder = fs::read_symlink(fmt::format("/proc/{}/cwd", pid), error);
    if (error) return std::nullopt;
    return folder;
}

std::optional<fs::path> mounted_from(pid_t pid, std::string_view place) {
    // 36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw: the fourth is the folder
    // within its file system, which is what a bind shows.
    std::ifstream mounts(fmt::format("/proc/{}/mountinfo", pid));
    for (std::string line; std::getline(mounts, line);) {
        std::istringstream fields(line);
        std::string id, parent, device, folder, target;
        if (fields >> id >> parent >> device >> folder >> target && target == place) return folder;
    }
    return std::nullopt;
}

std::optional<pid_t> lock_holder(const fs::path& file) {
    struct stat facts{};
    if (::stat(file.c_str(), &facts) != 0) return std::nullopt;
    auto wanted =
        fmt::format("{:02x}:{:02x}:{}", major(facts.st_dev), minor(facts.st_dev), facts.st_ino);
    // 1: POSIX  ADVISORY  WRITE 1234 fe:00:5678 0 EOF; a "->" before the kind: one that waits.
    std::ifstream locks("/proc/locks");
    for (std::string line; std::getline(locks, line);) {
        std::istringstream fields(line);
        std::string number, kind, mode, access, place;
        pid_t pid = 0;
        if (fields >> number >> kind >> mode >> access >> pid >> place && kind == "POSIX" &&
            place == wanted && pid > 0)
            return pid;
    }
    return std::nullopt;
}

std::vector<pid_t> own_children() {
    std::vector<pid_t> children;
    std::error_code error;
    // Each thread has a list of its own: a child belongs to the one that spawned it, an adopted
    // one to the first.
    for (const auto& task : fs::directory_iterator("/proc/self/task", error)) {
        std::ifstream file(task.path() / "children");
        children.insert(children.end(), std::istream_iterator<pid_t>(file), {});
    }
    return children;
}

}  // namespace mw::process
