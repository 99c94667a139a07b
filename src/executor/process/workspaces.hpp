// Workspaces that no worker uses any more. All but `put_aside` block: call through offload.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/error.hpp"

namespace mw::executor {

// Removes a tree, also where a project took its own permissions away.
result<> remove_tree(const std::filesystem::path& root);

// Names of the folders that are named like work ("run-12").
std::vector<std::string> list_workspaces(const std::filesystem::path& workspaces_dir);

// Out of the way at once, so that work which is started now may have a workspace of that name.
void put_aside(const std::filesystem::path& workspaces_dir, const std::string& name);

// Whatever was put aside, also by a process before this one. Goes on after a failure and says how
// many it removed; the failure is logged.
int remove_put_aside(const std::filesystem::path& workspaces_dir);

}  // namespace mw::executor
