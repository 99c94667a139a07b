#include "infra/zstd/pack.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstring>
#include <fstream>

#include "base/files.hpp"
#include "infra/zstd/zstd.hpp"

namespace mw::pack {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class Pack : public testing::Test {
  protected:
    ~Pack() override { fs::remove(file_); }

    void write(const std::vector<std::pair<std::string, std::string>>& files) {
        auto writer = Writer::create(file_).value();
        for (const auto& [path, content] : files)
            ASSERT_TRUE(writer.add(path, content));
        ASSERT_TRUE(writer.finish());
    }
    // A pack whose index is this text.
    void write_index(std::string_view json, std::string_view mark = "MWPACK01") {
        std::uint64_t begin = 0;
        char trailer[sizeof begin];
        std::memcpy(trailer, &begin, sizeof begin);
        std::ofstream(file_) << zstd::compress(json) << std::string_view(trailer, sizeof trailer)
                             << mark;
    }
    std::string why() const {
        auto index = read_index(file_);
        return index ? "it is one" : index.error().message;
    }

    fs::path file_ = fs::temp_directory_path() / ("pack-test-" + std::to_string(::getpid()));
};

TEST_F(Pack, GivesBackEachFileByItsRange) {
    write({{"compiled/a.sql", "select 1"}, {"compiled/b.sql", std::string(5000, 'x')}, {"e", ""}});
    auto all = read_file(file_, 1 << 20).value();
    auto index = read_index(file_).value();
    ASSERT_EQ(index.size(), 3U);
    EXPECT_EQ(index[1].path, "compiled/b.sql");
    auto content = [&](const Entry& entry) {
        return unpack(std::string_view(all).substr(entry.offset, entry.stored_bytes), entry.bytes)
            .value();
    };
    EXPECT_EQ(content(index[0]), "select 1");
    EXPECT_EQ(content(index[1]), std::string(5000, 'x'));
    EXPECT_EQ(content(index[2]), "");
}

TEST_F(Pack, TakesNoLargeFile) {
    auto writer = Writer::create(file_).value();
    EXPECT_EQ(writer.add("big", std::string(kFileBytesMax + 1, 'x')).error().code,
              Errc::limit_exceeded);
}

TEST_F(Pack, IsCheckedBeforeAnythingIsTakenFromIt) {
    std::ofstream(file_) << "short";
    EXPECT_THAT(why(), HasSubstr("too short"));
    write_index("[]", "ELSEWISE");
    EXPECT_THAT(why(), HasSubstr("its end is another"));
    for (auto index : {"{}", "[1]", R"([["a",0,1]])", R"([[1,0,0,0]])", R"([["a",-1,0,0]])"}) {
        write_index(index);
        EXPECT_THAT(why(), HasSubstr("index")) << index;
    }
    write_index(R"([["a",0,100,1]])");
    EXPECT_THAT(why(), HasSubstr("lies outside"));
    write_index(R"([["a",18446744073709551615,2,1]])");
    EXPECT_THAT(why(), HasSubstr("lies outside"));
    write_index(R"([["a",0,0,1048577]])");
    EXPECT_THAT(why(), HasSubstr("too large"));
    write_index(R"([["a",0,0,0],["a",0,0,0]])");
    EXPECT_THAT(why(), HasSubstr("twice"));
    std::ofstream(file_, std::ios::app) << "more";
    EXPECT_THAT(why(), HasSubstr("its end is another"));
}

TEST_F(Pack, KnowsADamagedFile) {
    EXPECT_FALSE(unpack("no frame", 8));
    EXPECT_FALSE(unpack(zstd::compress("longer than said"), 3));
    EXPECT_FALSE(unpack(zstd::compress("short"), 300));
}

}  // namespace
}  // namespace mw::pack
