#include <fcntl.h>
#include <gmock/gmock.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>

#include "infra/crypto/random.hpp"
#include "infra/store/conformance.hpp"

namespace mw::store {
namespace {

namespace fs = std::filesystem;

struct TemporaryFolder {
    TemporaryFolder() : path(fs::path(testing::TempDir()) / ("mw_store_" + crypto::random_hex(6))) {
        fs::create_directories(path);
    }
    ~TemporaryFolder() { fs::remove_all(path); }
    fs::path path;
};

INSTANTIATE_TEST_SUITE_P(
    File, ObjectStoreConformance,
    testing::Values(StoreFactory{
        "file",
        [](BlockingPool& pool) {
            auto folder = std::make_shared<TemporaryFolder>();
            auto store = make_object_store("file:" + folder->path.string(), pool).value();
            return StoreUnderTest{std::move(folder), std::move(store)};
        }}),
    [](const auto& info) { return info.param.name; });

class FileStoreTest : public testing::Test {
  protected:
    template <class T>
    T run(boost::asio::awaitable<T> coroutine) {
        return run_to_end(ioc_, std::move(coroutine));
    }
    fs::path object(const char* name) const { return folder_.path / "objects" / name; }

    TemporaryFolder folder_;
    boost::asio::io_context ioc_{1};
    BlockingPool pool_;
    std::unique_ptr<ObjectStore> store_ =
        make_object_store("file:" + folder_.path.string(), pool_).value();
};

TEST_F(FileStoreTest, UrlsAreChecked) {
    for (const char* url :
         {"", "file:", "file:relative", "file://host/path", "s3://bucket", "/plain/path"})
        EXPECT_EQ(make_object_store(url, pool_).error().code, Errc::invalid_argument) << url;
    EXPECT_TRUE(make_object_store("file://" + (folder_.path / "sub").string(), pool_));
}

TEST_F(FileStoreTest, CutOrForeignFilesAreDamagedNotServed) {
    ASSERT_TRUE(run(store_->put("a", "some content", {})));
    ASSERT_TRUE(run(store_->put("b", "fine", {})));
    for (auto size : {std::uintmax_t{0}, std::uintmax_t{5}, fs::file_size(object("a.obj")) - 1}) {
        fs::resize_file(object("a.obj"), size);
        EXPECT_EQ(run(store_->get("a")).error().code, Errc::internal) << size;
    }
    std::ofstream(object("foreign")) << "x";
    auto page = run(store_->list("", "", 10));
    ASSERT_TRUE(page);
    ASSERT_EQ(page->objects.size(), 1U);
    EXPECT_EQ(page->objects[0].key, "b");
    EXPECT_TRUE(run(store_->put("a", "again", {})));
    EXPECT_EQ(run(store_->get_bytes("a", 100)).value(), "again");
    EXPECT_EQ(run(store_->remove_prefix("a")).value(), 1U);
}

TEST_F(FileStoreTest, SymbolicLinksAreNotFollowed) {
    fs::create_symlink("/etc/passwd", object("link.obj"));
    EXPECT_FALSE(run(store_->get("link")));
}

TEST_F(FileStoreTest, FoldersGoWithTheirLastObject) {
    ASSERT_TRUE(run(store_->put("a/b/c/d", "x", {})));
    ASSERT_TRUE(run(store_->remove("a/b/c/d")));
    EXPECT_TRUE(fs::is_empty(object("")));
    ASSERT_TRUE(run(store_->put("a/b/c/d", "x", {})));
    ASSERT_TRUE(run(store_->remove_prefix("a/")));
    EXPECT_TRUE(fs::is_empty(object("")));
}

TEST_F(FileStoreTest, OnlyTheOwnerMayLook) {
    ASSERT_TRUE(run(store_->put("a/b", "x", {})));
    for (const auto& path : {object(""), object("a"), object("a/b.obj")})
        EXPECT_EQ(fs::status(path).permissions() & fs::perms(077), fs::perms::none) << path;
}

TEST_F(FileStoreTest, OldPartsAreRemovedAtStartAndYoungOnesKept) {
    auto old_part = folder_.path / "incoming" / "old.part";
    auto young_part = folder_.path / "incoming" / "young.part";
    std::ofstream(old_part) << "x";
    std::ofstream(young_part) << "x";
    fs::last_write_time(old_part, fs::file_time_type::clock::now() - std::chrono::hours(25));
    ASSERT_TRUE(make_object_store("file:" + folder_.path.string(), pool_));
    EXPECT_FALSE(fs::exists(old_part));
    EXPECT_TRUE(fs::exists(young_part));
}

TEST_F(FileStoreTest, VanishedStoreIsUnavailable) {
    fs::remove_all(folder_.path);
    EXPECT_EQ(run(store_->put("a", "x", {})).error().code, Errc::unavailable);
    EXPECT_EQ(run(store_->check()).error().code, Errc::unavailable);
    EXPECT_EQ(run(store_->get("a")).error().code, Errc::not_found);
}

TEST_F(FileStoreTest, ManyObjectsGoInBatches) {
    // More than one batch of remove_prefix; hard links instead of 1,100 syncs.
    ASSERT_TRUE(run(store_->put("m/0", "x", {})));
    for (int i = 1; i < 1100; ++i)
        fs::create_hard_link(object("m/0.obj"), object("m") / (std::to_string(i) + ".obj"));
    EXPECT_EQ(run(store_->remove_prefix("m/")).value(), 1100U);
    EXPECT_TRUE(fs::is_empty(object("")));
}

// Runs `body` in a child with a small file system of its own at `mount_point`, and gives what it
// returned; empty when this machine forbids mounting.
template <class Body>
std::optional<int> on_small_disk(const fs::path& mount_point, Body body) {
    constexpr int kMayNotMount = 99;
    auto child = ::fork();
    if (child == 0) {
        int flags = CLONE_NEWNS | (::geteuid() == 0 ? 0 : CLONE_NEWUSER);
        if (::unshare(flags) != 0 ||
            ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
            ::mount("tmpfs", mount_point.c_str(), "tmpfs", 0, "size=256k,mode=700") != 0)
            ::_exit(kMayNotMount);
        ::_exit(body());
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    if (WIFEXITED(status) && WEXITSTATUS(status) == kMayNotMount) return std::nullopt;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + status;
}

// Exit codes of a child: 0 as expected, else the step that went wrong.
int fill_the_disk(const fs::path& folder) {
    boost::asio::io_context ioc{1};
    BlockingPool pool;
    auto store = make_object_store("file:" + folder.string(), pool);
    if (!store) return 1;
    if (!run_to_end(ioc, (*store)->put("small", "kept", {}))) return 2;
    auto full = run_to_end(ioc, (*store)->put("large", std::string(1'000'000, 'x'), {}));
    if (full || full.error().code != Errc::unavailable) return 3;
    if (full.error().message != "The object cannot be stored: the disk is full") return 4;
    auto writer = run_to_end(ioc, (*store)->create("large", {}));
    if (!writer || run_to_end(ioc, (*writer)->write(std::string(1'000'000, 'x')))) return 5;
    if (run_to_end(ioc, (*writer)->commit())) return 6;
    writer->reset();
    // Nothing half-written takes up the room: another small one fits.
    if (!run_to_end(ioc, (*store)->put("small2", std::string(50'000, 'y'), {}))) return 7;
    if (run_to_end(ioc, (*store)->get_bytes("small", 10)).value_or("") != "kept") return 8;
    return 0;
}

int make_the_disk_read_only(const fs::path& folder) {
    boost::asio::io_context ioc{1};
    BlockingPool pool;
    auto store = make_object_store("file:" + folder.string(), pool);
    if (!store || !run_to_end(ioc, (*store)->put("k", "kept", {}))) return 1;
    if (::mount(nullptr, folder.c_str(), nullptr, MS_REMOUNT | MS_RDONLY, nullptr) != 0) return 2;
    auto refused = run_to_end(ioc, (*store)->put("k", "new", {}));
    if (refused || refused.error().code != Errc::unavailable) return 3;
    if (refused.error().message != "The object cannot be stored: the disk is read-only") return 4;
    if (run_to_end(ioc, (*store)->remove("k")).error().code != Errc::unavailable) return 5;
    if (run_to_end(ioc, (*store)->remove_prefix("k")).error().code != Errc::unavailable) return 6;
    if (run_to_end(ioc, (*store)->check()).error().code != Errc::unavailable) return 7;
    if (run_to_end(ioc, (*store)->get_bytes("k", 10)).value_or("") != "kept") return 8;
    if (make_object_store("file:" + (folder / "new").string(), pool).error().code !=
        Errc::unavailable)
        return 9;
    return 0;
}

TEST(FileStoreDisk, FullIsUnavailableAndLeavesNothing) {
    TemporaryFolder folder;
    auto outcome = on_small_disk(folder.path, [&] { return fill_the_disk(folder.path); });
    if (!outcome) GTEST_SKIP() << "this machine forbids mounting";
    EXPECT_EQ(*outcome, 0);
}

TEST(FileStoreDisk, ReadOnlyIsUnavailableAndStillReads) {
    TemporaryFolder folder;
    auto outcome = on_small_disk(folder.path, [&] { return make_the_disk_read_only(folder.path); });
    if (!outcome) GTEST_SKIP() << "this machine forbids mounting";
    EXPECT_EQ(*outcome, 0);
}

TEST(ContentType, ByExtension) {
    EXPECT_EQ(content_type_for("a/manifest.json"), "application/json");
    EXPECT_EQ(content_type_for("a.json/index.html"), "text/html; charset=utf-8");
    EXPECT_EQ(content_type_for("step-1.log.zst"), "application/zstd");
    EXPECT_EQ(content_type_for("a.sql/none"), "application/octet-stream");
}

}  // namespace
}  // namespace mw::store
