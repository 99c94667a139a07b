#include "executor/process/workspaces.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <vector>

#include "base/ids.hpp"
#include "base/log.hpp"

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

bool is_workspace(const std::string& name) {
    for (std::string_view prefix : {"run-", "develop-"})
        if (name.starts_with(prefix))
            return parse_id(std::string_view(name).substr(prefix.size())).has_value();
    return false;
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

int remove_leftover_workspaces(const fs::path& workspaces_dir, const std::set<std::string>& keep) {
    std::vector<fs::path> leftovers;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(workspaces_dir, error)) {
        auto name = entry.path().filename().string();
        if (is_workspace(name) && !keep.contains(name)) leftovers.push_back(entry.path());
    }
    int removed = 0;
    for (const auto& leftover : leftovers) {
        if (auto gone = remove_tree(leftover); gone)
            ++removed;
        else
            log::warn("a leftover workspace cannot be removed",
                      {{"folder", leftover.string()}, {"error", gone.error().message}});
    }
    return removed;
}

}  // namespace mw::executor
