#include "dbt/run_results.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mw::dbt {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr std::string_view kFile = R"({
  "metadata": {"dbt_schema_version": "https://schemas.getdbt.com/dbt/run-results/v6.json",
               "dbt_version": "1.11.16", "generated_at": "2026-01-01T00:00:00.1Z",
               "invocation_id": "e9f3cfb0", "env": {}},
  "results": [
    {"status": "success", "unique_id": "seed.shop.raw", "execution_time": 0.5, "failures": null,
     "message": "INSERT 2",
     "timing": [{"name": "compile", "started_at": "2026-01-01T00:00:01Z",
                 "completed_at": "2026-01-01T00:00:02Z"},
                {"name": "execute", "started_at": "2026-01-01T00:00:03Z",
                 "completed_at": "2026-01-01T00:00:04Z"}]},
    {"status": "error", "unique_id": "model.shop.a", "execution_time": 0.1,
     "message": "Binder Error", "failures": null},
    {"status": "skipped", "unique_id": "model.shop.b", "execution_time": 0, "message": null},
    {"status": "fail", "unique_id": "test.shop.t", "failures": 3, "execution_time": 0.1},
    {"status": "runtime error", "unique_id": "source.shop.s", "execution_time": 0.1},
    {"status": "partial success", "unique_id": "model.shop.batches", "execution_time": 0.1},
    {"status": "warn", "unique_id": "test.shop.w", "failures": 1, "execution_time": 0.1},
    {"status": "pass", "unique_id": "test.shop.p", "failures": 0, "execution_time": 0.1},
    {"status": "no-op", "unique_id": "exposure.shop.e", "execution_time": 0},
    {"status": "error", "unique_id": "operation.shop.on-run-end-0", "execution_time": 0.1}
  ],
  "elapsed_time": 1.25,
  "args": {"which": "build", "select": ["a+"], "invocation_command": "dbt build -s a+"}
})";

TEST(RunResults, ReadsTheFile) {
    auto results = parse_run_results(kFile);
    ASSERT_TRUE(results);
    EXPECT_EQ(results->dbt_version, "1.11.16");
    EXPECT_EQ(results->invocation_id, "e9f3cfb0");
    EXPECT_EQ(results->command, "build");
    EXPECT_EQ(results->elapsed_time_s, 1.25);
    EXPECT_EQ(results->args.at("invocation_command"), "dbt build -s a+");
    ASSERT_EQ(results->results.size(), 10U);
    EXPECT_EQ(results->results[1].message, "Binder Error");
    EXPECT_EQ(results->results[2].message, "");
    EXPECT_EQ(results->results[3].failures, 3);
    EXPECT_FALSE(results->results[0].failures);
    EXPECT_EQ(results->results[0].compile_started_at, "2026-01-01T00:00:01Z");
    EXPECT_EQ(results->results[0].compile_completed_at, "2026-01-01T00:00:02Z");
    EXPECT_EQ(results->results[0].execute_started_at, "2026-01-01T00:00:03Z");
    EXPECT_EQ(results->results[0].execute_completed_at, "2026-01-01T00:00:04Z");
    EXPECT_EQ(results->results[1].execute_started_at, "");
}

TEST(RunResults, CountsEachResultOnce) {
    auto summary = summarize(*parse_run_results(kFile));
    EXPECT_EQ(summary.total, 10);
    EXPECT_EQ(summary.passed, 2);
    EXPECT_EQ(summary.warned, 1);
    EXPECT_EQ(summary.failed, 5);
    EXPECT_EQ(summary.skipped, 1);
    EXPECT_EQ(summary.no_op, 1);
}

TEST(RunResults, NamesWhatARetryTakesUp) {
    auto results = *parse_run_results(kFile);
    EXPECT_TRUE(is_retriable(results));
    EXPECT_THAT(nodes_to_retry(results), ElementsAre("model.shop.a", "model.shop.b", "test.shop.t",
                                                     "source.shop.s", "model.shop.batches"));
    results.command = "run-operation";
    EXPECT_THAT(nodes_to_retry(results), testing::Contains("operation.shop.on-run-end-0"));
    results.command = "freshness";
    EXPECT_FALSE(is_retriable(results));
}

TEST(RunResults, AnEmptyRunHasNothingToRetry) {
    auto results =
        parse_run_results(R"({"metadata": {}, "results": [], "args": {"which": "run"}})");
    ASSERT_TRUE(results);
    EXPECT_THAT(nodes_to_retry(*results), IsEmpty());
    EXPECT_EQ(summarize(*results).total, 0);
}

TEST(RunResults, RefusesOtherFiles) {
    for (std::string_view text :
         {"", "[]", "{}", R"({"results": []})", R"({"metadata": {}, "results": {}})",
          R"({"metadata": {}, "results": [5]})", R"({"metadata": {}, "results": [{}]})",
          R"({"metadata": {}, "results": [{"unique_id": "a"}]})"}) {
        auto results = parse_run_results(text);
        ASSERT_FALSE(results) << text;
        EXPECT_EQ(results.error().code, Errc::upstream_failed);
        EXPECT_THAT(results.error().message, HasSubstr("run_results.json"));
    }
}

}  // namespace
}  // namespace mw::dbt
