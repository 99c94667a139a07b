#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "features/artifacts/artifact_store.hpp"
#include "features/discovery/discovery_api.hpp"
#include "features/project_state/ingest.hpp"
#include "features/runs/pgtest_api.hpp"

namespace mw::discovery {
namespace {

using testing::HasSubstr;

template <class T = void>
using Awaitable = boost::asio::awaitable<result<T>>;

constexpr std::string_view kManifest = R"({
  "metadata": {"generated_at": "2026-01-01T00:10:00Z", "dbt_version": "1.11.16",
               "project_name": "shop", "adapter_type": "duckdb"},
  "nodes": {
    "seed.shop.raw": {"resource_type": "seed", "name": "raw", "package_name": "shop",
      "config": {"materialized": "seed"}},
    "model.shop.staged": {"resource_type": "model", "name": "staged", "package_name": "shop",
      "database": "db", "schema": "main", "alias": "staged_v1", "tags": ["daily"],
      "raw_code": "select {{ 1 }}", "compiled_code": "select 1", "description": "Cleaned.",
      "config": {"materialized": "view"}, "fqn": ["shop", "staged"],
      "columns": {"id": {"name": "id", "description": "Which one."}}, "meta": {"owner": "ann"},
      "depends_on": {"nodes": ["seed.shop.raw", "source.shop.app.events"]}},
    "model.shop.orders": {"resource_type": "model", "name": "orders", "package_name": "shop",
      "config": {"materialized": "table", "tags": ["nightly"]}, "raw_code": "x",
      "depends_on": {"nodes": ["model.shop.staged"]}},
    "model.shop.never": {"resource_type": "model", "name": "never", "package_name": "shop"},
    "test.shop.unique_orders_id.1": {"resource_type": "test", "name": "unique_orders_id",
      "column_name": "id", "depends_on": {"nodes": ["model.shop.orders"]}}},
  "sources": {"source.shop.app.events": {"resource_type": "source", "name": "events",
    "source_name": "app", "identifier": "events"}},
  "exposures": {"exposure.shop.board": {"resource_type": "exposure", "name": "board",
    "type": "dashboard", "owner": {"name": "Bo"}, "depends_on": {"nodes": ["model.shop.orders"]}}}
})";

constexpr std::string_view kResults = R"({
  "metadata": {"generated_at": "2026-01-01T00:10:01Z"}, "args": {"which": "build"},
  "elapsed_time": 2.5,
  "results": [
    {"unique_id": "seed.shop.raw", "status": "success", "execution_time": 0.1},
    {"unique_id": "model.shop.staged", "status": "success", "execution_time": 0.25},
    {"unique_id": "model.shop.orders", "status": "error", "execution_time": 0.5,
     "message": "Binder Error"},
    {"unique_id": "test.shop.unique_orders_id.1", "status": "fail", "failures": 3,
     "message": "Got 3 results", "execution_time": 0.1}]
})";

constexpr std::string_view kSources = R"({
  "metadata": {"generated_at": "2026-01-01T00:10:02Z"},
  "results": [{"unique_id": "source.shop.app.events", "status": "warn",
    "max_loaded_at": "2025-12-31T00:00:00Z", "snapshotted_at": "2026-01-01T00:10:02Z",
    "max_loaded_at_time_ago_in_s": 87002.0,
    "criteria": {"warn_after": {"count": 12, "period": "hour"},
                 "error_after": {"count": null, "period": null}, "filter": null}}]
})";

constexpr std::string_view kCatalog = R"({
  "metadata": {"generated_at": "2026-01-01T00:10:03Z"},
  "nodes": {"model.shop.staged": {
    "metadata": {"type": "VIEW", "owner": "bo", "comment": null},
    "columns": {"B": {"name": "B", "type": "TEXT", "index": 2, "comment": null},
                "ID": {"name": "ID", "type": "INTEGER", "index": 1, "comment": null}},
    "stats": {"has_stats": {"id": "has_stats", "label": "Has Stats?", "value": false,
                            "include": false},
              "rows": {"id": "rows", "label": "Rows", "value": 7, "include": true,
                       "description": "How many"}}}},
  "sources": {}
})";

class DiscoveryTest : public testing::Test {
  protected:
    DiscoveryTest() {
        world_.act_as(account_);
        add_discovery_endpoint(world_.api(), world_.pool());
    }
    void save(std::string path, std::string_view content) {
        auto key = artifacts::object_key_of(account_, run_, 4, path).value();
        world_.get([&] { return world_.objects().put(key, std::string(content), {}); });
        world_.get([&] {
            return pg::with_tx(world_.pool(), [&](pg::Connection& tx) -> Awaitable<> {
                artifacts::Artifact artifact{run_, 4, path,
                                             static_cast<std::int64_t>(content.size()), key};
                co_return co_await artifacts::record_artifacts(tx, {artifact});
            });
        });
    }
    void ingest() {
        save("manifest.json", kManifest);
        save("run_results.json", kResults);
        save("sources.json", kSources);
        save("catalog.json", kCatalog);
        world_.get([&] {
            return pg::with_tx(world_.pool(), [&](pg::Connection& tx) -> Awaitable<> {
                co_return co_await project_state::ask_for_ingestion(tx, run_);
            });
        });
        EXPECT_TRUE(world_.get([&] {
            return project_state::ingest_next(world_.pool(), world_.objects(), world_.blocking());
        }));
    }
    boost::json::value ask(std::string_view query, boost::json::object variables = {}) {
        auto answer = world_.post("/graphql", boost::json::serialize(boost::json::object{
                                                  {"query", query}, {"variables", variables}}));
        EXPECT_EQ(answer.status, 200) << answer.body;
        return answer.json();
    }
    // Of the test's environment, from within.
    boost::json::value environment(std::string_view selection) {
        auto answer =
            ask(fmt::format("query Q($id: BigInt!) {{ environment(id: $id) {{ {} }} }}", selection),
                {{"id", environment_}});
        EXPECT_FALSE(answer.as_object().contains("errors")) << answer;
        return answer.at("data").at("environment");
    }
    // JSON of the list `models` of the applied state.
    std::string applied(std::string_view list) {
        return boost::json::serialize(
            environment(fmt::format("applied {{ {} }}", list)).at("applied"));
    }

    test::ApiWorld world_;
    Id account_ = world_.account();
    Id job_ = world_.job(account_);
    Id run_ = world_.queued_run(job_);
    Id environment_ = world_.value<Id>("SELECT environment_id AS v FROM jobs WHERE id = $1", job_);
};

TEST_F(DiscoveryTest, SaysWhatTheLastRunKnewOfAModel) {
    ingest();
    auto applied = environment(R"(dbtProjectName adapterType applied { models(first: 100,
        filter: {uniqueIds: "model.shop.staged"}) { edges { node {
        name uniqueId resourceType description materializedType database schema alias tags fqn
        meta rawCode compiledCode packageName executionInfo { lastRunId lastSuccessRunId
        lastJobDefinitionId lastRunStatus lastRunError executionTime runElapsedTime } } } } })");
    EXPECT_EQ(applied.at("dbtProjectName"), "shop");
    EXPECT_EQ(applied.at("adapterType"), "duckdb");
    const auto& edges = applied.at("applied").at("models").at("edges").as_array();
    ASSERT_EQ(edges.size(), 1U);
    EXPECT_EQ(
        boost::json::serialize(edges[0].at("node")),
        fmt::format(R"({{"name":"staged","uniqueId":"model.shop.staged",)"
                    R"("resourceType":"model","description":"Cleaned.",)"
                    R"("materializedType":"view","database":"db","schema":"main",)"
                    R"("alias":"staged_v1","tags":["daily"],"fqn":["shop","staged"],)"
                    R"("meta":{{"owner":"ann"}},"rawCode":"select {{{{ 1 }}}}",)"
                    R"("compiledCode":"select 1","packageName":"shop",)"
                    R"("executionInfo":{{"lastRunId":{0},"lastSuccessRunId":{0},)"
                    R"("lastJobDefinitionId":{1},"lastRunStatus":"success",)"
                    R"("lastRunError":null,"executionTime":2.5E-1,"runElapsedTime":2.5E0}}}})",
                    run_, job_));
}

TEST_F(DiscoveryTest, FiltersByStatus) {
    ingest();
    EXPECT_EQ(applied(R"(models(first: 5, filter: {lastRunStatus: error}) { totalCount
                         edges { node { name executionInfo { lastRunError } } } })"),
              R"({"models":{"totalCount":1,"edges":[{"node":{"name":"orders",)"
              R"("executionInfo":{"lastRunError":"Binder Error"}}}]}})");
    EXPECT_EQ(applied(R"(tests(first: 5, filter: {status: "fail"}) {
                         edges { node { name columnName executionInfo { lastRunFailures } } } })"),
              R"({"tests":{"edges":[{"node":{"name":"unique_orders_id","columnName":"id",)"
              R"("executionInfo":{"lastRunFailures":3}}}]}})");
    EXPECT_EQ(applied(R"(models(filter: {tags: ["nightly"]}) { totalCount })"),
              R"({"models":{"totalCount":1}})");
    EXPECT_EQ(applied(R"(models(filter: {identifier: "STAGED_V1"}) { totalCount })"),
              R"({"models":{"totalCount":1}})");
}

TEST_F(DiscoveryTest, WhatWasNeverBuiltIsDefinedAlone) {
    ingest();
    EXPECT_EQ(applied("models { totalCount }"), R"({"models":{"totalCount":2}})");
    auto defined =
        environment("definition { models { totalCount edges { node { name runId } } } }");
    EXPECT_EQ(boost::json::serialize(defined),
              fmt::format(R"({{"definition":{{"models":{{"totalCount":3,"edges":[)"
                          R"({{"node":{{"name":"never","runId":{0}}}}},)"
                          R"({{"node":{{"name":"orders","runId":{0}}}}},)"
                          R"({{"node":{{"name":"staged","runId":{0}}}}}]}}}}}})",
                          run_));
}

TEST_F(DiscoveryTest, KnowsTheGraph) {
    ingest();
    EXPECT_EQ(applied(R"(models(filter: {uniqueIds: ["model.shop.orders"]}) { edges { node {
                parents { uniqueId } children { name resourceType } tests { name }
                ancestors(types: [Model, Source]) { ... on ModelAppliedStateNode { name }
                    ... on SourceAppliedStateNode { sourceName name } } } } })"),
              R"({"models":{"edges":[{"node":{"parents":[{"uniqueId":"model.shop.staged"}],)"
              R"("children":[{"name":"board","resourceType":"exposure"}],)"
              R"("tests":[{"name":"unique_orders_id"}],)"
              R"("ancestors":[{"name":"staged"},{"sourceName":"app","name":"events"}]}}]}})");
}

TEST_F(DiscoveryTest, SaysHowFreshASourceIs) {
    ingest();
    EXPECT_EQ(
        applied(R"(sources { edges { node { freshness { maxLoadedAt freshnessStatus
                freshnessChecked maxLoadedAtTimeAgoInS
                criteria { warnAfter { count period } errorAfter { count } } } } } })"),
        R"({"sources":{"edges":[{"node":{"freshness":{"maxLoadedAt":"2025-12-31T00:00:00Z",)"
        R"("freshnessStatus":"warn","freshnessChecked":true,"maxLoadedAtTimeAgoInS":8.7002E4,)"
        R"("criteria":{"warnAfter":{"count":12,"period":"hour"},"errorAfter":null}}}}]}})");
}

TEST_F(DiscoveryTest, KnowsTheColumnsOfARelation) {
    ingest();
    EXPECT_EQ(applied(R"(models { edges { node { name catalog { type owner
                columns { name type description } stats { label value } } } } })"),
              R"({"models":{"edges":[{"node":{"name":"orders","catalog":null}},)"
              R"({"node":{"name":"staged","catalog":{"type":"VIEW","owner":"bo","columns":[)"
              R"({"name":"ID","type":"INTEGER","description":"Which one."},)"
              R"({"name":"B","type":"TEXT","description":null}],)"
              R"("stats":[{"label":"Rows","value":"7"}]}}}]}})");
}

TEST_F(DiscoveryTest, ComesPageByPage) {
    ingest();
    auto first = environment(
        "definition { models(first: 2) { pageInfo { startCursor endCursor "
        "hasNextPage hasPreviousPage } } }");
    EXPECT_EQ(boost::json::serialize(first.at("definition").at("models").at("pageInfo")),
              R"({"startCursor":"model.shop.never","endCursor":"model.shop.orders",)"
              R"("hasNextPage":true,"hasPreviousPage":false})");
    auto second = environment(R"(definition { models(first: 2, after: "model.shop.orders") {
        edges { node { name } } pageInfo { hasNextPage hasPreviousPage } } })");
    EXPECT_EQ(boost::json::serialize(second.at("definition").at("models")),
              R"({"edges":[{"node":{"name":"staged"}}],)"
              R"("pageInfo":{"hasNextPage":false,"hasPreviousPage":true}})");
}

TEST_F(DiscoveryTest, AnEnvironmentThatNothingRanInIsEmpty) {
    EXPECT_EQ(applied("lastUpdatedAt models { totalCount edges { cursor } "
                      "pageInfo { endCursor hasNextPage } }"),
              R"({"lastUpdatedAt":null,"models":{"totalCount":0,"edges":[],)"
              R"("pageInfo":{"endCursor":null,"hasNextPage":false}}})");
}

TEST_F(DiscoveryTest, WhatMayNotBeSeenIsNotThere) {
    ingest();
    constexpr auto kQuery = "query($id: BigInt!) { environment(id: $id) { id } }";
    auto message = [](const boost::json::value& answer) {
        EXPECT_TRUE(answer.at("data").at("environment").is_null());
        return std::string(answer.at("errors").at(0).at("message").as_string());
    };
    EXPECT_THAT(message(ask(kQuery, {{"id", 999'999}})), HasSubstr("no environment with this id"));
    world_.act_as(world_.account());
    EXPECT_THAT(message(ask(kQuery, {{"id", environment_}})),
                HasSubstr("no environment with this id"));
}

TEST_F(DiscoveryTest, SaysWhatIsWrongWithARequest) {
    auto wrong = [&](std::string body) {
        auto answer = world_.post("/graphql", std::move(body));
        EXPECT_EQ(answer.status, 400) << answer.body;
        return answer.body;
    };
    EXPECT_THAT(wrong("{"), HasSubstr("JSON"));
    EXPECT_THAT(wrong("[]"), HasSubstr("object"));
    EXPECT_THAT(wrong("{}"), HasSubstr("query"));
    EXPECT_THAT(wrong(R"({"query": "{ __typename }", "variables": []})"), HasSubstr("variables"));
    auto pages =
        ask("query($id: BigInt!) { environment(id: $id) { applied { "
            "models(first: 501) { totalCount } } } }",
            {{"id", environment_}});
    EXPECT_THAT(std::string(pages.at("errors").at(0).at("message").as_string()),
                HasSubstr("from 1 to 500"));
    auto unknown = ask("{ environment(id: 1) { nothing } }");
    EXPECT_THAT(std::string(unknown.at("errors").at(0).at("message").as_string()),
                HasSubstr("nothing"));
}

}  // namespace
}  // namespace mw::discovery
