#include "roles/supervisor/data_folder.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "base/unique_fd.hpp"

namespace mw::supervisor {
namespace {

namespace fs = std::filesystem;

std::unexpected<Error> folder_error(const fs::path& folder, std::string_view what, int error) {
    return fail(Errc::unavailable,
                fmt::format("the folder {} {}: {}", folder.string(), what, std::strerror(error)));
}

// Gives a folder that root has just made, or that stands there as root's, to the service user.
// By descriptor, so that no one can swap the path for a link in between.
result<> hand_over(const fs::path& folder, const process::ServiceUser& user) {
    UniqueFd fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (!fd) return folder_error(folder, "cannot be opened", errno);
    struct stat facts{};
    if (::fstat(fd.get(), &facts) != 0) return folder_error(folder, "cannot be read", errno);
    if (facts.st_uid == user.uid) return {};
    if (facts.st_uid != ::geteuid())
        return fail(Errc::conflict,
                    fmt::format("the folder {} belongs to system user {}, and the appliance would "
                                "run as {}: start it as that user, or choose another with "
                                "--data-dir",
                                folder.string(), facts.st_uid, user.name));
    if (::fchown(fd.get(), user.uid, user.gid) != 0)
        return folder_error(folder, fmt::format("cannot be given to {}", user.name), errno);
    return {};
}

result<> create_folder(const fs::path& folder, const process::ServiceUser& user) {
    std::error_code error;
    fs::create_directories(folder.parent_path(), error);
    if (error) return folder_error(folder, "cannot be created", error.value());
    if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST)
        return folder_error(folder, "cannot be created", errno);
    return hand_over(folder, user);
}

}  // namespace

fs::path nearest_existing(const fs::path& path) {
    auto existing = path;
    std::error_code error;
    while (existing.has_relative_path() && !fs::exists(existing, error))
        existing = existing.parent_path();
    return existing;
}

result<> check_free_space(const fs::path& folder, std::uint64_t least_bytes) {
    auto existing = nearest_existing(folder);
    struct statvfs facts{};
    if (::statvfs(existing.c_str(), &facts) != 0)
        return folder_error(existing, "cannot be examined", errno);
    // What an ordinary user may use, without root's reserve.
    auto free_bytes = static_cast<std::uint64_t>(facts.f_bavail) * facts.f_frsize;
    if (free_bytes >= least_bytes) return {};
    constexpr std::uint64_t kMib = 1024 * 1024;
    return fail(Errc::unavailable,
                fmt::format("the disk of {} is full: {} MiB are free and at least {} MiB are "
                            "needed; make room, or choose another folder with --data-dir",
                            folder.string(), free_bytes / kMib, least_bytes / kMib));
}

result<> check_reachable(const fs::path& path, std::string_view what,
                         const process::ServiceUser& user, std::string_view advice) {
    auto existing = nearest_existing(path);
    fs::path way;
    for (const auto& part : existing) {
        way /= part;
        struct stat facts{};
        bool known = ::stat(way.c_str(), &facts) == 0;
        if (known && !S_ISDIR(facts.st_mode)) break;
        if (known && ::faccessat(AT_FDCWD, way.c_str(), X_OK, AT_EACCESS) == 0) continue;
        return fail(Errc::forbidden,
                    fmt::format("{} {} cannot be reached: system user {} may not enter {}; {}",
                                what, path.string(), user.name, way.string(), advice));
    }
    return {};
}

result<> create_folders(const Layout& layout, const process::ServiceUser& user) {
    MW_CHECK(create_folder(layout.data_dir, user));
    return create_folder(layout.run_dir, user);
}

result<> check_writable(const Layout& layout) {
    const auto& folder = layout.data_dir;
    auto probe = folder / fmt::format(".write-check.{}", ::getpid());
    UniqueFd fd(::open(probe.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (!fd) return folder_error(folder, "cannot be written to", errno);
    bool written = ::write(fd.get(), "x", 1) == 1;
    int error = errno;
    ::unlink(probe.c_str());
    if (!written) return folder_error(folder, "cannot be written to", error);
    return {};
}

result<> prepare_data_folder(const Layout& layout) {
    MW_CHECK(prepare_private_folder(layout.run_dir));
    for (const auto& folder :
         {layout.keys_dir, layout.logs_dir, layout.store_dir, layout.workspaces_dir}) {
        if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST)
            return folder_error(folder, "cannot be created", errno);
        if (::access(folder.c_str(), R_OK | W_OK | X_OK) != 0)
            return folder_error(folder, "cannot be used", errno);
    }
    return {};
}

}  // namespace mw::supervisor
