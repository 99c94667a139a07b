// Removes workspaces that no worker uses any more. Blocking: call through offload.
#pragma once

#include <filesystem>
#include <set>
#include <string>

#include "base/error.hpp"

namespace mw::executor {

// Removes a tree, also where a project took its own permissions away.
result<> remove_tree(const std::filesystem::path& root);

// Every folder of `workspaces_dir` that is named like work ("run-12") and is not in `keep`.
// Goes on after a failure and says how many it removed; the first failure is logged.
int remove_leftover_workspaces(const std::filesystem::path& workspaces_dir,
                               const std::set<std::string>& keep);

}  // namespace mw::executor
