// The project as a whole, runs of jobs, and what happened over time.
#include "features/discovery/pgtest_project.hpp"

namespace mw::discovery {
namespace {

namespace json = boost::json;
using testing::HasSubstr;

using ProjectTest = DiscoveryTest;
using JobTest = DiscoveryTest;
using HistoryTest = DiscoveryTest;
using AccountTest = DiscoveryTest;

TEST_F(ProjectTest, ItsLineageIsOneList) {
    ingest();
    EXPECT_EQ(
        applied(R"(lineage(filter: {types: [Model]}) { name resourceType filePath projectId
                         materializationType parentIds tags uniqueId access })"),
        fmt::format(R"({{"lineage":[{{"name":"never","resourceType":"model","filePath":null,)"
                    R"("projectId":{0},"materializationType":null,"parentIds":[],"tags":[],)"
                    R"("uniqueId":"model.shop.never","access":null}},)"
                    R"({{"name":"orders","resourceType":"model","filePath":"models/orders.sql",)"
                    R"("projectId":{0},"materializationType":"table",)"
                    R"("parentIds":["model.shop.staged"],"tags":["nightly"],)"
                    R"("uniqueId":"model.shop.orders","access":"public"}},)"
                    R"({{"name":"staged","resourceType":"model","filePath":null,"projectId":{0},)"
                    R"("materializationType":"view",)"
                    R"("parentIds":["seed.shop.raw","source.shop.app.events"],"tags":["daily"],)"
                    R"("uniqueId":"model.shop.staged","access":null}}]}})",
                    world_.value<Id>("SELECT project_id AS v FROM jobs WHERE id = $1", job_)));
    // All that has a place in the graph.
    auto all = environment("applied { lineage { uniqueId } }");
    EXPECT_EQ(all.at("applied").at("lineage").as_array().size(), 9U);
}

TEST_F(AccountTest, NodesAreFoundByNameInAllProjects) {
    add_node_search_endpoint(world_.api(), world_.pool());
    ingest();
    auto found = [&](std::string name) {
        std::vector<std::string> ids;
        auto answer =
            world_.call("GET", fmt::format("/api/ui/accounts/{}/nodes/?name={}", account_, name));
        EXPECT_EQ(answer.status, 200) << answer.body;
        for (const auto& node : answer.data().as_array())
            ids.emplace_back(node.at("unique_id").as_string());
        return ids;
    };
    EXPECT_THAT(found("or"),
                testing::ElementsAre("model.shop.orders", "test.shop.unique_orders_id.1"));
    EXPECT_THAT(found("ORDERS").at(0), "model.shop.orders");
    EXPECT_THAT(found("no_such"), testing::IsEmpty());
    // A pattern is a text like any other.
    EXPECT_THAT(found("%25"), testing::IsEmpty());
    auto none = world_.call("GET", fmt::format("/api/ui/accounts/{}/nodes/?name=", account_));
    EXPECT_EQ(none.status, 400);
    EXPECT_THAT(none.message(), HasSubstr("name"));

    auto project = world_.value<Id>("SELECT project_id AS v FROM jobs WHERE id = $1", job_);
    // Where there is production, other environments are rehearsals of it.
    world_.sql(
        "INSERT INTO environments (account_id, project_id, name, deployment_type) "
        "VALUES ($1, $2, 'Elsewhere', 'production')",
        account_, project);
    EXPECT_THAT(found("orders"), testing::IsEmpty());
    world_.sql("DELETE FROM environments WHERE name = 'Elsewhere'");
    world_.authenticator().caller.grants = api::Grants(
        {{api::find_permission_set("developer"), project + 1, {}}}, api::License::developer);
    EXPECT_THAT(found("orders"), testing::IsEmpty());
}

TEST_F(ProjectTest, AllKindsComeInOneList) {
    ingest();
    EXPECT_EQ(
        applied(R"(resources(filter: {types: [Seed, Source]}, first: 1) { totalCount
                         pageInfo { hasNextPage } edges { node { accountId description environmentId
                         filePath meta name projectId resourceType uniqueId tags } } })"),
        fmt::format(R"({{"resources":{{"totalCount":2,"pageInfo":{{"hasNextPage":true}},"edges":[)"
                    R"({{"node":{{"accountId":{},"description":null,"environmentId":{},)"
                    R"("filePath":null,"meta":null,"name":"raw","projectId":{},)"
                    R"("resourceType":"seed","uniqueId":"seed.shop.raw","tags":null}}}}]}}}})",
                    account_, environment_,
                    world_.value<Id>("SELECT project_id AS v FROM jobs WHERE id = $1", job_)));
}

TEST_F(ProjectTest, ItsPackagesTagsAndOwners) {
    ingest();
    EXPECT_EQ(applied(R"(packages(resource: "model") tags { name }
                         owners(resource: exposure) { name email })"),
              R"({"packages":["shop"],)"
              R"("tags":[{"name":"daily"},{"name":"money"},{"name":"nightly"}],)"
              R"("owners":[{"name":"Bo","email":null}]})");
    EXPECT_EQ(applied("owners(resource: model) { name email }"),
              R"({"owners":[{"name":"Flo","email":"flo@example.com"}]})");
    EXPECT_EQ(
        environment("applied { resourceCounts }").at("applied").at("resourceCounts").at("model"),
        3);
}

TEST_F(ProjectTest, ItsMetricsMacrosAndGroups) {
    ingest();
    auto defined = json::serialize(environment(R"(definition {
        metrics { edges { node { name type formula tags parents { name resourceType } } } }
        macros { edges { node { name macroSql } } }
        groups { edges { node { name resourceType ownerName ownerEmail models { name } } } }
        models(filter: {access: public}) { edges { node { name group
            constraints { type columns } } } } })")
                                       .at("definition"));
    EXPECT_EQ(defined, R"({"metrics":{"edges":[{"node":{"name":"revenue","type":"simple",)"
                       R"("formula":"amount","tags":["money"],)"
                       R"("parents":[{"name":"orders","resourceType":"model"}]}}]},)"
                       R"("macros":{"edges":[{"node":{"name":"cents",)"
                       R"("macroSql":"{% macro cents() %}"}}]},)"
                       R"("groups":{"edges":[{"node":{"name":"finance","resourceType":"group",)"
                       R"("ownerName":"Flo","ownerEmail":"flo@example.com",)"
                       R"("models":[{"name":"orders"}]}}]},)"
                       R"("models":{"edges":[{"node":{"name":"orders","group":"finance",)"
                       R"("constraints":[{"type":"primary_key","columns":["id"]}]}}]}})");
}

TEST_F(ProjectTest, IsSearched) {
    ingest();
    auto found = [&](std::string filter) {
        return applied(
            fmt::format("searchResults(filter: {{{}}}, first: 2) {{ edges {{ cursor node "
                        "{{ matchedField highlight hit {{ uniqueId }} }} }} "
                        "pageInfo {{ hasNextPage }} }}",
                        filter));
    };
    // By name before those whose code speaks of it, whatever the case.
    EXPECT_EQ(found("query: \"ORDERS\""),
              R"({"searchResults":{"edges":[{"cursor":"1","node":{"matchedField":"name",)"
              R"("highlight":"orders","hit":{"uniqueId":"model.shop.orders"}}},)"
              R"({"cursor":"2","node":{"matchedField":"name","highlight":"unique_orders_id",)"
              R"("hit":{"uniqueId":"test.shop.unique_orders_id.1"}}}],)"
              R"("pageInfo":{"hasNextPage":false}}})");
    EXPECT_THAT(found("query: \"which one\""), HasSubstr(R"("matchedField":"column")"));
    EXPECT_THAT(found("query: \"cleaned\", fields: [description]"), HasSubstr("model.shop.staged"));
    EXPECT_THAT(found("query: \"cleaned\", fields: [name]"), HasSubstr(R"("edges":[])"));
    EXPECT_THAT(found("query: \"o\", resourceTypes: [Exposure]"), HasSubstr("exposure.shop.board"));
    EXPECT_THAT(found("query: \"%\", resourceTypes: [Model]"), HasSubstr(R"("edges":[])"));
    EXPECT_THAT(found("query: \"o\", accessLevels: [public]"), HasSubstr("model.shop.orders"));
    EXPECT_THAT(found("query: \"s\", tags: [\"daily\"]"), HasSubstr("model.shop.staged"));
    auto wrong = ask(R"(query($id: BigInt!) { environment(id: $id) { applied {
        searchResults(filter: {query: ""}) { edges { cursor } } } } })",
                     {{"id", environment_}});
    EXPECT_THAT(json::serialize(wrong.at("errors")), HasSubstr("from 1 to 200"));
}

TEST_F(ProjectTest, NodesOfAListAreFollowedTogether) {
    ingest();
    // Two levels below each model of the list, with what only the database has.
    EXPECT_EQ(applied(R"(models { edges { node { name
                         parents { name description ... on ModelAppliedStateNode {
                             parents { name description } } } } } })"),
              R"({"models":{"edges":[{"node":{"name":"orders","parents":[{"name":"staged",)"
              R"("description":"Cleaned.","parents":[{"name":"raw","description":null},)"
              R"({"name":"events","description":null}]}]}},)"
              R"({"node":{"name":"staged","parents":[{"name":"raw","description":null},)"
              R"({"name":"events","description":null}]}}]}})");
}

TEST_F(JobTest, WhatItsRunKnew) {
    ingest();
    finish(run_);
    auto answer = ask(R"(query($job: BigInt!) { job(id: $job) { runId
        models(schema: "main") { uniqueId status executionTime runElapsedTime rawSql compiledSql
            columns { name type } parentsModels { name } parentsSources { name state }
            tests { name } dependsOn }
        model(uniqueId: "model.shop.orders") { name status error fail skip
            tests { name status } childrenL1 { name } columns { name } }
        source(uniqueId: "source.shop.app.events") { sourceName state maxLoadedAt
            criteria { warnAfter { count } } }
        exposure(name: "board") { name exposureType parentsModels { uniqueId } }
        tests { name columnName fail status } } })",
                      {{"job", job_}});
    ASSERT_FALSE(answer.as_object().contains("errors")) << answer;
    EXPECT_EQ(json::serialize(answer.at("data").at("job")),
              fmt::format(
                  R"({{"runId":{},"models":[{{"uniqueId":"model.shop.staged","status":"success",)"
                  R"("executionTime":2.5E-1,"runElapsedTime":2.5E0,"rawSql":"select {{{{ 1 }}}}",)"
                  R"("compiledSql":"select 1","columns":[{{"name":"ID","type":"INTEGER"}},)"
                  R"({{"name":"B","type":"TEXT"}}],"parentsModels":[],)"
                  R"("parentsSources":[{{"name":"events","state":"warn"}}],"tests":[],)"
                  R"("dependsOn":["seed.shop.raw","source.shop.app.events"]}}],)"
                  R"("model":{{"name":"orders","status":"error","error":"Binder Error",)"
                  R"("fail":true,"skip":false,)"
                  R"("tests":[{{"name":"unique_orders_id","status":"fail"}}],)"
                  R"("childrenL1":[],"columns":[]}},)"
                  R"("source":{{"sourceName":"app","state":"warn",)"
                  R"("maxLoadedAt":"2025-12-31T00:00:00Z",)"
                  R"("criteria":{{"warnAfter":{{"count":12}}}}}},)"
                  R"("exposure":{{"name":"board","exposureType":"dashboard",)"
                  R"("parentsModels":[{{"uniqueId":"model.shop.orders"}}]}},)"
                  R"("tests":[{{"name":"unique_orders_id","columnName":"id","fail":true,)"
                  R"("status":"fail"}}]}})",
                  run_));
}

TEST_F(JobTest, TheQueriesOfOld) {
    ingest();
    finish(run_);
    auto answer = ask(R"(query($job: BigInt!, $run: BigInt) {
        models(jobId: $job, runId: $run) { name status tests { name status } }
        seed(jobId: $job, uniqueId: "seed.shop.raw") { status } })",
                      {{"job", job_}, {"run", run_}});
    ASSERT_FALSE(answer.as_object().contains("errors")) << answer;
    EXPECT_EQ(json::serialize(answer.at("data")),
              R"({"models":[{"name":"never","status":null,"tests":[]},)"
              R"({"name":"orders","status":"error",)"
              R"("tests":[{"name":"unique_orders_id","status":"fail"}]},)"
              R"({"name":"staged","status":"success","tests":[]}],"seed":{"status":"success"}})");
}

TEST_F(JobTest, WhoseRunLeftNothingOrIsNotToBeSeen) {
    auto wrong = [&](json::object variables) {
        auto answer = ask(R"(query($job: BigInt!, $run: BigInt) {
            job(id: $job, runId: $run) { id } })",
                          std::move(variables));
        EXPECT_TRUE(answer.at("data").at("job").is_null());
        return json::serialize(answer.at("errors"));
    };
    EXPECT_THAT(wrong({{"job", job_}}), HasSubstr("no run of this job that left artifacts"));
    ingest();
    finish(run_);
    EXPECT_THAT(wrong({{"job", job_}, {"run", run_ + 7}}), HasSubstr("no such run of this job"));
    world_.act_as(world_.account());
    EXPECT_THAT(wrong({{"job", job_}}), HasSubstr("no run of this job"));
}

TEST_F(HistoryTest, TheLastRunsOfAModel) {
    ingest();
    auto runs = applied(R"(modelHistoricalRuns(uniqueId: "model.shop.orders", lastRunCount: 5) {
        runId runGeneratedAt executionTime status error rawCode
        tests { name status executeCompletedAt } })");
    EXPECT_EQ(runs,
              fmt::format(R"({{"modelHistoricalRuns":[{{"runId":{},)"
                          R"("runGeneratedAt":"2026-01-01T00:10:01.000000Z","executionTime":5E-1,)"
                          R"("status":"error","error":"Binder Error","rawCode":"x",)"
                          R"("tests":[{{"name":"unique_orders_id","status":"fail",)"
                          R"("executeCompletedAt":null}}]}}]}})",
                          run_));
    // When its files are gone, what the history itself has stays.
    world_.sql("DELETE FROM artifacts WHERE run_id = $1", run_);
    auto old = ask(R"(query($id: BigInt!) { modelByEnvironment(environmentId: $id,
        identifier: "staged_v1", lastRunCount: 20) { name status executionTime packageName
        rawCode } })",
                   {{"id", environment_}});
    ASSERT_FALSE(old.as_object().contains("errors")) << old;
    EXPECT_EQ(old.at("data").at("modelByEnvironment").at(0).at("status"), "success");
    auto too_many = ask(R"(query($id: BigInt!) { environment(id: $id) { applied {
        modelHistoricalRuns(uniqueId: "m", lastRunCount: 21) { runId } } } })",
                        {{"id", environment_}});
    EXPECT_THAT(json::serialize(too_many.at("errors")), HasSubstr("from 1 to 20"));
    auto which = ask(R"(query($id: BigInt!) { environment(id: $id) { applied {
        modelHistoricalRuns { runId } } } })",
                     {{"id", environment_}});
    EXPECT_THAT(json::serialize(which.at("errors")), HasSubstr("uniqueId"));
}

TEST_F(HistoryTest, HowModelsPerform) {
    ingest();
    auto answer = ask(R"(query($id: BigInt!, $start: Date!, $end: Date!) {
        performance(environmentId: $id) {
          mostExecutedModels(start: $start, end: $end, limit: 1) { uniqueId totalExecutions
            byJob { jobId totalExecutions } }
          longestExecutedModels(start: $start, end: $end, orderBy: AVG) { uniqueId
            maxExecutionTime averageExecutionTime }
          mostExecutionFailedModels(start: $start, end: $end) { uniqueId failurePercentage
            totalExecutions totalFailedExecutions }
          mostTestFailedModels(start: $start, end: $end) { uniqueId failurePercentage
            totalRunsWithTests totalRunsWithTestFailures }
          jobInformation(start: $start, end: $end, uniqueId: "model.shop.orders") { jobId name }
          modelExecutionHistory(startDate: $start, endDate: $end, uniqueId: "model.shop.staged") {
            date meanExecutionTime executionTimes executionsByJob { jobId executionTimes
              executions { status isFullRefresh adapter } } } } })",
                      {{"id", environment_}, {"start", "2026-01-01"}, {"end", "2026-01-01"}});
    ASSERT_FALSE(answer.as_object().contains("errors")) << answer;
    EXPECT_EQ(
        json::serialize(answer.at("data").at("performance")),
        fmt::format(
            R"({{"mostExecutedModels":[{{"uniqueId":"model.shop.orders","totalExecutions":1,)"
            R"("byJob":[{{"jobId":{0},"totalExecutions":1}}]}}],)"
            R"("longestExecutedModels":[{{"uniqueId":"model.shop.orders",)"
            R"("maxExecutionTime":5E-1,"averageExecutionTime":5E-1}},)"
            R"({{"uniqueId":"model.shop.staged","maxExecutionTime":2.5E-1,)"
            R"("averageExecutionTime":2.5E-1}}],)"
            R"("mostExecutionFailedModels":[{{"uniqueId":"model.shop.orders",)"
            R"("failurePercentage":1E2,"totalExecutions":1,"totalFailedExecutions":1}}],)"
            R"("mostTestFailedModels":[{{"uniqueId":"model.shop.orders",)"
            R"("failurePercentage":1E2,"totalRunsWithTests":1,)"
            R"("totalRunsWithTestFailures":1}}],"jobInformation":[{{"jobId":{0},"name":"j"}}],)"
            R"("modelExecutionHistory":[{{"date":"2026-01-01","meanExecutionTime":2.5E-1,)"
            R"("executionTimes":[2.5E-1],"executionsByJob":[{{"jobId":{0},)"
            R"("executionTimes":[2.5E-1],"executions":[{{"status":"success",)"
            R"("isFullRefresh":false,"adapter":"duckdb"}}]}}]}}]}})",
            job_));
    auto wrong = ask(R"(query($id: BigInt!) { performance(environmentId: $id) {
        mostExecutedModels(start: "yesterday", end: "2026-01-01") { uniqueId } } })",
                     {{"id", environment_}});
    EXPECT_THAT(json::serialize(wrong.at("errors")), HasSubstr("a day such as"));
}

TEST_F(HistoryTest, OfNodesTestsAndCosts) {
    ingest();
    auto found = json::serialize(environment(R"(
        nodeHistory(uniqueId: "model.shop.orders", from: "2026-01-01", until: "2026-01-02") {
          runId status executionTime isFullRefresh }
        testReliability(from: "2026-01-01", until: "2026-01-02") { name runs failures flakiness }
        jobCosts(from: "2026-01-01", until: "2026-01-02") { jobId nodes nodeSeconds })"));
    EXPECT_EQ(found, fmt::format(R"({{"nodeHistory":[{{"runId":{},"status":"error",)"
                                 R"("executionTime":5E-1,"isFullRefresh":false}}],)"
                                 R"("testReliability":[{{"name":"unique_orders_id","runs":1,)"
                                 R"("failures":1,"flakiness":0E0}}],)"
                                 R"("jobCosts":[{{"jobId":{},"nodes":4,"nodeSeconds":9.5E-1}}]}})",
                                 run_, job_));
}

TEST_F(AccountTest, WhatItsProjectsOffer) {
    ingest();
    auto answer = ask(R"(query($id: BigInt!) { account(id: $id) {
        publicModels(first: 5) { edges { node { name uniqueId dbtCoreProject group columnCount
          lastRunStatus isDefaultEnv } } pageInfo { hasNextPage } }
        meshProjects { dbtCoreProject isProducer projectSummary { totalModels publicModels tests }
          dependentProjects { projectId } } } })",
                      {{"id", account_}});
    ASSERT_FALSE(answer.as_object().contains("errors")) << answer;
    EXPECT_EQ(json::serialize(answer.at("data").at("account")),
              R"({"publicModels":{"edges":[{"node":{"name":"orders",)"
              R"("uniqueId":"model.shop.orders","dbtCoreProject":"shop","group":"finance",)"
              R"("columnCount":0,"lastRunStatus":"error","isDefaultEnv":false}}],)"
              R"("pageInfo":{"hasNextPage":false}},"meshProjects":[{"dbtCoreProject":"shop",)"
              R"("isProducer":true,"projectSummary":{"totalModels":3,"publicModels":1,"tests":1},)"
              R"("dependentProjects":[]}]})");
    auto theirs =
        ask("query($id: BigInt!) { account(id: $id) { id } }", {{"id", world_.account()}});
    EXPECT_THAT(json::serialize(theirs.at("errors")), HasSubstr("no account with this id"));
}

TEST_F(AccountTest, WhatIsNotDerivedHereIsEmpty) {
    ingest();
    auto answer = ask(R"(query($id: BigInt!) {
        column(environmentId: $id) { lineage(nodeUniqueId: "model.shop.orders",
          filters: {maxDepth: null, isError: false}) { name } }
        recommendations(environmentId: $id) { metrics { name }
          rules(first: 10, filter: {severity: null}) { edges { node { name } } totalCount } } })",
                      {{"id", environment_}});
    ASSERT_FALSE(answer.as_object().contains("errors")) << answer;
    EXPECT_EQ(json::serialize(answer.at("data")),
              R"({"column":{"lineage":[]},"recommendations":{"metrics":[],)"
              R"("rules":{"edges":[],"totalCount":0}}})");
}

// As dbt's MCP server asks, by the names of types that it knows.
TEST_F(ProjectTest, RequestsMayNameTypesAsTheyWereOrWillBe) {
    ingest();
    json::object filter{{"uniqueIds", json::array{"model.shop.orders"}}};
    auto variables = [&](json::object more) {
        more["id"] = environment_;
        return more;
    };
    auto models = ask(R"(query($id: BigInt!, $filter: ModelAppliedFilter, $sort: AppliedModelSort) {
        environment(id: $id) { applied { models(filter: $filter, sort: $sort, first: 1) {
        edges { node { name
          parents { ... on ModelAppliedStateNestedNode { name description }
                    ... on ExternalModelNode { name } ... on MacroDefinitionNestedNode { name } }
          children { ... on ExposureAppliedStateNestedNode { name resourceType }
                     ... on MetricDefinitionNestedNode { name resourceType }
                     ... on TestAppliedStateNestedNode { testType } } } } } } } })",
                      variables({{"filter", filter},
                                 {"sort", {{"field", "queryUsageCount"}, {"direction", "desc"}}}}));
    ASSERT_FALSE(models.as_object().contains("errors")) << models;
    EXPECT_EQ(json::serialize(models.at("data").at("environment").at("applied").at("models")),
              R"({"edges":[{"node":{"name":"orders",)"
              R"("parents":[{"name":"staged","description":"Cleaned."}],)"
              R"("children":[{"name":"board","resourceType":"exposure"},)"
              R"({"name":"revenue","resourceType":"metric"}]}}]})");
    auto lineage = ask(R"(query($id: BigInt!, $types: [ResourceNodeType!]!) {
        environment(id: $id) { applied { lineage(filter: {types: $types}) { name uniqueId
          ... on LineageNodeWithParents { parentIds }
          ... on ModelLineageNode { database schema alias matchesMethod fqn }
          ... on SourceLineageNode { sourceName } } } } })",
                       variables({{"types", {"Source", "Seed"}}}));
    ASSERT_FALSE(lineage.as_object().contains("errors")) << lineage;
    EXPECT_EQ(json::serialize(lineage.at("data").at("environment").at("applied").at("lineage")),
              R"([{"name":"raw","uniqueId":"seed.shop.raw","parentIds":[]},)"
              R"({"name":"events","uniqueId":"source.shop.app.events","parentIds":[],)"
              R"("sourceName":"app"}])");
    auto details = ask(R"(query($id: BigInt!, $filter: AppliedResourcesFilter!) {
        environment(id: $id) { applied { resources(filter: $filter, first: 2) { edges { node {
          __typename ... on MacroDefinitionNode { name path macroSql }
          ... on TestAppliedStateNode { columnName testType dependsOnMacros { uniqueId name } }
          ... on SnapshotAppliedStateNode { targetSchema strategy primaryKey
              snapshotExecutionInfo { lastRunStatus } } } } } } } })",
                       variables({{"filter", {{"types", {"Macro", "Test"}}}}}));
    ASSERT_FALSE(details.as_object().contains("errors")) << details;
    EXPECT_EQ(json::serialize(details.at("data").at("environment").at("applied").at("resources")),
              R"({"edges":[{"node":{"__typename":"MacroDefinitionNode","name":"cents",)"
              R"("path":null,"macroSql":"{% macro cents() %}"}},)"
              R"({"node":{"__typename":"TestAppliedStateNode","columnName":"id",)"
              R"("testType":"singular_data_test","dependsOnMacros":[]}}]})");
}

TEST_F(ProjectTest, ItsSemanticModelsHaveDbtsMembersUnderTheirOwnNames) {
    ingest();
    auto defined = json::serialize(environment(R"(definition { semanticModels { edges { node {
        name defaults { aggTimeDimension } entities { name type }
        dimensions { name typeParams { timeGranularity } } measures { name agg } } } } })"));
    EXPECT_EQ(defined,
              R"({"definition":{"semanticModels":{"edges":[{"node":{"name":"sales",)"
              R"("defaults":{"aggTimeDimension":"sold_at"},)"
              R"("entities":[{"name":"sale","type":"primary"}],)"
              R"("dimensions":[{"name":"sold_at","typeParams":{"timeGranularity":"day"}}],)"
              R"("measures":[{"name":"amount","agg":"sum"}]}}]}}})");
}

TEST_F(ProjectTest, ModelsOfALayerAreKnownByFolderOrPrefix) {
    ingest();
    auto names = [&](std::string layer) {
        return applied(
            fmt::format("models(filter: {{modelingLayer: \"{}\"}}) {{ totalCount }}", layer));
    };
    world_.sql("UPDATE environment_nodes SET name = 'fct_orders' WHERE name = 'orders'");
    EXPECT_EQ(names("marts"), R"({"models":{"totalCount":1}})");
    EXPECT_EQ(names("staging"), R"({"models":{"totalCount":0}})");
    EXPECT_EQ(names("models"), R"({"models":{"totalCount":1}})");
    EXPECT_EQ(names(".*"), R"({"models":{"totalCount":0}})");
}

}  // namespace
}  // namespace mw::discovery
