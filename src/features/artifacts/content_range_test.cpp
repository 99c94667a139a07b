#include "features/artifacts/content_range.hpp"

#include <gtest/gtest.h>

namespace mw::artifacts {
namespace {

using Kind = AskedRange::Kind;

void expect_part(std::string_view header, std::uint64_t first, std::uint64_t last) {
    auto asked = asked_range(header, 100);
    EXPECT_EQ(asked.kind, Kind::part) << header;
    EXPECT_EQ(asked.range.first, first) << header;
    EXPECT_EQ(asked.range.last, last) << header;
}

TEST(AskedRange, IsCutToWhatThereIs) {
    expect_part("bytes=0-0", 0, 0);
    expect_part("bytes=10-19", 10, 19);
    expect_part("bytes=90-", 90, 99);
    expect_part("bytes=90-1000", 90, 99);
    expect_part("bytes=-1", 99, 99);
    expect_part("bytes=-1000", 0, 99);
}

TEST(AskedRange, BeyondTheEndIsUnsatisfiable) {
    for (auto header : {"bytes=100-", "bytes=100-200", "bytes=-0"})
        EXPECT_EQ(asked_range(header, 100).kind, Kind::unsatisfiable) << header;
    EXPECT_EQ(asked_range("bytes=0-", 0).kind, Kind::unsatisfiable);
}

TEST(AskedRange, WhatIsNoneIsAsIfItWereNotThere) {
    for (auto header : {"", "items=0-1", "bytes=", "bytes=-", "bytes=a-b", "bytes=5-1",
                        "bytes=0-1,3-4", "bytes=0-x", "bytes=18446744073709551616-"})
        EXPECT_EQ(asked_range(header, 100).kind, Kind::whole) << header;
}

}  // namespace
}  // namespace mw::artifacts
