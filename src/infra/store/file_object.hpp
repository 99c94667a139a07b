// One object of the file store on disk. Blocking; private to this folder.
//
// A file is the content, then a trailer: JSON {"content_type","etag","size"}, its length in 4
// bytes little-endian, and 8 bytes that say "complete". Content and facts thus appear with one
// rename, and a file that was cut is told from a whole one.
//
// Key to path: folders carry the segment's name, files the last segment's with ".obj", so "a"
// and "a/b" can both exist. A folder's name that ends like ".obj" or ".dir" gets ".dir".
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "base/unique_fd.hpp"
#include "infra/crypto/token_hash.hpp"
#include "infra/store/object_store.hpp"

namespace mw::store {

// Relative to the folder of objects; the key is one that check_key accepts.
std::filesystem::path path_of(std::string_view key);

// The inverse for one name in a folder.
struct DiskName {
    std::string segment;
    bool folder = false;
};
// Empty for what is none of ours.
std::optional<DiskName> parse_disk_name(std::string_view name, bool is_folder);

struct OpenObject {
    UniqueFd fd;
    ObjectInfo info;
};

result<OpenObject> open_object(const std::filesystem::path& path, std::string_view key);

// A file that is being written; removed on destruction unless published.
class PartFile {
  public:
    // `folder` is on the same file system as where it is published to.
    static result<PartFile> create(const std::filesystem::path& folder);

    PartFile(PartFile&& other) noexcept;
    PartFile& operator=(PartFile&&) = delete;
    ~PartFile();

    result<> append(std::string_view bytes);
    // Adds the trailer, syncs, and renames to root/path_of(key), making folders as needed.
    result<ObjectInfo> publish(const std::filesystem::path& root, const std::string& key,
                               const std::string& content_type);
    // The first half of publish, for a check of the disk.
    result<> sync();

  private:
    PartFile(UniqueFd fd, std::filesystem::path path);

    UniqueFd fd_;
    std::filesystem::path path_;
    crypto::Sha256 hash_;
    std::uint64_t size_bytes_ = 0;
    bool broken_ = false;  // a write failed, or it is published: nothing more goes in
};

}  // namespace mw::store
