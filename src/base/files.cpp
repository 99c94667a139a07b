#include "base/files.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <atomic>
#include <cerrno>
#include <system_error>

namespace mw {
namespace {

constexpr std::string_view kCannotRead = "The file cannot be read";

// Unlinks the temporary file unless it has become the real one.
class TemporaryFile {
  public:
    explicit TemporaryFile(std::filesystem::path path) : path_(std::move(path)) {}
    TemporaryFile(const TemporaryFile&) = delete;
    TemporaryFile& operator=(const TemporaryFile&) = delete;
    ~TemporaryFile() {
        if (!path_.empty()) ::unlink(path_.c_str());
    }
    const std::filesystem::path& path() const { return path_; }
    void keep() { path_.clear(); }

  private:
    std::filesystem::path path_;
};

std::filesystem::path temporary_name(const std::filesystem::path& path) {
    static std::atomic<unsigned> counter{0};
    return path.parent_path() /
           fmt::format(".{}.{}.{}.tmp", path.filename().string(), ::getpid(), ++counter);
}

}  // namespace

Error file_error(int error_number, std::string_view what, const std::filesystem::path& path) {
    auto detail =
        fmt::format("{}: {}", path.string(), std::system_category().message(error_number));
    switch (error_number) {
        case ENOSPC:
            return {Errc::unavailable, fmt::format("{}: the disk is full", what), detail, {}};
        case EDQUOT:
            return {
                Errc::unavailable, fmt::format("{}: the disk quota is used up", what), detail, {}};
        case EROFS:
            return {Errc::unavailable, fmt::format("{}: the disk is read-only", what), detail, {}};
        case EACCES:
        case EPERM:
            return {Errc::unavailable, fmt::format("{}: permission denied", what), detail, {}};
        case EMFILE:
        case ENFILE:
            return {Errc::unavailable, fmt::format("{}: too many open files", what), detail, {}};
        case ENOENT:
            return {Errc::not_found, fmt::format("{}: there is no such file", what), detail, {}};
        default:
            return {Errc::internal,
                    fmt::format("{}: {}", what, std::system_category().message(error_number)),
                    detail,
                    {}};
    }
}

result<std::string> read_file(const std::filesystem::path& path, std::size_t max_bytes) {
    UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!fd) return fail(file_error(errno, kCannotRead, path));
    return read_file(fd.get(), path, max_bytes);
}

result<std::string> read_file(int fd, const std::filesystem::path& path, std::size_t max_bytes) {
    std::string content;
    char chunk[16 * 1024];
    for (;;) {
        auto got = ::read(fd, chunk, sizeof chunk);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return fail(file_error(errno, kCannotRead, path));
        if (got == 0) return content;
        content.append(chunk, static_cast<std::size_t>(got));
        if (content.size() > max_bytes)
            return fail(Errc::limit_exceeded,
                        fmt::format("{}: it is larger than {} bytes", kCannotRead, max_bytes),
                        path.string());
    }
}

bool write_all(int fd, std::string_view bytes) {
    while (!bytes.empty()) {
        auto put = ::write(fd, bytes.data(), bytes.size());
        if (put < 0 && errno == EINTR) continue;
        if (put < 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(put));
    }
    return true;
}

result<> sync_folder(const std::filesystem::path& folder) {
    auto name = folder.empty() ? std::filesystem::path(".") : folder;
    UniqueFd fd(::open(name.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!fd || ::fsync(fd.get()) != 0)
        return fail(file_error(errno, "The folder cannot be written", name));
    return {};
}

result<> write_file_atomically(const std::filesystem::path& path, std::string_view bytes,
                               unsigned mode, IfExists if_exists) {
    constexpr std::string_view kWhat = "The file cannot be written";
    TemporaryFile temporary(temporary_name(path));
    UniqueFd fd(::open(temporary.path().c_str(),
                       O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!fd) {
        int reason = errno;
        if (reason == EEXIST) temporary.keep();  // not ours to remove
        return fail(file_error(reason, kWhat, path));
    }
    if (!write_all(fd.get(), bytes) || ::fchmod(fd.get(), static_cast<mode_t>(mode)) != 0 ||
        ::fsync(fd.get()) != 0)
        return fail(file_error(errno, kWhat, path));

    if (if_exists == IfExists::fail) {
        // link(2), unlike rename(2), never replaces: of two starters exactly one wins.
        if (::link(temporary.path().c_str(), path.c_str()) != 0) {
            if (errno == EEXIST)
                return fail(Errc::conflict, "The file exists already", path.string());
            return fail(file_error(errno, kWhat, path));
        }
    } else {
        if (::rename(temporary.path().c_str(), path.c_str()) != 0)
            return fail(file_error(errno, kWhat, path));
        temporary.keep();
    }
    return sync_folder(path.parent_path());
}

}  // namespace mw
