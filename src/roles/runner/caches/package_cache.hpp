// Packages that `dbt deps` has installed, kept for the next run of the project that names the same
// ones: then dbt need not be asked, nor the network.
//
//   package_cache/project-<id>-<key>/    packages/  package-lock.yml  facts
//   package_cache/project-<id>-<key>.lock   the lock of a project that has none of its own
//
// The key is a digest of what decides: package-lock.yml, packages.yml, dependencies.yml, the
// engine, the folders. Only packages that are named exactly (package_pins.hpp) are kept or taken;
// a project without a lock file counts if its list names every package that gets installed.
// Projects share nothing: an address may hold a token that only one of them has. A pull request's
// run only takes, and what is kept is copied before any command of the job has run.
//
// What cannot be read, copied or kept costs a `dbt deps` and nothing else.
// Blocking file calls: a worker has nothing else to do meanwhile.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "base/layout.hpp"
#include "roles/runner/caches/package_pins.hpp"
#include "roles/runner/project/project_file.hpp"
#include "roles/runner/run_spec.hpp"

namespace mw::runner {

class PackageCache {
  public:
    PackageCache(const Layout& layout, const RunSpec& spec, const std::filesystem::path& engine,
                 std::filesystem::path project_folder, const ProjectFile& project);

    // What to say when there is nothing left for `dbt deps` to do, because the project names no
    // packages or they are in place now; empty when dbt must do it.
    std::string install();
    // Right after `dbt deps` has done it.
    void keep();

    bool has_lock() const;
    // That of an earlier run, for a project that has none.
    void put_lock(const std::string& text) const;
    // Empty when there is none.
    std::string lock() const;

  private:
    struct Files {
        std::string packages;
        std::string dependencies;
        std::string lock;
    };
    std::optional<Files> read_files() const;
    std::string name_of(const Files& files) const;
    bool bring(const std::filesystem::path& entry) const;
    void make_room() const;

    std::filesystem::path cache_dir_;
    std::filesystem::path project_folder_;
    std::filesystem::path packages_path_;  // in it; empty: not known
    std::string prefix_;                   // "project-7-"
    std::string place_;                    // what else decides, besides the files
    bool may_keep_ = true;
    // As they were before `dbt deps`; empty when that is not to be kept.
    std::optional<Files> before_;
};

}  // namespace mw::runner
