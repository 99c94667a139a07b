#include "features/worker_api/worker_input.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json/parse.hpp>

namespace mw::worker_api {
namespace {

using boost::json::parse;

template <class T>
std::string field_of(const result<T>& read) {
    return read ? "" : read.error().fields.front().field;
}

TEST(StepsReport, ReadsStepsAndTheFirstStart) {
    auto report = read_steps(parse(R"({"steps":[
        {"index":1,"name":"Clone git repository","command":"","invocation":"","status":10,
         "started_at":"2026-01-01T00:00:01Z","finished_at":"2026-01-01T00:00:02Z"},
        {"index":2,"name":"b","status":3,"started_at":"2026-01-01T00:00:02Z","finished_at":null},
        {"index":3,"name":"c","status":1,"started_at":null,"finished_at":null}]})"));
    ASSERT_TRUE(report) << report.error().message;
    EXPECT_EQ(report->steps.size(), 3u);
    EXPECT_EQ(report->steps[0].at("started_at"), "2026-01-01T00:00:01.000000Z");
    EXPECT_EQ(report->first_started_at, parse_time("2026-01-01T00:00:01Z"));
}

TEST(StepsReport, APlanAloneHasNotBegun) {
    auto report = read_steps(parse(R"({"steps":[{"index":1,"name":"a","status":1}]})"));
    ASSERT_TRUE(report);
    EXPECT_FALSE(report->first_started_at);
    // Skipped ones never began either.
    report = read_steps(parse(R"({"steps":[{"index":1,"name":"a","status":30}]})"));
    EXPECT_FALSE(report->first_started_at);
    EXPECT_TRUE(read_steps(parse(R"({"steps":[]})"))->steps.empty());
}

TEST(StepsReport, ARunningStepWithoutATimeBeganNow) {
    auto report = read_steps(parse(R"({"steps":[{"index":1,"name":"a","status":3}]})"));
    ASSERT_TRUE(report);
    EXPECT_TRUE(report->first_started_at);
    EXPECT_TRUE(report->steps[0].at("started_at").is_string());
}

TEST(StepsReport, RefusalsNameTheField) {
    auto field = [](const char* body) { return field_of(read_steps(parse(body))); };
    EXPECT_EQ(field("{}"), "steps");
    EXPECT_EQ(field("[]"), "body");
    EXPECT_EQ(field(R"({"steps":[{"name":"a","status":1}]})"), "steps[0].index");
    EXPECT_EQ(field(R"({"steps":[{"index":1,"status":1}]})"), "steps[0].name");
    EXPECT_EQ(field(R"({"steps":[{"index":1,"name":"a"}]})"), "steps[0].status");
    EXPECT_EQ(field(R"({"steps":[{"index":1,"name":"a","status":4}]})"), "steps[0].status");
    EXPECT_EQ(field(R"({"steps":[{"index":1,"name":"a","status":3,"started_at":"noon"}]})"),
              "steps[0].started_at");
    EXPECT_EQ(field(R"({"steps":[{"index":1,"name":"a","status":1},
                                 {"index":1,"name":"b","status":1}]})"),
              "steps[1].index");
}

TEST(Relations, AreThoseOfTheNodesEachOnce) {
    auto body = boost::json::parse(R"({"nodes": [{"relation": "db.s.b"}, {"relation": "db.s.a"},
        {"relation": "db.s.b"}, {"relation": 3}, {}, 4]})");
    EXPECT_THAT(read_relations(body), testing::ElementsAre("db.s.a", "db.s.b"));
    EXPECT_TRUE(read_relations(boost::json::parse(R"({"nodes": 3})")).empty());
    EXPECT_TRUE(read_relations(boost::json::parse("[]")).empty());
}

TEST(ProgressReport, EmptyTextsAreNoNews) {
    auto progress = read_progress(parse(R"({"git_sha":"abc","git_branch":""})"));
    ASSERT_TRUE(progress);
    EXPECT_EQ(progress->git_sha, "abc");
    EXPECT_FALSE(progress->git_branch);
    EXPECT_EQ(field_of(read_progress(parse(R"({"git_sha":1})"))), "git_sha");
    EXPECT_FALSE(progress->used_repo_cache);
    EXPECT_TRUE(read_progress(parse(R"({"used_repo_cache":true})"))->used_repo_cache);
}

TEST(Outcome, MustEndTheRun) {
    auto outcome = read_outcome(parse(R"({"status":20,"status_message":"It failed.",
        "artifacts_saved":true,"has_docs_generated":false,"has_sources_generated":true})"));
    ASSERT_TRUE(outcome) << outcome.error().message;
    EXPECT_EQ(outcome->status, runs::Status::error);
    EXPECT_EQ(outcome->message, "It failed.");
    EXPECT_TRUE(outcome->artifacts_saved);
    EXPECT_TRUE(outcome->has_sources_generated);
    EXPECT_FALSE(read_outcome(parse(R"({"status":10,"status_message":""})"))->message);
    EXPECT_EQ(field_of(read_outcome(parse(R"({"status":3})"))), "status");
    EXPECT_EQ(field_of(read_outcome(parse(R"({"status":99})"))), "status");
    EXPECT_EQ(field_of(read_outcome(parse("{}"))), "status");
}

TEST(HostKeys, AreReadOneByOne) {
    EXPECT_TRUE(read_host_keys(parse("{}"))->empty());
    auto keys = read_host_keys(parse(
        R"({"ssh_host_keys":[{"hostname":"h","key_type":"ssh-ed25519","public_key":"AAAA"}]})"));
    ASSERT_TRUE(keys);
    EXPECT_EQ(keys->at(0).port, 22);
    EXPECT_EQ(field_of(read_host_keys(parse(R"({"ssh_host_keys":7})"))), "ssh_host_keys");
    for (auto [key, field] : std::vector<std::pair<const char*, const char*>>{
             {R"({"key_type":"t","public_key":"AAAA"})", "hostname"},
             {R"({"hostname":"h","key_type":"t","public_key":"AAAA","port":0})", "port"},
             {R"({"hostname":"h","key_type":"t","public_key":"?"})", "public_key"}}) {
        auto refused = read_host_keys(parse(fmt::format(R"({{"ssh_host_keys":[{}]}})", key)));
        EXPECT_EQ(field_of(refused), fmt::format("ssh_host_keys[0].{}", field)) << key;
    }
}

}  // namespace
}  // namespace mw::worker_api
