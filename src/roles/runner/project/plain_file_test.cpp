#include "roles/runner/project/plain_file.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

namespace mw::runner {
namespace {

namespace fs = std::filesystem;

class PlainFile : public testing::Test {
  protected:
    PlainFile() {
        fs::create_directories(folder_);
        std::ofstream(folder_ / "plain") << "words";
        fs::create_symlink("plain", folder_ / "link");
        ::mkfifo((folder_ / "pipe").c_str(), 0600);
    }
    ~PlainFile() override { fs::remove_all(folder_); }

    Errc why_not(const char* name) {
        auto text = read_plain(folder_ / name, 100);
        return text ? Errc::internal : text.error().code;
    }

    fs::path folder_ =
        fs::temp_directory_path() / ("plain-file-test-" + std::to_string(::getpid()));
};

TEST_F(PlainFile, IsReadWhole) {
    EXPECT_EQ(read_plain(folder_ / "plain", 5).value(), "words");
    EXPECT_EQ(read_plain(folder_ / "plain", 4).error().code, Errc::limit_exceeded);
}

TEST_F(PlainFile, IsNeitherALinkNorAPipeNorAFolder) {
    EXPECT_EQ(why_not("link"), Errc::invalid_argument);
    EXPECT_EQ(why_not("pipe"), Errc::invalid_argument);
    EXPECT_EQ(why_not("."), Errc::invalid_argument);
    EXPECT_EQ(why_not("missing"), Errc::not_found);
}

}  // namespace
}  // namespace mw::runner
