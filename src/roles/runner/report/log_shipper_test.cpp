#include "roles/runner/report/log_shipper.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mw::runner {
namespace {

using testing::HasSubstr;

TEST(StorableLine, KeepsValidText) {
    for (auto text : {"", "plain", "ü€😀", "tab\tand \x1b[31mcolour\x1b[0m"})
        EXPECT_EQ(storable_line(text), text);
}

TEST(StorableLine, ReplacesWhatNoDatabaseTakes) {
    EXPECT_EQ(storable_line(std::string_view("a\0b", 3)), "a\uFFFDb");
    EXPECT_EQ(storable_line("a\xFF"
                            "b"),
              "a\uFFFDb");
    EXPECT_EQ(storable_line("\xC3"), "\uFFFD");                      // cut off
    EXPECT_EQ(storable_line("\xC0\x80"), "\uFFFD\uFFFD");            // overlong
    EXPECT_EQ(storable_line("\xED\xA0\x80"), "\uFFFD\uFFFD\uFFFD");  // a surrogate
    EXPECT_EQ(storable_line("\xF4\x90\x80\x80").substr(0, 3), "\uFFFD");
}

TEST(StorableLine, IsCutAtAMebibyteBetweenCharacters) {
    std::string text;
    while (text.size() < 2UL * 1024 * 1024)
        text += "€";
    auto line = storable_line(text);
    EXPECT_LE(line.size(), 1024UL * 1024);
    EXPECT_THAT(line.substr(line.size() - 40), HasSubstr("more bytes]"));
    EXPECT_THAT(line, testing::Not(HasSubstr("\uFFFD")));
}

}  // namespace
}  // namespace mw::runner
