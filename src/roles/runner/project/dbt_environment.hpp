// The whole environment of a dbt command: what a run's specification gives, and nothing of the
// worker's own. Pure.
//
// Names that a project may set begin with DBT_; PATH, HOME, LD_PRELOAD and the like are not its
// to change, and neither is what Millwright says of the run (DBT_ENV, DBT_CLOUD_RUN_ID, …).
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "roles/runner/git/fetch.hpp"
#include "roles/runner/project/project_file.hpp"
#include "roles/runner/run_spec.hpp"
#include "roles/runner/workspace.hpp"

namespace mw::runner {

using EnvironmentMap = std::map<std::string, std::string>;

// For the engine itself, before any project is known.
EnvironmentMap engine_environment(const Workspace& workspace,
                                  const std::filesystem::path& engine_bin);

EnvironmentMap dbt_environment(const RunSpec& spec, const Workspace& workspace,
                               const std::filesystem::path& engine_bin, const Checkout& checkout,
                               const ProjectFile& project);

// The folder in which a command leaves its artifacts. `argv` may move it (--target-path,
// --project-dir).
std::filesystem::path target_folder(const std::filesystem::path& project_folder,
                                    const EnvironmentMap& environment,
                                    const std::vector<std::string>& argv);

}  // namespace mw::runner
