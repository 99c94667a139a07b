// What a run's dbt may see of this machine: its own workspace, its engine, the operating system,
// and the folder of the DuckDB file that its profile names.
//
// Errors: `invalid_argument` names a setting or the warehouse's path and says why not.
#pragma once

#include <filesystem>
#include <optional>
#include <vector>

#include "base/layout.hpp"
#include "base/settings.hpp"
#include "infra/cgroup/limits.hpp"
#include "infra/sandbox/plan.hpp"
#include "roles/runner/run_spec.hpp"
#include "roles/runner/workspace.hpp"

namespace mw::runner {

// The operator's word about it.
struct ConfinementSettings {
    bool on = true;
    // Open to every run, to read and to write.
    std::vector<std::filesystem::path> folders = {};
    cgroup::Limits limits = {};
    // Of the run's group (RunGroup), for the one run that this is about.
    std::vector<std::filesystem::path> doors = {};
    std::uint64_t processes_max = 0;  // 0: no further limit

    static result<ConfinementSettings> from(const Settings& settings);
};

// The folders of the DuckDB files that the profile names, links resolved. Those inside the project,
// in memory, elsewhere on the network, or spelled in Jinja need none.
result<std::vector<std::filesystem::path>> warehouse_folders(const Layout& layout,
                                                             const ProfileSpec& profile);

// Empty when the operator has switched confinement off.
result<std::optional<sandbox::Plan>> plan_confinement(const ConfinementSettings& settings,
                                                      const Layout& layout,
                                                      const Workspace& workspace,
                                                      const ProfileSpec& profile,
                                                      const std::filesystem::path& engine);

}  // namespace mw::runner
