#include "infra/git/mirror_folder.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <cerrno>
#include <vector>

#include "base/files.hpp"

namespace mw::git {
namespace {

namespace fs = std::filesystem;

constexpr int kTries = 5;
constexpr std::size_t kMostTextBytes = 4096;
constexpr const char* kMarker = "changing";
constexpr const char* kWhat = "The cached repository cannot be written";

// What is fetched stays packed, as packs are what is copied out; when to pack them anew is the
// janitor's matter.
constexpr std::string_view kConfig = R"([core]
	repositoryformatversion = 0
	bare = true
	logAllRefUpdates = false
[transfer]
	unpackLimit = 1
[gc]
	auto = 0
	packRefs = false
[maintenance]
	auto = false
[pack]
	threads = 1
	windowMemory = 64m
)";

bool is_left_over(const fs::path& file) {
    auto name = file.filename().string();
    // A pack is kept (".keep") until its ref is written.
    return name.ends_with(".lock") || name.ends_with(".keep") || name.starts_with("tmp_") ||
           name.starts_with(".tmp-");
}

}  // namespace

result<std::optional<MirrorLock>> MirrorLock::try_take(const fs::path& file, Use use) {
    for (int tries = 0; tries < kTries; ++tries) {
        UniqueFd opened(::open(file.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600));
        if (!opened) return fail(file_error(errno, "The cached repository cannot be locked", file));
        int how = use == Use::shared ? LOCK_SH : LOCK_EX;
        if (::flock(opened.get(), how | LOCK_NB) != 0) {
            if (errno == EWOULDBLOCK) return std::nullopt;
            return fail(file_error(errno, "The cached repository cannot be locked", file));
        }
        // The file goes with its mirror; whoever had opened it before begins again.
        struct stat locked{};
        struct stat named{};
        if (::fstat(opened.get(), &locked) == 0 && ::stat(file.c_str(), &named) == 0 &&
            locked.st_ino == named.st_ino && locked.st_dev == named.st_dev)
            return MirrorLock(std::move(opened));
    }
    return std::nullopt;
}

bool MirrorLock::share() {
    return ::flock(file_.get(), LOCK_SH | LOCK_NB) == 0;
}

MirrorFolder::MirrorFolder(const fs::path& cache, const std::string& name)
    : path_(cache / name), lock_file_(cache / (name + ".lock")) {
}

bool MirrorFolder::exists() const {
    std::error_code error;
    return fs::exists(path_ / "HEAD", error);
}

result<> MirrorFolder::prepare() {
    std::error_code error;
    if (exists()) {
        if (fs::exists(path_ / kMarker, error)) sweep();
        return {};
    }
    // HEAD comes last: without it there is no repository, and it is begun anew.
    remove();
    for (const auto& folder : {packs(), path_ / "refs" / "tips", path_ / "tips"}) {
        fs::create_directories(folder, error);
        if (error) return fail(file_error(error.value(), kWhat, folder));
    }
    fs::permissions(path_, fs::perms::owner_all, error);
    MW_CHECK(write_file_atomically(path_ / "config", kConfig, 0600));
    return write_file_atomically(path_ / "HEAD", "ref: refs/heads/main\n", 0600);
}

result<> MirrorFolder::begin_change() {
    return write_file_atomically(path_ / kMarker, "", 0600);
}

void MirrorFolder::end_change() {
    std::error_code ignored;
    fs::remove(path_ / kMarker, ignored);
}

void MirrorFolder::remove() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
}

// Packs and refs come into their places by one rename each, so what is there is whole.
void MirrorFolder::sweep() {
    std::error_code error;
    std::vector<fs::path> found;
    for (fs::recursive_directory_iterator entry(path_, error), end; !error && entry != end;
         entry.increment(error))
        if (is_left_over(entry->path())) found.push_back(entry->path());
    for (const auto& file : found)
        fs::remove_all(file, error);
}

void MirrorFolder::note_use() const {
    ::utimensat(AT_FDCWD, path_.c_str(), nullptr, 0);
}

result<> MirrorFolder::note_tip(const std::string& key, const std::string& text) {
    return write_file_atomically(path_ / "tips" / key, text, 0600);
}

std::optional<std::chrono::seconds> MirrorFolder::age_of(const std::string& key) const {
    std::error_code error;
    auto written = fs::last_write_time(path_ / "tips" / key, error);
    if (error) return std::nullopt;
    auto age = std::chrono::duration_cast<std::chrono::seconds>(fs::file_time_type::clock::now() -
                                                                written);
    return std::max(age, std::chrono::seconds(0));
}

std::string MirrorFolder::text_of(const std::string& key) const {
    return read_file(path_ / "tips" / key, kMostTextBytes).value_or("");
}

void MirrorFolder::forget_tip(const std::string& key) {
    std::error_code ignored;
    fs::remove(path_ / ref_of(key), ignored);
    fs::remove(path_ / "tips" / key, ignored);
}

void MirrorFolder::forget_tips_older_than(std::chrono::hours age) {
    std::error_code error;
    std::vector<std::string> old;
    for (const auto& entry : fs::directory_iterator(path_ / "tips", error))
        if (age_of(entry.path().filename()).value_or(age) > age)
            old.push_back(entry.path().filename());
    for (const auto& key : old)
        forget_tip(key);
}

}  // namespace mw::git
