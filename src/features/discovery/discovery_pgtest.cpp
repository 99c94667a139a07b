#include "features/discovery/pgtest_project.hpp"

namespace mw::discovery {
namespace {

using testing::HasSubstr;

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
              R"("children":[{"name":"board","resourceType":"exposure"},)"
              R"({"name":"revenue","resourceType":"metric"}],)"
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
