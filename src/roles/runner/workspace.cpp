#include "roles/runner/workspace.hpp"

#include <fmt/format.h>

#include <system_error>
#include <utility>

#include "base/files.hpp"
#include "base/log.hpp"

namespace mw::runner {
namespace {

namespace fs = std::filesystem;

// A process that was just killed may still be writing; a few rounds outlast it.
constexpr int kRemovalRounds = 5;

void make_removable(const fs::path& root) {
    std::error_code ignored;
    fs::permissions(root, fs::perms::owner_all, fs::perm_options::add, ignored);
    auto options = fs::directory_options::skip_permission_denied;
    for (fs::recursive_directory_iterator entry(root, options, ignored), end; entry != end;
         entry.increment(ignored)) {
        if (ignored) return;
        // Before the iterator descends into it; links are left alone.
        if (entry->is_directory(ignored) && !entry->is_symlink(ignored))
            fs::permissions(entry->path(), fs::perms::owner_all, fs::perm_options::add, ignored);
    }
}

bool remove_folder(const fs::path& root) {
    std::error_code error;
    for (int round = 0; round < kRemovalRounds; ++round) {
        fs::remove_all(root, error);
        if (!error) return true;
        make_removable(root);
    }
    log::error("workspace not removed", {{"folder", root.string()}, {"reason", error.message()}});
    return false;
}

result<> make_folder(const fs::path& folder) {
    std::error_code error;
    fs::create_directory(folder, error);
    if (!error) fs::permissions(folder, fs::perms::owner_all, error);
    if (error)
        return fail(file_error(error.value(), "The run's workspace cannot be created", folder));
    return {};
}

}  // namespace

bool is_inside(const fs::path& path, const fs::path& folder) {
    auto relative = path.lexically_relative(folder);
    return !relative.empty() && *relative.begin() != "..";
}

result<Workspace> Workspace::create(const fs::path& workspaces_dir, Id run_id) {
    return create(workspaces_dir, fmt::format("run-{}", run_id));
}

result<Workspace> Workspace::create(const fs::path& workspaces_dir, const std::string& name) {
    std::error_code error;
    if (fs::create_directories(workspaces_dir, error) && !error)
        fs::permissions(workspaces_dir, fs::perms::owner_all, error);
    if (error)
        return fail(
            file_error(error.value(), "The run's workspace cannot be created", workspaces_dir));
    auto root = fs::canonical(workspaces_dir, error) / name;
    if (!remove_folder(root))
        return fail(Errc::unavailable,
                    "The workspace that an earlier worker of this run left cannot be removed.");
    Workspace workspace(root);
    MW_CHECK(make_folder(root));
    for (const auto& folder : {workspace.home(), workspace.tmp(), workspace.profiles(),
                               workspace.retry(), workspace.deferred(), workspace.new_root()})
        MW_CHECK(make_folder(folder));
    return workspace;
}

Workspace::Workspace(Workspace&& other) noexcept
    : root_(std::exchange(other.root_, {})), confined_(other.confined_) {
}

Workspace::~Workspace() {
    if (!root_.empty()) remove_folder(root_);
}

result<fs::path> project_folder(const fs::path& repository, const std::string& subdirectory) {
    auto outside = [&] {
        return fail(Errc::invalid_argument,
                    fmt::format("The project's subdirectory \"{}\" is not inside the repository.",
                                subdirectory));
    };
    fs::path relative(subdirectory);
    // dbt Cloud takes "/analytics" for "analytics".
    relative = relative.relative_path();
    std::error_code error;
    auto root = fs::canonical(repository, error);
    if (error) return fail(Errc::not_found, "The repository has not been checked out.");
    if (!is_inside((root / relative).lexically_normal(), root)) return outside();
    auto folder = fs::canonical(root / relative, error);
    if (error || !fs::is_directory(folder))
        return fail(Errc::not_found,
                    fmt::format("The repository has no folder \"{}\", which is the "
                                "project's subdirectory.",
                                subdirectory));
    if (!is_inside(folder, root)) return outside();
    return folder;
}

}  // namespace mw::runner
