#include "features/worker_api/worker_input.hpp"

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

TEST(ProgressReport, EmptyTextsAreNoNews) {
    auto progress = read_progress(parse(R"({"git_sha":"abc","git_branch":""})"));
    ASSERT_TRUE(progress);
    EXPECT_EQ(progress->git_sha, "abc");
    EXPECT_FALSE(progress->git_branch);
    EXPECT_EQ(field_of(read_progress(parse(R"({"git_sha":1})"))), "git_sha");
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

}  // namespace
}  // namespace mw::worker_api
