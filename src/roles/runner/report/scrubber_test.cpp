#include "roles/runner/report/scrubber.hpp"

#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <fstream>
#include <sstream>

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
    EXPECT_TRUE(scrubber.secrets().empty());
}

TEST(Scrubber, KeepsToTheVectorsThatTheEngineHostKeepsToo) {
    std::ifstream file(MILLWRIGHT_SOURCE_DIR "/tests/scrubbing/vectors.json");
    std::stringstream text;
    text << file.rdbuf();
    auto vectors = boost::json::parse(text.str());
    ASSERT_GT(vectors.as_array().size(), 40U);
    for (const auto& vector : vectors.as_array()) {
        Scrubber scrubber;
        for (const auto& secret : vector.at("secrets").as_array())
            scrubber.add(std::string_view(secret.as_string()));
        const auto* torn = vector.as_object().if_contains("torn");
        EXPECT_EQ(scrubber.scrub(vector.at("text").as_string(), torn && torn->as_bool()),
                  std::string_view(vector.at("scrubbed").as_string()))
            << vector.at("what").as_string();
    }
}

// As a stream of logs would be cut into pieces: whatever the place of a secret in one.
TEST(Scrubber, FindsASecretAtEveryPlaceOfALongText) {
    Scrubber scrubber;
    scrubber.add("hunter2-secret");
    scrubber.add("tiny");
    for (std::size_t at = 0; at < 64; ++at) {
        std::string before(at, '.');
        std::string after(64 - at, '.');
        for (std::string_view secret : {"hunter2-secret", "tiny"})
            EXPECT_EQ(scrubber.scrub(before + std::string(secret) + after),
                      before + "*****" + after)
                << at;
    }
}

TEST(Scrubber, TellsItsSecrets) {
    Scrubber scrubber;
    scrubber.add(" first line\nab\nlast-line \n");
    scrubber.add("last-line");
    EXPECT_EQ(scrubber.secrets(),
              (std::vector<std::string>{"first line\nab\nlast-line", "first line", "last-line"}));
}

}  // namespace
}  // namespace mw::runner
