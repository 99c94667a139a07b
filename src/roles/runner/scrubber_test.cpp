#include "roles/runner/scrubber.hpp"

#include <gtest/gtest.h>

namespace mw::runner {
namespace {

TEST(Scrubber, LeavesTextWithoutSecretsAlone) {
    Scrubber scrubber;
    scrubber.add("hunter2");
    EXPECT_EQ(scrubber.scrub("1 of 5 OK created"), "1 of 5 OK created");
    EXPECT_EQ(scrubber.scrub(""), "");
}

TEST(Scrubber, MasksEveryOccurrence) {
    Scrubber scrubber;
    scrubber.add("hunter2");
    EXPECT_EQ(scrubber.scrub("hunter2 and xhunter2y"), "***** and x*****y");
}

TEST(Scrubber, MasksTheLongerOfTwoSecretsFirst) {
    Scrubber scrubber;
    scrubber.add("abc");
    scrubber.add("abcdef");
    EXPECT_EQ(scrubber.scrub("abcdef abc"), "***** *****");
}

TEST(Scrubber, IgnoresBlankSecrets) {
    Scrubber scrubber;
    scrubber.add("");
    scrubber.add(" \n\t");
    EXPECT_EQ(scrubber.scrub("a b"), "a b");
    EXPECT_TRUE(scrubber.patterns().empty());
}

TEST(Scrubber, MasksASecretInAUrl) {
    Scrubber scrubber;
    scrubber.add("p@ss/word");
    EXPECT_EQ(scrubber.scrub("https://me:p%40ss%2Fword@host/x.git"), "https://me:*****@host/x.git");
}

TEST(Scrubber, MasksASecretInJson) {
    Scrubber scrubber;
    scrubber.add("a\"quoted\" one");
    EXPECT_EQ(scrubber.scrub(R"({"p":"a\"quoted\" one"})"), R"({"p":"*****"})");
}

TEST(Scrubber, MasksEachLineOfAKey) {
    Scrubber scrubber;
    scrubber.add("-----BEGIN KEY-----\r\nMIIEvQIBADANBg\nab\n-----END KEY-----\n");
    EXPECT_EQ(scrubber.scrub("line MIIEvQIBADANBg end"), "line ***** end");
    EXPECT_EQ(scrubber.scrub("ab"), "ab");
}

}  // namespace
}  // namespace mw::runner
