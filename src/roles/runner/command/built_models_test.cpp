#include "roles/runner/command/built_models.hpp"

#include <gtest/gtest.h>

namespace mw::runner {
namespace {

dbt::Event event(std::string name, std::string status, std::string type = "model",
                 std::string relation = "\"w\".\"main\".\"total\"") {
    dbt::Event event;
    event.name = std::move(name);
    event.node = dbt::NodeInfo{.unique_id = type + ".shop.total",
                               .resource_type = type,
                               .name = "total",
                               .relation = std::move(relation),
                               .materialized = "table",
                               .status = std::move(status),
                               .started_at = {},
                               .finished_at = {},
                               .message = {}};
    return event;
}

constexpr const char* kTotal = "model.shop.total";

TEST(BuiltModels, AModelThatEndsWellIsBuilt) {
    BuiltModels models;
    models.take(event("LogStartLine", "started"));
    EXPECT_FALSE(models.has(kTotal));
    models.take(event("NodeFinished", "success"));
    EXPECT_TRUE(models.has(kTotal));
    EXPECT_EQ(models.relation_of(kTotal), "\"w\".\"main\".\"total\"");
}

TEST(BuiltModels, OneThatFailsOrIsOnlyCompiledOrIsNoModelIsNot) {
    BuiltModels models;
    models.take(event("NodeFinished", "success"));
    models.take(event("LogStartLine", "started", "test"));
    models.take(event("NodeFinished", "success", "test"));
    EXPECT_FALSE(models.has(kTotal));
    EXPECT_FALSE(models.has("test.shop.total"));
    models.take(event("LogStartLine", "started"));
    models.take(event("NodeFinished", "error"));
    EXPECT_FALSE(models.has(kTotal));
}

TEST(BuiltModels, TheLastWordCounts) {
    BuiltModels run;
    BuiltModels built;
    built.take(event("LogStartLine", "started"));
    built.take(event("NodeFinished", "success"));
    run.add(built);
    EXPECT_TRUE(run.has(kTotal));
    BuiltModels failed;
    failed.take(event("LogStartLine", "started"));
    failed.take(event("NodeFinished", "error"));
    run.add(failed);
    EXPECT_FALSE(run.has(kTotal));
}

TEST(BuiltModels, ARetryHasWhatTheFailedRunBuilt) {
    BuiltModels models;
    models.take_results("no JSON");
    models.take_results(R"({"metadata": {"dbt_version": "1.11.16"}, "args": {"which": "build"},
        "results": [{"unique_id": "model.shop.total", "status": "success", "timing": []},
                    {"unique_id": "model.shop.other", "status": "error", "timing": []},
                    {"unique_id": "test.shop.t", "status": "success", "timing": []}]})");
    EXPECT_TRUE(models.has(kTotal));
    EXPECT_FALSE(models.has("model.shop.other"));
    EXPECT_EQ(models.relation_of(kTotal), "");
}

}  // namespace
}  // namespace mw::runner
