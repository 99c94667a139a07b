// Objects under keys, for logs and artifacts: the same interface for a folder and for S3.
//
// A key is UTF-8 of 1 to 1024 bytes, segments joined by "/": no empty segment, "." or "..", no
// control character or backslash, at most 200 bytes a segment. "a" and "a/b" may both exist.
// An object appears whole or not at all, replaces an older one at once, and is durable when put
// or commit returns.
//
// Errors everywhere: invalid_argument (key), not_found, unavailable (disk full, read-only, no
// permission, too busy), internal (damaged object). Messages hold no path.
// For coroutines on one io thread; a store may be shared by any number of them.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/offload.hpp"
#include "base/time.hpp"

namespace mw::store {

struct ObjectInfo {
    std::string key;
    std::uint64_t size_bytes = 0;
    std::string content_type;
    std::string etag;  // changes when the content does; no quotes
    Timestamp modified_at;
};

struct ListedObject {
    std::string key;
    std::uint64_t size_bytes = 0;
    Timestamp modified_at;
};

struct ListPage {
    std::vector<ListedObject> objects;
    bool more = false;  // list again with `after` = the last key
};

struct PutOptions {
    std::string content_type = "application/octet-stream";
};

// Inclusive, as in HTTP; without `last` to the end. A range that begins past the end is
// invalid_argument; one that ends past it is cut.
struct ByteRange {
    std::uint64_t first = 0;
    std::optional<std::uint64_t> last = {};
};

// One object, open: goes on reading what it opened even if the object is replaced or removed.
class ObjectReader {
  public:
    virtual ~ObjectReader() = default;
    virtual const ObjectInfo& info() const = 0;
    // How many bytes this reader will give: the object's size, or the range's.
    virtual std::uint64_t length_bytes() const = 0;
    // Up to max_bytes; empty at the end.
    virtual boost::asio::awaitable<result<std::string>> read(std::size_t max_bytes) = 0;
};

// An object in the making. Destroyed without commit, it leaves nothing behind.
class ObjectWriter {
  public:
    virtual ~ObjectWriter() = default;
    virtual boost::asio::awaitable<result<>> write(std::string bytes) = 0;
    virtual boost::asio::awaitable<result<ObjectInfo>> commit() = 0;
};

// The most that list returns at once.
inline constexpr std::size_t kListLimitMax = 1000;

class ObjectStore {
  public:
    virtual ~ObjectStore() = default;

    virtual boost::asio::awaitable<result<ObjectInfo>> put(std::string key, std::string bytes,
                                                           PutOptions options) = 0;
    // The file is read while it is stored and stays where it is.
    virtual boost::asio::awaitable<result<ObjectInfo>> put_file(std::string key,
                                                                std::filesystem::path file,
                                                                PutOptions options) = 0;
    // For content that comes in pieces.
    virtual boost::asio::awaitable<result<std::unique_ptr<ObjectWriter>>> create(
        std::string key, PutOptions options) = 0;

    virtual boost::asio::awaitable<result<std::unique_ptr<ObjectReader>>> get(
        std::string key, std::optional<ByteRange> range = {}) = 0;
    // The whole object in memory; limit_exceeded when it is larger than max_bytes.
    boost::asio::awaitable<result<std::string>> get_bytes(std::string key, std::size_t max_bytes);
    virtual boost::asio::awaitable<result<ObjectInfo>> head(std::string key) = 0;

    // Keys that begin with `prefix` (any string, not only a folder) and come after `after`, in
    // byte order. limit: 1 to kListLimitMax.
    virtual boost::asio::awaitable<result<ListPage>> list(std::string prefix, std::string after,
                                                          std::size_t limit) = 0;

    // Removing what isn't there is no error.
    virtual boost::asio::awaitable<result<>> remove(std::string key) = 0;
    // Removes every object whose key begins with `prefix` and says how many there were. An
    // empty prefix is refused: nobody means it.
    virtual boost::asio::awaitable<result<std::uint64_t>> remove_prefix(std::string prefix) = 0;

    // For health checks: can something be written, read and removed?
    virtual boost::asio::awaitable<result<>> check() = 0;
};

// "file:/var/lib/millwright/store" (the folder is made if need be). The pool must outlive the
// store. Blocking; called at start-up. Errors: invalid_argument for another kind of URL.
result<std::unique_ptr<ObjectStore>> make_object_store(std::string_view url, BlockingPool& pool);

// invalid_argument with the reason, or nothing.
result<> check_key(std::string_view key);

// By the key's extension, for artifacts: json, jsonl, html, sql, txt, log, parquet, zst, gz …
std::string_view content_type_for(std::string_view key);

}  // namespace mw::store
