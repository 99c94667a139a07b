// The folder of one run: workspaces/run-<id>/, mode 0700, gone when the run is.
//
//   repository/  the checkout        home/  HOME of git and dbt     tmp/  TMPDIR
//   profiles/    profiles.yml        retry/ artifacts of the run that is taken up
//   deferred/    artifacts of the run that is deferred to
//   root/        on which the confined engine's root is mounted; empty as seen from here
//
// Blocking file calls: a worker has nothing else to do meanwhile.
// Errors: `unavailable` for a full or read-only disk, with a sentence.
#pragma once

#include <filesystem>
#include <string>

#include "base/error.hpp"
#include "base/ids.hpp"

namespace mw::runner {

// Where a confined engine sees the workspace, whatever the run: paths that dbt keeps in its parsed
// project, those of seeds, are good for the next run as well.
inline constexpr const char* kSeenWorkspace = "/workspace";

class Workspace {
  public:
    // What an earlier worker of this run left behind is removed first.
    static result<Workspace> create(const std::filesystem::path& workspaces_dir, Id run_id);
    // The same for other work, under the name that the executor gives it.
    static result<Workspace> create(const std::filesystem::path& workspaces_dir,
                                    const std::string& name);

    Workspace(Workspace&& other) noexcept;
    Workspace& operator=(Workspace&&) = delete;
    // Removes the folder, also where the project took its own permissions away.
    ~Workspace();

    const std::filesystem::path& root() const { return root_; }
    std::filesystem::path repository() const { return root_ / "repository"; }
    std::filesystem::path home() const { return root_ / "home"; }
    std::filesystem::path tmp() const { return root_ / "tmp"; }
    std::filesystem::path profiles() const { return root_ / "profiles"; }
    std::filesystem::path retry() const { return root_ / "retry"; }
    std::filesystem::path deferred() const { return root_ / "deferred"; }
    std::filesystem::path new_root() const { return root_ / "root"; }

    // From now on the engine sees it at kSeenWorkspace.
    void confine() { confined_ = true; }
    // A path of the workspace as the engine sees it.
    std::filesystem::path seen(const std::filesystem::path& path) const {
        return confined_ ? (kSeenWorkspace / path.lexically_relative(root_)).lexically_normal()
                         : path;
    }

  private:
    explicit Workspace(std::filesystem::path root) : root_(std::move(root)) {}
    std::filesystem::path root_;
    bool confined_ = false;
};

// Whether `path` is the folder or lies in it; by their spelling, so resolve links first.
bool is_inside(const std::filesystem::path& path, const std::filesystem::path& folder);

// The folder of the dbt project inside a checkout. Errors: invalid_argument when `subdirectory`
// leads out of the checkout, not_found when it does not exist.
result<std::filesystem::path> project_folder(const std::filesystem::path& repository,
                                             const std::string& subdirectory);

}  // namespace mw::runner
