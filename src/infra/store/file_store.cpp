#include "infra/store/file_store.hpp"

#include <fcntl.h>

#include <algorithm>
#include <cerrno>

#include "base/files.hpp"
#include "base/log.hpp"
#include "infra/store/file_object.hpp"
#include "infra/store/file_walk.hpp"

namespace mw::store {
namespace {

namespace fs = std::filesystem;
template <class T>
using Awaitable = boost::asio::awaitable<result<T>>;

constexpr std::size_t kCopyBytes = 256UL * 1024;
constexpr std::size_t kRemoveBatch = 1000;
constexpr std::chrono::hours kStalePartAge{24};

struct Folders {
    fs::path objects;
    fs::path incoming;
};

class FileReader final : public ObjectReader {
  public:
    FileReader(BlockingPool& pool, OpenObject object, std::uint64_t begin, std::uint64_t length)
        : pool_(pool), object_(std::move(object)), at_(begin), left_(length), length_(length) {}

    const ObjectInfo& info() const override { return object_.info; }
    std::uint64_t length_bytes() const override { return length_; }

    Awaitable<std::string> read(std::size_t max_bytes) override {
        auto want = static_cast<std::size_t>(std::min<std::uint64_t>(left_, max_bytes));
        if (want == 0) co_return std::string();
        MW_CO_TRY(auto piece,
                  co_await offload(pool_, [this, want] { return read_blocking(want); }));
        at_ += piece.size();
        left_ -= piece.size();
        co_return piece;
    }

  private:
    result<std::string> read_blocking(std::size_t want) const {
        std::string piece(want, '\0');
        for (;;) {
            auto got = ::pread(object_.fd.get(), piece.data(), want, static_cast<off_t>(at_));
            if (got < 0 && errno == EINTR) continue;
            if (got < 0)
                return fail(file_error(errno, "The object cannot be read", object_.info.key));
            if (got == 0)
                return fail(Errc::internal, "The stored object is damaged", object_.info.key);
            piece.resize(static_cast<std::size_t>(got));
            return piece;
        }
    }

    BlockingPool& pool_;
    OpenObject object_;
    std::uint64_t at_;
    std::uint64_t left_;
    std::uint64_t length_;
};

class FileWriter final : public ObjectWriter {
  public:
    FileWriter(BlockingPool& pool, fs::path objects, PartFile part, std::string key,
               std::string content_type)
        : pool_(pool),
          objects_(std::move(objects)),
          part_(std::move(part)),
          key_(std::move(key)),
          content_type_(std::move(content_type)) {}

    Awaitable<void> write(std::string bytes) override {
        co_return co_await offload(pool_, [this, &bytes] { return part_.append(bytes); });
    }
    Awaitable<ObjectInfo> commit() override {
        co_return co_await offload(pool_,
                                   [this] { return part_.publish(objects_, key_, content_type_); });
    }

  private:
    BlockingPool& pool_;
    fs::path objects_;
    PartFile part_;
    std::string key_;
    std::string content_type_;
};

result<ObjectInfo> put_bytes(const Folders& folders, const std::string& key, std::string_view bytes,
                             const std::string& content_type) {
    MW_CHECK(check_key(key));
    MW_TRY(auto part, PartFile::create(folders.incoming));
    MW_CHECK(part.append(bytes));
    return part.publish(folders.objects, key, content_type);
}

result<ObjectInfo> put_copy(const Folders& folders, const std::string& key, const fs::path& file,
                            const std::string& content_type) {
    constexpr std::string_view kWhat = "The file to be stored cannot be read";
    MW_CHECK(check_key(key));
    UniqueFd source(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
    if (!source) return fail(file_error(errno, kWhat, file));
    MW_TRY(auto part, PartFile::create(folders.incoming));
    std::string chunk(kCopyBytes, '\0');
    for (;;) {
        auto got = ::read(source.get(), chunk.data(), chunk.size());
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return fail(file_error(errno, kWhat, file));
        if (got == 0) return part.publish(folders.objects, key, content_type);
        MW_CHECK(part.append(std::string_view(chunk).substr(0, static_cast<std::size_t>(got))));
    }
}

result<ListPage> list_page(const fs::path& objects, const std::string& prefix,
                           const std::string& after, std::size_t limit) {
    if (limit == 0 || limit > kListLimitMax)
        return fail(Errc::invalid_argument, "A list's limit is from 1 to 1000");
    ListPage page;
    MW_CHECK(walk(objects, prefix, after, [&](const std::string& key, const fs::path& file) {
        auto object = open_object(file, key);
        if (!object) {
            // One damaged object must not hide the others; a removed one is simply gone.
            if (object.error().code != Errc::not_found)
                log::warn("object passed over in a list",
                          {{"key", key}, {"reason", object.error().message}});
            return true;
        }
        if (page.objects.size() == limit) {
            page.more = true;
            return false;
        }
        page.objects.push_back({key, object->info.size_bytes, object->info.modified_at});
        return true;
    }));
    return page;
}

result<> remove_one(const fs::path& objects, const std::string& key) {
    MW_CHECK(check_key(key));
    auto file = objects / path_of(key);
    if (::unlink(file.c_str()) != 0) {
        if (errno == ENOENT || errno == ENOTDIR || errno == ENAMETOOLONG) return {};
        return fail(file_error(errno, "The object cannot be removed", file));
    }
    prune_empty_folders(objects, file);
    return {};
}

result<std::uint64_t> remove_batch(const fs::path& objects, const std::string& prefix) {
    std::uint64_t removed = 0;
    result<> failed;
    MW_CHECK(walk(objects, prefix, "", [&](const std::string&, const fs::path& file) {
        if (::unlink(file.c_str()) != 0) {
            if (errno == ENOENT) return true;
            failed = fail(file_error(errno, "The object cannot be removed", file));
            return false;
        }
        prune_empty_folders(objects, file);
        return ++removed < kRemoveBatch;
    }));
    MW_CHECK(std::move(failed));
    return removed;
}

class FileStore final : public ObjectStore {
  public:
    FileStore(Folders folders, BlockingPool& pool) : folders_(std::move(folders)), pool_(pool) {}

    Awaitable<ObjectInfo> put(std::string key, std::string bytes, PutOptions options) override {
        co_return co_await offload(
            pool_, [&] { return put_bytes(folders_, key, bytes, options.content_type); });
    }

    Awaitable<ObjectInfo> put_file(std::string key, fs::path file, PutOptions options) override {
        co_return co_await offload(
            pool_, [&] { return put_copy(folders_, key, file, options.content_type); });
    }

    Awaitable<std::unique_ptr<ObjectWriter>> create(std::string key, PutOptions options) override {
        MW_CO_CHECK(check_key(key));
        MW_CO_TRY(auto part,
                  co_await offload(pool_, [&] { return PartFile::create(folders_.incoming); }));
        co_return std::make_unique<FileWriter>(pool_, folders_.objects, std::move(part),
                                               std::move(key), std::move(options.content_type));
    }

    Awaitable<std::unique_ptr<ObjectReader>> get(std::string key,
                                                 std::optional<ByteRange> range) override {
        MW_CO_TRY(auto object, co_await open(key));
        auto size = object.info.size_bytes;
        std::uint64_t begin = 0, end = size;
        if (range) {
            if (range->first >= size || (range->last && *range->last < range->first))
                co_return fail(Errc::invalid_argument, "The range is outside of the object");
            begin = range->first;
            if (range->last && *range->last < size) end = *range->last + 1;
        }
        co_return std::make_unique<FileReader>(pool_, std::move(object), begin, end - begin);
    }

    Awaitable<ObjectInfo> head(std::string key) override {
        MW_CO_TRY(auto object, co_await open(key));
        co_return std::move(object.info);
    }

    Awaitable<ListPage> list(std::string prefix, std::string after, std::size_t limit) override {
        co_return co_await offload(
            pool_, [&] { return list_page(folders_.objects, prefix, after, limit); });
    }

    Awaitable<void> remove(std::string key) override {
        co_return co_await offload(pool_, [&] { return remove_one(folders_.objects, key); });
    }

    Awaitable<std::uint64_t> remove_prefix(std::string prefix) override {
        if (prefix.empty())
            co_return fail(Errc::invalid_argument, "Everything can't be removed at once");
        for (std::uint64_t total = 0;;) {
            MW_CO_TRY(auto removed, co_await offload(pool_, [&] {
                          return remove_batch(folders_.objects, prefix);
                      }));
            total += removed;
            if (removed < kRemoveBatch) co_return total;
        }
    }

    Awaitable<void> check() override {
        co_return co_await offload(pool_, [&]() -> result<> {
            MW_TRY(auto part, PartFile::create(folders_.incoming));
            MW_CHECK(part.append("check"));
            return part.sync();
        });
    }

  private:
    Awaitable<OpenObject> open(const std::string& key) {
        co_return co_await offload(pool_, [&]() -> result<OpenObject> {
            MW_CHECK(check_key(key));
            return open_object(folders_.objects / path_of(key), key);
        });
    }

    Folders folders_;
    BlockingPool& pool_;
};

void remove_stale_parts(const fs::path& incoming) {
    auto horizon = fs::file_time_type::clock::now() - kStalePartAge;
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(incoming, ignored)) {
        auto written = entry.last_write_time(ignored);
        if (!ignored && entry.path().extension() == ".part" && written < horizon)
            fs::remove(entry.path(), ignored);
    }
}

result<> make_folder(const fs::path& folder) {
    std::error_code error;
    fs::create_directories(folder, error);
    if (error) return fail(file_error(error.value(), "The object store cannot be set up", folder));
    fs::permissions(folder, fs::perms::owner_all, error);
    if (error) return fail(file_error(error.value(), "The object store cannot be set up", folder));
    return {};
}

}  // namespace

result<std::unique_ptr<ObjectStore>> open_file_store(const fs::path& root, BlockingPool& pool) {
    Folders folders{root / "objects", root / "incoming"};
    MW_CHECK(make_folder(folders.objects));
    MW_CHECK(make_folder(folders.incoming));
    remove_stale_parts(folders.incoming);
    return std::make_unique<FileStore>(std::move(folders), pool);
}

result<std::unique_ptr<ObjectStore>> make_object_store(std::string_view url, BlockingPool& pool) {
    constexpr std::string_view kScheme = "file:";
    if (!url.starts_with(kScheme))
        return fail(Errc::invalid_argument, "OBJECT_STORE: only file:/path is known");
    auto path = url.substr(kScheme.size());
    if (path.starts_with("//")) {
        path.remove_prefix(2);
        if (!path.starts_with('/'))
            return fail(Errc::invalid_argument, "OBJECT_STORE: a file: URL names no host");
    }
    if (!path.starts_with('/'))
        return fail(Errc::invalid_argument, "OBJECT_STORE: the path of a file: URL is absolute");
    return open_file_store(fs::path(path).lexically_normal(), pool);
}

}  // namespace mw::store
