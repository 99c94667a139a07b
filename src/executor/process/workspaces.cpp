#include "executor/process/workspaces.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdint>
#include <string_view>

#include "base/ids.hpp"
#include "base/log.hpp"
#include "executor/executor.hpp"

namespace mw::executor {
namespace {

namespace fs = std::filesystem;

// Gives the owner back what is needed to look into and empty each folder. Links are not
// followed: they may lead anywhere.
void open_folders(const fs::path& root) {
    std::error_code ignored;
    fs::permissions(root, fs::perms::owner_all, fs::perm_options::add, ignored);
    for (const auto& entry : fs::directory_iterator(root, ignored))
        if (entry.symlink_status(ignored).type() == fs::file_type::directory)
            open_folders(entry.path());
}

constexpr std::string_view kAside = ".aside-";

bool is_workspace(std::string_view name) {
    for (auto kind : {Kind::run, Kind::develop, Kind::connection_test}) {
        auto prefix = std::string(kind_name(kind)) + "-";
        if (name.starts_with(prefix)) return parse_id(name.substr(prefix.size())).has_value();
    }
    return false;
}

std::vector<fs::path> folders_of(const fs::path& workspaces_dir) {
    std::vector<fs::path> folders;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(workspaces_dir, error))
        folders.push_back(entry.path());
    return folders;
}

}  // namespace

result<> remove_tree(const fs::path& root) {
    std::error_code error;
    fs::remove_all(root, error);
    if (!error) return {};
    open_folders(root);
    fs::remove_all(root, error);
    if (!error) return {};
    return fail(Errc::internal, fmt::format("a workspace cannot be removed: {}", error.message()),
                root.string());
}

std::vector<std::string> list_workspaces(const fs::path& workspaces_dir) {
    std::vector<std::string> names;
    for (const auto& folder : folders_of(workspaces_dir))
        if (auto name = folder.filename().string(); is_workspace(name)) names.push_back(name);
    return names;
}

void put_aside(const fs::path& workspaces_dir, const std::string& name) {
    static std::uint64_t counter = 0;
    std::error_code error;
    auto aside = fmt::format("{}{}-{}-{}", kAside, ::getpid(), ++counter, name);
    fs::rename(workspaces_dir / name, workspaces_dir / aside, error);
    if (error && error != std::errc::no_such_file_or_directory)
        log::warn("a leftover workspace cannot be put aside",
                  {{"folder", name}, {"error", error.message()}});
}

int remove_put_aside(const fs::path& workspaces_dir) {
    int removed = 0;
    for (const auto& folder : folders_of(workspaces_dir)) {
        if (!folder.filename().string().starts_with(kAside)) continue;
        if (auto gone = remove_tree(folder); gone)
            ++removed;
        else
            log::warn("a leftover workspace cannot be removed",
                      {{"folder", folder.string()}, {"error", gone.error().message}});
    }
    return removed;
}

}  // namespace mw::executor
