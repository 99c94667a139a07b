#include "infra/store/file_object.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <boost/json.hpp>
#include <cerrno>

#include "base/files.hpp"
#include "infra/crypto/random.hpp"

namespace mw::store {
namespace {

namespace json = boost::json;

constexpr std::string_view kFileSuffix = ".obj";
constexpr std::string_view kFolderSuffix = ".dir";
constexpr std::string_view kMagic = "mwobj-1\n";
constexpr std::size_t kLengthBytes = 4;
constexpr std::size_t kTailBytes = kLengthBytes + kMagic.size();
constexpr std::size_t kFactsBytesMax = 4096;
constexpr int kPublishTries = 1000;

constexpr std::string_view kCannotStore = "The object cannot be stored";
constexpr std::string_view kCannotRead = "The object cannot be read";

std::string folder_name(std::string_view segment) {
    std::string name(segment);
    if (segment.ends_with(kFileSuffix) || segment.ends_with(kFolderSuffix)) name += kFolderSuffix;
    return name;
}

std::string make_trailer(const ObjectInfo& info) {
    auto facts = json::serialize(json::object{
        {"content_type", info.content_type}, {"etag", info.etag}, {"size", info.size_bytes}});
    auto length = static_cast<std::uint32_t>(facts.size());
    for (std::size_t i = 0; i < kLengthBytes; ++i)
        facts += static_cast<char>((length >> (8 * i)) & 0xFF);
    return facts.append(kMagic);
}

bool read_exactly(int fd, char* into, std::size_t size, std::uint64_t at) {
    while (size > 0) {
        auto got = ::pread(fd, into, size, static_cast<off_t>(at));
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return false;
        into += got;
        size -= static_cast<std::size_t>(got);
        at += static_cast<std::uint64_t>(got);
    }
    return true;
}

std::unexpected<Error> damaged(const std::filesystem::path& path) {
    return fail(Errc::internal, "The stored object is damaged", path.string());
}

Timestamp modified_at(const struct stat& facts) {
    return Timestamp(std::chrono::seconds(facts.st_mtim.tv_sec) +
                     std::chrono::microseconds(facts.st_mtim.tv_nsec / 1000));
}

// Reads the trailer of a file of `file_size` bytes into `info`.
bool read_facts(int fd, std::uint64_t file_size, ObjectInfo& info) {
    char tail[kTailBytes];
    if (file_size < kTailBytes || !read_exactly(fd, tail, kTailBytes, file_size - kTailBytes) ||
        std::string_view(tail + kLengthBytes, kMagic.size()) != kMagic)
        return false;
    std::size_t length = 0;
    for (std::size_t i = 0; i < kLengthBytes; ++i)
        length |= static_cast<std::size_t>(static_cast<unsigned char>(tail[i])) << (8 * i);
    if (length > kFactsBytesMax || length + kTailBytes > file_size) return false;

    std::string text(length, '\0');
    auto content_bytes = file_size - kTailBytes - length;
    if (!read_exactly(fd, text.data(), length, content_bytes)) return false;
    boost::system::error_code error;
    auto facts = json::parse(text, error);
    if (error || !facts.is_object()) return false;
    const auto& object = facts.get_object();
    const auto* type = object.if_contains("content_type");
    const auto* etag = object.if_contains("etag");
    const auto* size = object.if_contains("size");
    if (!type || !type->is_string() || !etag || !etag->is_string() || !size) return false;
    if (size->to_number<std::uint64_t>(error) != content_bytes || error) return false;
    info.content_type = json::value_to<std::string>(*type);
    info.etag = json::value_to<std::string>(*etag);
    info.size_bytes = content_bytes;
    return true;
}

Error broken_before() {
    return {Errc::unavailable, "The object cannot be stored: an earlier part of it failed", {}, {}};
}

// Makes the folders of `relative` under `root`; 0, or errno.
int make_folders(const std::filesystem::path& root, const std::filesystem::path& relative) {
    auto at = root;
    for (const auto& part : relative) {
        at /= part;
        if (::mkdir(at.c_str(), 0700) != 0 && errno != EEXIST) return errno;
    }
    return 0;
}

// Renames `part` to root/relative. A remove that runs at the same time takes folders away as
// soon as they are empty, so they may have to be made more than once.
result<> move_into_place(const std::filesystem::path& part, const std::filesystem::path& root,
                         const std::filesystem::path& relative) {
    auto target = root / relative;
    for (int tries = 0; tries < kPublishTries; ++tries) {
        if (::rename(part.c_str(), target.c_str()) == 0) return {};
        if (errno != ENOENT) return fail(file_error(errno, kCannotStore, target));
        int reason = make_folders(root, relative.parent_path());
        if (reason != 0 && reason != ENOENT) return fail(file_error(reason, kCannotStore, target));
    }
    return fail(Errc::unavailable, "The object cannot be stored: its folder keeps vanishing",
                target.string());
}

// Makes the way from `root` to the file durable: any of the folders may be new, also by another's
// doing that is not synced yet. One that has vanished went with the object, which is no error.
result<> sync_way(const std::filesystem::path& root, const std::filesystem::path& relative) {
    for (auto folder = relative.parent_path();; folder = folder.parent_path()) {
        auto synced = sync_folder(root / folder);
        if (!synced && synced.error().code != Errc::not_found) return synced;
        if (folder.empty()) return {};
    }
}

}  // namespace

std::filesystem::path path_of(std::string_view key) {
    std::filesystem::path path;
    for (auto slash = key.find('/'); slash != key.npos; slash = key.find('/')) {
        path /= folder_name(key.substr(0, slash));
        key.remove_prefix(slash + 1);
    }
    return path / std::string(key).append(kFileSuffix);
}

std::optional<DiskName> parse_disk_name(std::string_view name, bool is_folder) {
    if (is_folder) {
        if (name.ends_with(kFileSuffix)) return std::nullopt;
        if (name.ends_with(kFolderSuffix)) name.remove_suffix(kFolderSuffix.size());
    } else {
        if (!name.ends_with(kFileSuffix)) return std::nullopt;
        name.remove_suffix(kFileSuffix.size());
    }
    if (name.empty()) return std::nullopt;
    return DiskName{std::string(name), is_folder};
}

result<OpenObject> open_object(const std::filesystem::path& path, std::string_view key) {
    OpenObject object;
    object.fd = UniqueFd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
    // A parent that is a file, or a name too long for this disk, holds no object either.
    if (!object.fd && (errno == ENOENT || errno == ENOTDIR || errno == ENAMETOOLONG))
        return fail(Errc::not_found, "There is no such object", path.string());
    struct stat facts{};
    if (!object.fd || ::fstat(object.fd.get(), &facts) != 0)
        return fail(file_error(errno, kCannotRead, path));
    if (!S_ISREG(facts.st_mode) ||
        !read_facts(object.fd.get(), static_cast<std::uint64_t>(facts.st_size), object.info))
        return damaged(path);
    object.info.key = key;
    object.info.modified_at = modified_at(facts);
    return object;
}

PartFile::PartFile(UniqueFd fd, std::filesystem::path path)
    : fd_(std::move(fd)), path_(std::move(path)) {
}

PartFile::PartFile(PartFile&& other) noexcept
    : fd_(std::move(other.fd_)),
      path_(std::exchange(other.path_, {})),
      hash_(other.hash_),
      size_bytes_(other.size_bytes_),
      broken_(other.broken_) {
}

PartFile::~PartFile() {
    if (!path_.empty()) ::unlink(path_.c_str());
}

result<PartFile> PartFile::create(const std::filesystem::path& folder) {
    auto path = folder / (crypto::random_hex(16) + ".part");
    UniqueFd fd(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!fd) {
        auto error = file_error(errno, kCannotStore, path);
        // The folder is part of the store: without it the store is gone, not one object.
        if (error.code == Errc::not_found) error.code = Errc::unavailable;
        return fail(std::move(error));
    }
    return PartFile(std::move(fd), std::move(path));
}

result<> PartFile::append(std::string_view bytes) {
    if (broken_) return fail(broken_before());
    if (!write_all(fd_.get(), bytes)) {
        broken_ = true;  // some of the bytes may be there
        return fail(file_error(errno, kCannotStore, path_));
    }
    hash_.update(bytes);
    size_bytes_ += bytes.size();
    return {};
}

result<> PartFile::sync() {
    if (::fsync(fd_.get()) != 0) return fail(file_error(errno, kCannotStore, path_));
    return {};
}

result<ObjectInfo> PartFile::publish(const std::filesystem::path& root, const std::string& key,
                                     const std::string& content_type) {
    if (std::exchange(broken_, true)) return fail(broken_before());
    ObjectInfo info{key, size_bytes_, content_type, hash_.hex(), {}};
    if (!write_all(fd_.get(), make_trailer(info)))
        return fail(file_error(errno, kCannotStore, path_));
    MW_CHECK(sync());
    struct stat facts{};
    if (::fstat(fd_.get(), &facts) != 0) return fail(file_error(errno, kCannotStore, path_));
    info.modified_at = modified_at(facts);

    auto relative = path_of(key);
    MW_CHECK(move_into_place(path_, root, relative));
    path_.clear();
    MW_CHECK(sync_way(root, relative));
    return info;
}

}  // namespace mw::store
