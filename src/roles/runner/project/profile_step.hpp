// The step that makes the run's profiles.yml: mode 0600, outside the checkout, never logged.
//
// Errors: what is missing in the project, the connection or the environment, in one sentence.
#pragma once

#include <filesystem>

#include "base/error.hpp"
#include "roles/runner/project/project_file.hpp"
#include "roles/runner/report/step_log.hpp"
#include "roles/runner/run_spec.hpp"
#include "roles/runner/workspace.hpp"

namespace mw::runner {

// The file alone.
result<> write_profile_file(const ProfileSpec& spec, const std::string& profile_name,
                            const Workspace& workspace);

// And what it holds, in the step's log.
result<> write_profile(const ProfileSpec& spec, const ProjectFile& project,
                       const Workspace& workspace, StepLog log);

}  // namespace mw::runner
