#include "features/project_state/ingest.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "features/artifacts/artifact_store.hpp"
#include "features/project_state/node_state_store.hpp"
#include "features/runs/pgtest_api.hpp"

namespace mw::project_state {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Optional;

struct Code {
    std::string raw;
    std::string compiled = {};
};

std::string manifest_of(std::string_view minute, const std::map<std::string, Code>& models) {
    boost::json::object nodes;
    for (const auto& [name, code] : models) {
        boost::json::object node{
            {"resource_type", "model"}, {"name", name}, {"raw_code", code.raw}};
        node["depends_on"] = boost::json::object{{"nodes", boost::json::array{"seed.shop.raw"}}};
        if (!code.compiled.empty()) node["compiled_code"] = code.compiled;
        nodes["model.shop." + name] = node;
    }
    return boost::json::serialize(
        boost::json::object{{"metadata",
                             {{"generated_at", fmt::format("2026-01-01T00:{}:00.5Z", minute)},
                              {"dbt_version", "1.11.16"},
                              {"project_name", "shop"}}},
                            {"nodes", nodes}});
}

std::string results_of(std::string_view minute, std::string_view which,
                       const std::map<std::string, std::string>& statuses) {
    boost::json::array results;
    for (const auto& [name, status] : statuses)
        results.push_back({{"unique_id", "model.shop." + name},
                           {"status", status},
                           {"message", "said " + status},
                           {"execution_time", 0.25},
                           {"timing",
                            {{{"name", "execute"},
                              {"started_at", "2026-01-01T00:00:01Z"},
                              {"completed_at", "2026-01-01T00:00:02Z"}}}}});
    return boost::json::serialize(boost::json::object{
        {"metadata", {{"generated_at", fmt::format("2026-01-01T00:{}:00.7Z", minute)}}},
        {"args", {{"which", which}}},
        {"elapsed_time", 2.5},
        {"results", results}});
}

class IngestTest : public testing::Test {
  protected:
    void save(Id run_id, int step, std::string path, std::string content) {
        auto key = artifacts::object_key_of(account_, run_id, step, path).value();
        world_.get([&] { return world_.objects().put(key, content, {}); });
        world_.get([&] {
            return pg::with_tx(world_.pool(), [&](pg::Connection& tx) -> Awaitable<> {
                artifacts::Artifact artifact{run_id, step, path,
                                             static_cast<std::int64_t>(content.size()), key};
                co_return co_await artifacts::record_artifacts(tx, {artifact});
            });
        });
    }
    void ask(Id run_id) {
        world_.get([&] {
            return pg::with_tx(world_.pool(), [&](pg::Connection& tx) -> Awaitable<> {
                co_return co_await ask_for_ingestion(tx, run_id);
            });
        });
    }
    // A run that left these.
    Id left(std::string manifest, std::string results) {
        auto run_id = world_.queued_run(job_);
        save(run_id, 4, "manifest.json", std::move(manifest));
        save(run_id, 4, "run_results.json", std::move(results));
        ask(run_id);
        return run_id;
    }
    bool ingest() {
        return world_.get(
            [&] { return ingest_next(world_.pool(), world_.objects(), world_.blocking()); });
    }
    Id ingested(std::string manifest, std::string results) {
        auto run_id = left(std::move(manifest), std::move(results));
        EXPECT_TRUE(ingest());
        return run_id;
    }
    std::vector<NodeState> models() {
        return world_.get([&]() -> Awaitable<std::vector<NodeState>> {
            MW_CO_TRY(auto connection, co_await world_.pool().acquire());
            co_return co_await list_nodes(*connection, environment_, {.resource_types = {"model"}},
                                          {.limit = 100});
        });
    }

    test::ApiWorld world_;
    Id account_ = world_.account();
    Id job_ = world_.job(account_);
    Id environment_ = world_.value<Id>("SELECT environment_id AS v FROM jobs WHERE id = $1", job_);
};

TEST_F(IngestTest, KnowsWhatARunSaidOfANode) {
    auto run_id = ingested(manifest_of("10", {{"orders", {"select {{ 1 }}", "select 1"}}}),
                           results_of("10", "build", {{"orders", "success"}}));
    auto nodes = models();
    ASSERT_EQ(nodes.size(), 1U);
    const auto& orders = nodes[0];
    EXPECT_EQ(orders.unique_id, "model.shop.orders");
    EXPECT_EQ(orders.defined.at("raw_code"), "select {{ 1 }}");
    EXPECT_THAT(orders.parents, ElementsAre("seed.shop.raw"));
    ASSERT_TRUE(orders.applied);
    EXPECT_EQ(orders.applied->at("raw_code"), "select {{ 1 }}");
    EXPECT_THAT(orders.compiled_code, Optional(std::string("select 1")));
    EXPECT_THAT(orders.last_run_id, Optional(run_id));
    EXPECT_THAT(orders.last_job_id, Optional(job_));
    EXPECT_THAT(orders.success_run_id, Optional(run_id));
    EXPECT_THAT(orders.last_status, Optional(std::string("success")));
    EXPECT_THAT(orders.execution_time, Optional(0.25));
    EXPECT_THAT(orders.run_elapsed_time, Optional(2.5));
    EXPECT_THAT(orders.execute_completed_at, Optional(*parse_time("2026-01-01T00:00:02Z")));
    EXPECT_FALSE(orders.compile_started_at);
    EXPECT_FALSE(ingest()) << "it was read once";
}

TEST_F(IngestTest, AModelThatFailsStaysAsItWasBuilt) {
    auto first = ingested(manifest_of("10", {{"orders", {"select 1", "select 1"}}}),
                          results_of("10", "build", {{"orders", "success"}}));
    auto second = ingested(manifest_of("20", {{"orders", {"select x", "select x"}}}),
                           results_of("20", "build", {{"orders", "error"}}));
    auto orders = models().at(0);
    EXPECT_EQ(orders.defined.at("raw_code"), "select x");
    ASSERT_TRUE(orders.applied);
    EXPECT_EQ(orders.applied->at("raw_code"), "select 1");
    EXPECT_THAT(orders.last_run_id, Optional(second));
    EXPECT_THAT(orders.success_run_id, Optional(first));
    EXPECT_THAT(orders.last_error, Optional(std::string("said error")));
}

// Of tables that hold little, all plans seem to cost the same, and those that are made then are
// kept.
TEST_F(IngestTest, NewNodesAreNotEachSearchedAmongAll) {
    constexpr int kFew = 150;
    constexpr int kMany = 2000;
    auto ingest_models = [this](std::string_view minute, int count) {
        std::map<std::string, Code> models;
        std::map<std::string, std::string> statuses;
        for (int i = 0; i < count; ++i) {
            models.emplace(fmt::format("m{:04}", i), Code{"select 1"});
            statuses.emplace(fmt::format("m{:04}", i), "success");
        }
        ingested(manifest_of(minute, models), results_of(minute, "run", statuses));
    };
    ingest_models("10", kFew);
    ingest_models("20", kMany);
    world_.sql("SELECT pg_stat_force_next_flush()");
    EXPECT_LT(world_.value<int>("SELECT idx_scan AS v FROM pg_stat_user_indexes "
                                "WHERE indexrelname = 'environment_nodes_by_type'"),
              10)
        << "whatever looks for one by its id there looks at all";
    auto read = world_.value<int>(
        "SELECT sum(seq_tup_read + idx_tup_fetch) AS v FROM pg_stat_user_tables "
        "WHERE relname IN ('environment_nodes', 'node_facts')");
    EXPECT_LT(read, 20 * kMany);
}

TEST_F(IngestTest, WhatIsNoLongerInTheProjectIsGone) {
    ingested(manifest_of("10", {{"a", {"1"}}, {"b", {"2"}}}),
             results_of("10", "run", {{"a", "success"}, {"b", "success"}}));
    ingested(manifest_of("20", {{"b", {"2"}}, {"c", {"3"}}}), results_of("20", "run", {}));
    std::vector<std::string> names;
    for (const auto& node : models())
        names.push_back(node.name);
    EXPECT_THAT(names, ElementsAre("b", "c"));
    EXPECT_EQ(world_.value<int>("SELECT count(*) AS v FROM node_facts"), 2);
}

TEST_F(IngestTest, ARunThatIsReadLateChangesNothingThatALaterOneSaid) {
    auto later =
        ingested(manifest_of("30", {{"a", {"new"}}}), results_of("30", "run", {{"a", "error"}}));
    ingested(manifest_of("20", {{"a", {"old"}}, {"b", {"old"}}}),
             results_of("20", "run", {{"a", "success"}}));
    auto nodes = models();
    ASSERT_EQ(nodes.size(), 1U);
    EXPECT_EQ(nodes[0].defined.at("raw_code"), "new");
    EXPECT_THAT(nodes[0].last_run_id, Optional(later));
    EXPECT_THAT(nodes[0].last_status, Optional(std::string("error")));
}

TEST_F(IngestTest, DocumentationBuildsNothing) {
    ingested(manifest_of("10", {{"a", {"1"}}}), results_of("10", "generate", {{"a", "success"}}));
    auto nodes = models();
    ASSERT_EQ(nodes.size(), 1U);
    EXPECT_FALSE(nodes[0].applied);
    EXPECT_FALSE(nodes[0].last_status);
}

TEST_F(IngestTest, CompiledCodeOutlivesARunOfOtherModels) {
    ingested(manifest_of("10", {{"a", {"1", "one"}}, {"b", {"2", "two"}}}),
             results_of("10", "run", {{"a", "success"}, {"b", "success"}}));
    ingested(manifest_of("20", {{"a", {"1", "uno"}}, {"b", {"2"}}}),
             results_of("20", "run", {{"a", "success"}}));
    auto nodes = models();
    ASSERT_EQ(nodes.size(), 2U);
    EXPECT_THAT(nodes[0].compiled_code, Optional(std::string("uno")));
    EXPECT_THAT(nodes[1].compiled_code, Optional(std::string("two")));
}

TEST_F(IngestTest, WhatDbtDoesNotWriteIsLeft) {
    left("{", "{}");
    EXPECT_TRUE(ingest());
    EXPECT_THAT(models(), IsEmpty());
    EXPECT_FALSE(ingest()) << "it is not tried again";
}

TEST_F(IngestTest, WhatCannotBeReadNowIsTriedAgain) {
    auto run_id = left(manifest_of("10", {{"a", {"1"}}}), results_of("10", "run", {}));
    BlockingPool stopped;
    stopped.stop();
    EXPECT_TRUE(world_.get([&] { return ingest_next(world_.pool(), world_.objects(), stopped); }));
    EXPECT_THAT(models(), IsEmpty());
    EXPECT_FALSE(ingest()) << "not at once";
    world_.get([&] { return ingest_again(world_.pool(), run_id, std::chrono::seconds(0)); });
    EXPECT_TRUE(ingest());
    EXPECT_EQ(models().size(), 1U);
}

TEST_F(IngestTest, TextThatTheDatabaseDoesNotTakeIsKeptWithoutIt) {
    ingested(manifest_of("10", {{"a", {std::string("a\0b", 3)}}}),
             results_of("10", "run", {{"a", "success"}}));
    EXPECT_EQ(models().at(0).defined.at("raw_code"), "a b");
}

TEST_F(IngestTest, ARunWithoutAManifestIsNotRead) {
    ask(world_.queued_run(job_));
    EXPECT_FALSE(ingest());
}

TEST_F(IngestTest, WhatAPullRequestBuildsIsNotTheEnvironments) {
    auto run_id = world_.queued_run(job_, true);
    save(run_id, 4, "manifest.json", manifest_of("10", {{"a", {"1"}}}));
    save(run_id, 4, "run_results.json", results_of("10", "build", {{"a", "success"}}));
    ask(run_id);
    EXPECT_TRUE(ingest());
    EXPECT_THAT(models(), IsEmpty());
    // But it took its time.
    EXPECT_TRUE(
        world_.value<bool>("SELECT is_ci AS v FROM node_results WHERE run_id = $1", run_id));
}

TEST_F(IngestTest, WhatCameOfEachNodeGoesIntoTheHistory) {
    auto run_id = ingested(manifest_of("10", {{"a", {"1"}}, {"b", {"1"}}}),
                           results_of("10", "build", {{"a", "success"}, {"gone", "error"}}));
    auto history = [&](std::string_view column, std::string_view node) {
        return world_.value<std::string>(
            fmt::format("SELECT {}::text AS v FROM node_results WHERE run_id = $1 AND name = $2",
                        column),
            run_id, node);
    };
    EXPECT_EQ(history("status", "a"), "success");
    EXPECT_EQ(history("resource_type", "a"), "model");
    EXPECT_EQ(history("step_index", "a"), "4");
    EXPECT_EQ(history("run_elapsed_time", "a"), "2.5");
    EXPECT_EQ(history("generated_at", "a"), "2026-01-01 00:10:00.7+00");
    EXPECT_EQ(history("execute_completed_at", "a"), "2026-01-01 00:00:02+00");
    // One that the manifest does not know, by its id.
    EXPECT_EQ(history("resource_type", "gone"), "model");
    EXPECT_EQ(history("message", "gone"), "said error");
    // What only looks builds nothing.
    ingested(manifest_of("11", {{"a", {"1"}}}), results_of("11", "show", {{"a", "success"}}));
    EXPECT_EQ(world_.value<int>("SELECT count(*)::int AS v FROM node_results"), 2);
}

TEST_F(IngestTest, WhoeverDiesWhileReadingLosesTheRunToTheNext) {
    auto run_id = left(manifest_of("10", {{"a", {"1"}}}), results_of("10", "run", {}));
    auto taken = world_.get([&] { return take_run(world_.pool()); });
    ASSERT_TRUE(taken);
    EXPECT_EQ(taken->run_id, run_id);
    EXPECT_FALSE(ingest()) << "somebody else has it";
    // What two minutes would do.
    world_.get([&] { return ingest_again(world_.pool(), run_id, std::chrono::seconds(0)); });
    EXPECT_TRUE(ingest());
    EXPECT_EQ(models().size(), 1U);
}

}  // namespace
}  // namespace mw::project_state
