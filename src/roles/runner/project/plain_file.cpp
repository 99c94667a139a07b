#include "roles/runner/project/plain_file.hpp"

#include <fcntl.h>

#include <cerrno>

#include "base/files.hpp"

namespace mw::runner {

result<UniqueFd> open_plain(const std::filesystem::path& file, struct stat& facts) {
    auto no_plain_file = [&] {
        return fail(Errc::invalid_argument, "It is no plain file.", file.string());
    };
    UniqueFd fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
    if (!fd && errno == ELOOP) return no_plain_file();
    if (!fd || ::fstat(fd.get(), &facts) != 0)
        return fail(file_error(errno, "The file cannot be read", file));
    if (!S_ISREG(facts.st_mode)) return no_plain_file();
    return fd;
}

result<std::string> read_plain(const std::filesystem::path& file, std::size_t max_bytes) {
    struct stat facts{};
    MW_TRY(auto fd, open_plain(file, facts));
    return read_file(fd.get(), file, max_bytes);
}

}  // namespace mw::runner
