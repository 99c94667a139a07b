#include "features/artifacts/artifact.hpp"

#include <gtest/gtest.h>

namespace mw::artifacts {
namespace {

TEST(ArtifactKey, IsBelowTheRunAndItsStep) {
    EXPECT_EQ(object_key_of(1, 23, 4, "compiled/shop/models/orders.sql").value(),
              "accounts/1/runs/23/artifacts/step-4/compiled/shop/models/orders.sql");
}

TEST(ArtifactKey, RefusesWhatCouldLeadElsewhere) {
    for (auto path : {"", ".", "..", "../manifest.json", "compiled/../../other", "a//b",
                      "/etc/passwd", "a/", "a\\b", "a\nb", "./manifest.json", "\xFF\xFE"})
        EXPECT_FALSE(object_key_of(1, 2, 3, path)) << path;
    EXPECT_FALSE(object_key_of(1, 2, 3, std::string(3000, 'x')));
    EXPECT_FALSE(object_key_of(1, 2, 3, std::string_view("a\0b", 3)));
}

TEST(Etag, MatchesListsWeakTagsAndTheStar) {
    EXPECT_TRUE(etag_matches("\"abc\"", "abc"));
    EXPECT_TRUE(etag_matches("\"x\", W/\"abc\"", "abc"));
    EXPECT_TRUE(etag_matches("*", "abc"));
    EXPECT_FALSE(etag_matches("", "abc"));
    EXPECT_FALSE(etag_matches("abc", "abc"));
    EXPECT_FALSE(etag_matches("\"abcd\"", "abc"));
}

}  // namespace
}  // namespace mw::artifacts
