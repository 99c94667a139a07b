// DuckDB lets one process at a time write a file. When another holds it, DuckDB names a pid; a
// reader of the log wants to know which run that is, and what to do.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace mw::runner {

struct LockClash {
    std::string file;
    std::string program;  // as DuckDB names it
    int pid = 0;          // 0 when it names none
};

// What a message of DuckDB says; empty when it is not about a lock. Pure.
std::optional<LockClash> find_lock_clash(std::string_view message);

// The run whose workspace `folder` is in; empty when it is none. Pure.
std::optional<std::string> run_of_folder(const std::filesystem::path& folder,
                                         const std::filesystem::path& workspaces_dir);

// One sentence for the log. Looks at the process that holds the file, so call it at once.
std::string explain_lock_clash(const LockClash& clash, const std::filesystem::path& workspaces_dir);

}  // namespace mw::runner
