// What a run needs to know of dbt_project.yml before dbt reads it. Pure, but for `read_project`.
//
// Errors: not_found when there is no such file (naming the folder), invalid_argument when it is
// not YAML, with the line.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/error.hpp"

namespace mw::runner {

struct ProjectFile {
    std::string profile;      // of `profile:`; "user", as dbt Cloud names it, when there is none
    std::string target_path;  // of `target-path:`, else "target"
    // Of `packages-install-path:`, else "dbt_packages"; empty when only dbt can tell.
    std::string packages_path = "dbt_packages";
    std::string name = {};  // of `name:`; empty when only dbt can tell
    std::vector<std::string> macro_paths = {"macros"};
};

result<ProjectFile> parse_project_file(const std::string& yaml);

// `subdirectory` as the project is set up, for messages.
result<ProjectFile> read_project(const std::filesystem::path& folder,
                                 const std::string& subdirectory);

}  // namespace mw::runner
