#include "roles/runner/command/duckdb_lock.hpp"

#include <fmt/format.h>

#include <charconv>

#include "infra/process/proc_info.hpp"
#include "roles/runner/workspace.hpp"

namespace mw::runner {
namespace {

// Advances `text` behind `mark`; false when it is not there.
bool skip_behind(std::string_view& text, std::string_view mark) {
    auto at = text.find(mark);
    if (at == std::string_view::npos) return false;
    text.remove_prefix(at + mark.size());
    return true;
}

}  // namespace

std::optional<LockClash> find_lock_clash(std::string_view message) {
    // IO Error: Could not set lock on file "/x.duckdb": Conflicting lock is held in
    // /usr/bin/python3.11 (PID 1234) by user shop. See also …
    LockClash clash;
    if (!skip_behind(message, "Could not set lock on file \"")) return std::nullopt;
    auto end = message.find('"');
    if (end == std::string_view::npos) return std::nullopt;
    clash.file = message.substr(0, end);
    if (!skip_behind(message, "Conflicting lock is held in ")) return clash;
    auto pid_at = message.find("(PID ");
    if (pid_at == std::string_view::npos) return clash;
    clash.program = message.substr(0, pid_at);
    while (clash.program.ends_with(' '))
        clash.program.pop_back();
    auto digits = message.substr(pid_at + 5);
    std::from_chars(digits.data(), digits.data() + digits.size(), clash.pid);
    return clash;
}

std::optional<std::string> run_of_folder(const std::filesystem::path& folder,
                                         const std::filesystem::path& workspaces_dir) {
    constexpr std::string_view kPrefix = "run-";
    auto relative = folder.lexically_relative(workspaces_dir);
    if (relative.empty()) return std::nullopt;
    auto first = relative.begin()->string();
    if (!first.starts_with(kPrefix)) return std::nullopt;
    return first.substr(kPrefix.size());
}

namespace {

std::optional<std::string> run_of_process(int pid, const std::filesystem::path& workspaces_dir) {
    // Of a mount the path is told within its file system only: the end of the whole.
    auto seen = process::mounted_from(pid, kSeenWorkspace);
    if (seen && workspaces_dir.string().ends_with(seen->parent_path().string()))
        return run_of_folder(*seen, seen->parent_path());
    auto folder = process::working_folder(pid);
    return folder ? run_of_folder(*folder, workspaces_dir) : std::nullopt;
}

}  // namespace

std::string explain_lock_clash(const LockClash& clash,
                               const std::filesystem::path& workspaces_dir) {
    std::string holder = "another process";
    // A confined dbt cannot name a process outside of its own sandbox, nor count as we do.
    auto pid = process::lock_holder(clash.file).value_or(clash.pid);
    if (pid > 0) {
        auto run = run_of_process(pid, workspaces_dir);
        if (run)
            holder = fmt::format("run {} of this Millwright (process {})", *run, pid);
        else if (!clash.program.empty())
            holder = fmt::format("{} (process {})", clash.program, pid);
        else
            holder = fmt::format("process {}", pid);
    }
    return fmt::format(
        "The DuckDB file \"{}\" is in use by {}; DuckDB lets one process at a time write a file. "
        "Wait until it has ended, give each environment a file of its own, or let dbt wait longer "
        "with `retries: {{connect_attempts: …}}` in the environment's extended attributes.",
        clash.file, holder);
}

}  // namespace mw::runner
