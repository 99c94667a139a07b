#include "roles/runner/caches/parse_cache.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/log.hpp"
#include "base/unique_fd.hpp"
#include "roles/runner/project/plain_file.hpp"

namespace mw::runner {
namespace {

namespace fs = std::filesystem;

constexpr const char* kName = "partial_parse.msgpack";
// That of 10,000 models has about 150 MB.
constexpr off_t kMostBytes = 512L * 1024 * 1024;

std::string stamp_of(const struct stat& facts) {
    return fmt::format("{}.{}.{}.{}", facts.st_ino, facts.st_size, facts.st_mtim.tv_sec,
                       facts.st_mtim.tv_nsec);
}

// The stamp of the copy; empty when there is nothing to copy or it failed.
std::string copy_whole(const fs::path& from, const fs::path& to) {
    struct stat facts{};
    auto source = open_plain(from, facts);
    if (!source || facts.st_size == 0 || facts.st_size > kMostBytes) return {};
    auto fresh = to.string() + fmt::format(".{}", ::getpid());
    UniqueFd target(
        ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
    off_t left = target ? facts.st_size : 0;
    while (left > 0) {
        auto sent = ::sendfile(target.get(), source->get(), nullptr, static_cast<size_t>(left));
        if (sent <= 0) break;
        left -= sent;
    }
    struct stat written{};
    bool whole = target && left == 0 && ::fstat(target.get(), &written) == 0 &&
                 ::rename(fresh.c_str(), to.c_str()) == 0;
    if (whole) return stamp_of(written);
    log::warn("parse cache not copied", {{"reason", std::strerror(errno)}});
    ::unlink(fresh.c_str());
    return {};
}

}  // namespace

ParseCache::ParseCache(const Layout& layout, const RunSpec& spec, const fs::path& engine)
    : file_(layout.parse_cache_dir /
            fmt::format("environment-{}-{}.msgpack", spec.environment_id,
                        short_hash(fmt::format("{}\n{}\n{}", engine.filename().string(),
                                               spec.repository.project_subdirectory,
                                               spec.profile.target_name)))),
      may_keep_(!spec.is_pull_request()) {
}

void ParseCache::bring(const fs::path& target_folder) {
    if (brought_) return;
    brought_ = true;
    std::error_code error;
    auto place = target_folder / kName;
    if (!fs::exists(file_, error) || fs::exists(fs::symlink_status(place, error))) return;
    fs::create_directories(target_folder, error);
    kept_stamp_ = copy_whole(file_, place);
    // Said to the janitor: it is in use.
    ::utimensat(AT_FDCWD, file_.c_str(), nullptr, 0);
}

void ParseCache::keep(const fs::path& target_folder) {
    if (!may_keep_) return;
    struct stat facts{};
    auto made = open_plain(target_folder / kName, facts);
    if (!made || stamp_of(facts) == kept_stamp_) return;
    if (auto folder = prepare_private_folder(file_.parent_path()); !folder)
        log::warn("parse cache not kept", {{"reason", folder.error().message}});
    else if (!copy_whole(target_folder / kName, file_).empty())
        kept_stamp_ = stamp_of(facts);
}

}  // namespace mw::runner
