// Packages that a project names by their repository alone (`private: acme/utils`), as dbt Cloud
// takes them from the project's own git host. dbt itself knows only `git:`, which this makes of
// them. Pure, but for `name_private_packages`.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "base/error.hpp"

namespace mw::runner {

// Where a repository of that name is, on the host of `remote_url` and by the same way; empty when
// the host is none that has names, or the name is none.
std::string url_of_package(std::string_view name, std::string_view remote_url);

// The text of packages.yml, dependencies.yml or package-lock.yml with each `private:` as `git:`,
// and its `provider:` left out. Everything else stays as it is.
std::string with_git_packages(std::string_view text, std::string_view remote_url);

// In the files of the project's folder, which is a run's own copy. How many were named.
result<int> name_private_packages(const std::filesystem::path& project,
                                  std::string_view remote_url);

}  // namespace mw::runner
