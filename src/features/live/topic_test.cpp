#include "features/live/topic.hpp"

#include <gtest/gtest.h>

namespace mw::live {
namespace {

TEST(Topic, HasOneSpellingEach) {
    for (std::string name : {"account:1:runs", "run:123", "run:70403103936332"}) {
        auto topic = parse_topic(name);
        ASSERT_TRUE(topic) << name;
        EXPECT_EQ(topic->name(), name);
    }
}

TEST(Topic, RefusesAnythingElse) {
    for (std::string name :
         {"", "run", "run:", "run:x", "run:-1", "run:0", "run:1:log", "account:1", "account:runs",
          "account::runs", "account:x:runs", "jobs:1"})
        EXPECT_FALSE(parse_topic(name)) << name;
}

TEST(RunEvent, TellsLinesFromChangesOfState) {
    EXPECT_EQ(parse_run_event("12")->run_id, 12);
    EXPECT_FALSE(parse_run_event("12")->log_only);
    EXPECT_TRUE(parse_run_event("12 log")->log_only);
    // A kind of a later version: better once too often than never.
    EXPECT_FALSE(parse_run_event("12 other")->log_only);
    EXPECT_FALSE(parse_run_event(""));
    EXPECT_FALSE(parse_run_event("x"));
}

TEST(Origin, MustBeTheVeryHost) {
    EXPECT_TRUE(is_same_origin("https://dbt.example.com", "dbt.example.com"));
    EXPECT_TRUE(is_same_origin("https://DBT.example.com:8443", "dbt.example.com:8443"));
    EXPECT_TRUE(is_same_origin("http://localhost:5173", "localhost:5173"));
    EXPECT_FALSE(is_same_origin("https://evil.example", "dbt.example.com"));
    EXPECT_FALSE(is_same_origin("https://dbt.example.com.evil.example", "dbt.example.com"));
    EXPECT_FALSE(is_same_origin("https://dbt.example.com", "dbt.example.com:8443"));
    EXPECT_FALSE(is_same_origin("null", "dbt.example.com"));
    EXPECT_FALSE(is_same_origin("", "dbt.example.com"));
    EXPECT_FALSE(is_same_origin("https://", ""));
}

}  // namespace
}  // namespace mw::live
