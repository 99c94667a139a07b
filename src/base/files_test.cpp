#include "base/files.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cerrno>
#include <fstream>

namespace mw {
namespace {

class Files : public testing::Test {
  protected:
    Files()
        : folder_(std::filesystem::path(testing::TempDir()) /
                  ("mw_files_" + std::to_string(::getpid()))) {
        std::filesystem::create_directories(folder_);
    }
    ~Files() override { std::filesystem::remove_all(folder_); }
    std::filesystem::path folder_;
};

TEST_F(Files, WritesAndReplacesWithTheAskedMode) {
    auto file = folder_ / "a";
    auto old_mask = ::umask(077);
    EXPECT_TRUE(write_file_atomically(file, "one", 0644));
    ::umask(old_mask);
    EXPECT_TRUE(write_file_atomically(file, "two", 0640));
    EXPECT_EQ(read_file(file, 10).value(), "two");
    struct stat facts{};
    ASSERT_EQ(::stat(file.c_str(), &facts), 0);
    EXPECT_EQ(facts.st_mode & 0777U, 0640U);
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder_), {}), 1);
}

TEST_F(Files, IfExistsFailKeepsTheOldOne) {
    auto file = folder_ / "a";
    ASSERT_TRUE(write_file_atomically(file, "one", 0600, IfExists::fail));
    auto second = write_file_atomically(file, "two", 0600, IfExists::fail);
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code, Errc::conflict);
    EXPECT_EQ(read_file(file, 10).value(), "one");
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder_), {}), 1);
}

TEST_F(Files, ReadStopsAtItsLimit) {
    auto file = folder_ / "a";
    std::ofstream(file) << std::string(100'000, 'x');
    EXPECT_EQ(read_file(file, 100'000).value().size(), 100'000U);
    EXPECT_EQ(read_file(file, 99'999).error().code, Errc::limit_exceeded);
    EXPECT_EQ(read_file(folder_ / "none", 1).error().code, Errc::not_found);
    EXPECT_FALSE(read_file(folder_, 1));
}

TEST_F(Files, FullDiskIsUnavailable) {
    // /dev/full answers every write with ENOSPC.
    UniqueFd full(::open("/dev/full", O_WRONLY | O_CLOEXEC));
    ASSERT_TRUE(full);
    EXPECT_FALSE(write_all(full.get(), "x"));
    auto error = file_error(errno, "It cannot be stored", "/some/path");
    EXPECT_EQ(error.code, Errc::unavailable);
    EXPECT_EQ(error.message, "It cannot be stored: the disk is full");
    EXPECT_NE(error.detail.find("/some/path"), std::string::npos);
}

TEST_F(Files, ReasonsKeepTheirCodes) {
    for (int reason : {ENOSPC, EDQUOT, EROFS, EACCES, EPERM, EMFILE, ENFILE})
        EXPECT_EQ(file_error(reason, "x", "/p").code, Errc::unavailable) << reason;
    EXPECT_EQ(file_error(ENOENT, "x", "/p").code, Errc::not_found);
    EXPECT_EQ(file_error(EIO, "x", "/p").code, Errc::internal);
}

TEST_F(Files, MissingFolderIsSaid) {
    EXPECT_EQ(write_file_atomically(folder_ / "no" / "a", "x", 0600).error().code, Errc::not_found);
    EXPECT_EQ(sync_folder(folder_ / "no").error().code, Errc::not_found);
    EXPECT_TRUE(sync_folder(folder_));
}

}  // namespace
}  // namespace mw
