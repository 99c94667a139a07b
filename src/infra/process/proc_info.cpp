#include "infra/process/proc_info.hpp"

#include <fmt/format.h>

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
