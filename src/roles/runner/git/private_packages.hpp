// Packages that a project names by their repository alone (`private: acme/utils`), as dbt Cloud
// takes them from the project's own git host. dbt knows none such, and the git that it would start
// has no key to that host: the code of a project must not read one. So the worker fetches them,
// and tells dbt of folders (`local:`).
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "roles/runner/git/git_program.hpp"
#include "roles/runner/run_spec.hpp"

namespace mw::runner {

struct PrivatePackage {
    std::string name;          // "acme/utils"
    std::string revision;      // branch, tag or commit; empty: the default branch
    std::string subdirectory;  // in the repository
};

// What lets git into a package's repository, if that is something else than lets it into the
// project's own.
struct PackageLogin {
    std::string url;
    std::string username;
    Secret password;
};
using LoginOf =
    std::function<boost::asio::awaitable<result<std::optional<PackageLogin>>>(std::string name)>;

// Where a repository of that name is, on the host of `remote_url` and by the same way; empty when
// the host is none that has names, or the name is none. Pure.
std::string url_of_package(std::string_view name, std::string_view remote_url);

// The text of packages.yml or dependencies.yml, with `folder_of` each private package in its place;
// everything else as it is. Pure.
std::string with_local_packages(std::string_view text,
                                const std::function<std::string(const PrivatePackage&)>& folder_of);

// Fetches those of the project, a run's own copy, and names their folders in its files. `project`
// is in the workspace. Errors: as git_program.hpp; upstream_failed and invalid_argument name the
// package.
boost::asio::awaitable<result<>> fetch_private_packages(Git::Setting setting,
                                                        RepositorySpec repository,
                                                        std::filesystem::path project,
                                                        LoginOf login_of);

}  // namespace mw::runner
