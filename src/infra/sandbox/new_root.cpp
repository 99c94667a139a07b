#include "infra/sandbox/new_root.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "infra/sandbox/defence.hpp"

namespace mw::sandbox {
namespace {

namespace fs = std::filesystem;

result<> failed(std::string_view what, const fs::path& path) {
    return fail(errno == ENOENT ? Errc::not_found : Errc::unavailable,
                fmt::format("{} {}: {}", what, path.string(), std::strerror(errno)));
}

result<> mount_at(const char* type, const fs::path& target, unsigned long flags,
                  const std::string& options) {
    if (::mount(type, target.c_str(), type, flags, options.c_str()) != 0)
        return failed("nothing can be mounted on", target);
    return {};
}

result<> make_folder(const fs::path& folder) {
    std::error_code error;
    fs::create_directories(folder, error);
    if (!error) return {};
    return fail(Errc::unavailable, fmt::format("{}: {}", folder.string(), error.message()));
}

result<> make_file(const fs::path& file) {
    MW_CHECK(make_folder(file.parent_path()));
    int fd = ::open(file.c_str(), O_CREAT | O_RDONLY | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0) return failed("cannot make", file);
    ::close(fd);
    return {};
}

// A link of the system, /bin to usr/bin, is a link inside as well.
result<> copy_link(const fs::path& source, const fs::path& target) {
    std::error_code error;
    auto to = fs::read_symlink(source, error);
    MW_CHECK(make_folder(target.parent_path()));
    if (::symlink(to.c_str(), target.c_str()) != 0 && errno != EEXIST)
        return failed("cannot make the link", target);
    return {};
}

result<> restrict_mount(const Bind& bind, const fs::path& target) {
    mount_attr attributes{};
    attributes.attr_set = MOUNT_ATTR_NOSUID;
    if (!bind.target().string().starts_with("/dev/")) attributes.attr_set |= MOUNT_ATTR_NODEV;
    if (!bind.writable && is_up(Defence::read_only)) attributes.attr_set |= MOUNT_ATTR_RDONLY;
    if (::mount_setattr(AT_FDCWD, target.c_str(), AT_RECURSIVE, &attributes, sizeof attributes) !=
        0)
        return failed("cannot restrict the mount", target);
    return {};
}

result<> place(const Bind& bind, const fs::path& root) {
    struct stat facts{};
    if (::lstat(bind.source.c_str(), &facts) != 0) {
        if (bind.optional && (errno == ENOENT || errno == ENOTDIR || errno == EACCES)) return {};
        return failed("a run needs, and there is not,", bind.source);
    }
    auto target = root / bind.target().relative_path();
    bool is_etc = bind.source.string().starts_with("/etc/");
    // /etc/resolv.conf may lead to a file elsewhere: then that file's content is bound.
    if (S_ISLNK(facts.st_mode) && !is_etc) return copy_link(bind.source, target);
    if (::stat(bind.source.c_str(), &facts) != 0) return {};
    MW_CHECK(S_ISDIR(facts.st_mode) ? make_folder(target) : make_file(target));
    // Not the mounts below a folder that a project may write to: the new root is one of them.
    unsigned long flags = bind.writable ? MS_BIND : MS_BIND | MS_REC;
    if (::mount(bind.source.c_str(), target.c_str(), nullptr, flags, nullptr) != 0)
        return failed("cannot show", bind.source);
    return restrict_mount(bind, target);
}

// A kernel in whose own /proc something is hidden (a container's, say) refuses a fresh one: then
// there is none, which still shows nobody else's processes.
result<> make_proc(const fs::path& root) {
    MW_CHECK(make_folder(root / "proc"));
    if (::mount("proc", (root / "proc").c_str(), "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC,
                nullptr) != 0 &&
        errno != EPERM)
        return failed("cannot mount", "/proc");
    return {};
}

result<> make_devices(const Plan& plan, const fs::path& root) {
    MW_CHECK(make_folder(root / "dev" / "shm"));
    MW_CHECK(mount_at("tmpfs", root / "dev" / "shm", MS_NOSUID | MS_NODEV | MS_NOEXEC,
                      fmt::format("mode=1777,size={}", plan.shm_bytes_max)));
    for (auto [name, to] : {std::pair{"fd", "/proc/self/fd"},
                            {"stdin", "/proc/self/fd/0"},
                            {"stdout", "/proc/self/fd/1"},
                            {"stderr", "/proc/self/fd/2"}})
        if (::symlink(to, (root / "dev" / name).c_str()) != 0)
            return failed("cannot make the link", fs::path("/dev") / name);
    return {};
}

result<> change_root(const fs::path& root) {
    if (::chdir(root.c_str()) != 0) return failed("cannot enter", root);
    // With both the same folder, the old root ends up on top of the new one, to be taken off.
    if (::syscall(SYS_pivot_root, ".", ".") != 0) return failed("cannot make a root of", root);
    if (::umount2(".", MNT_DETACH) != 0) return failed("cannot take off the old root of", root);
    if (::chdir("/") != 0) return failed("cannot enter", "/");
    mount_attr attributes{};
    attributes.attr_set = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV;
    if (is_up(Defence::read_only)) attributes.attr_set |= MOUNT_ATTR_RDONLY;
    if (::mount_setattr(AT_FDCWD, "/", 0, &attributes, sizeof attributes) != 0)
        return failed("cannot restrict the mount", "/");
    return {};
}

}  // namespace

result<> build_root(const Plan& plan) {
    if (::mount(nullptr, "/", nullptr, MS_REC | MS_SLAVE, nullptr) != 0)
        return failed("cannot leave the mounts of", "/");
    MW_CHECK(mount_at("tmpfs", plan.root, MS_NOSUID | MS_NODEV, "mode=755,size=16m"));
    auto binds = plan.binds;
    std::ranges::sort(binds, {}, [](const Bind& bind) -> const fs::path& { return bind.target(); });
    for (const auto& bind : binds)
        MW_CHECK(place(bind, plan.root));
    MW_CHECK(make_proc(plan.root));
    MW_CHECK(make_devices(plan, plan.root));
    return change_root(plan.root);
}

}  // namespace mw::sandbox
