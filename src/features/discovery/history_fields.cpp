#include "features/discovery/history_fields.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/json_optional.hpp"
#include "base/json_text.hpp"
#include "features/discovery/performance_fields.hpp"
#include "features/history/history_api.hpp"
#include "features/history/job_cost_store.hpp"

namespace mw::discovery {
namespace {

using graphql::Asked;
using history::NodeRun;

constexpr int kRunsMost = 20;
// Further back nobody asks without saying so.
constexpr std::chrono::days kLookBack{1095};

result<int> whole_number(const json::object& arguments, std::string_view name, int otherwise,
                         int most) {
    const auto* given = arguments.if_contains(name);
    if (!given || !given->is_number()) return otherwise;
    auto number = given->to_number<int>();
    if (number >= 1 && number <= most) return number;
    return fail(Errc::invalid_argument, fmt::format("\"{}\" must be from 1 to {}.", name, most));
}

result<history::TimeSpan> span_of(const json::object& arguments) {
    return history::read_span(text_of(arguments, "from"), text_of(arguments, "until"), now());
}

Awaitable<std::string> model_of(Lookup& lookup, Id environment_id, const json::object& arguments) {
    auto unique_id = text_of(arguments, "uniqueId");
    if (!unique_id.empty()) co_return unique_id;
    auto identifier = text_of(arguments, "identifier");
    if (identifier.empty())
        co_return fail(Errc::invalid_argument, "Either \"uniqueId\" or \"identifier\" is needed.");
    MW_CO_TRY(
        auto nodes,
        co_await lookup.page(
            environment_id, {.resource_types = {"model"}, .identifier = identifier}, {.limit = 1}));
    co_return nodes.empty() ? std::string() : nodes.front().unique_id;
}

project_state::ReadableRun place_of(const project_state::EnvironmentState& environment,
                                    const NodeRun& run) {
    return {.run_id = run.run_id,
            .account_id = environment.account_id,
            .project_id = environment.project_id,
            .environment_id = environment.environment_id,
            .job_id = run.job_id};
}

// The model's tests as the project is now, as they came out in each of these runs.
Awaitable<std::vector<NodeRun>> tests_of(Lookup& lookup, Id environment_id,
                                         const std::string& unique_id,
                                         const std::vector<NodeRun>& runs) {
    if (runs.empty()) co_return std::vector<NodeRun>{};
    MW_CO_TRY(const auto* graph, co_await lookup.graph(environment_id));
    Ids tests;
    for (auto& id : graph->children_of(unique_id))
        if (const auto* node = graph->find(id); node && node->resource_type == "test")
            tests.push_back(std::move(id));
    std::vector<Id> run_ids;
    history::TimeSpan span{.from = runs.back().generated_at, .until = runs.front().generated_at};
    for (const auto& run : runs)
        run_ids.push_back(run.run_id);
    // The steps of a run are not done in a moment.
    span.from -= std::chrono::days(2);
    span.until += std::chrono::days(2);
    MW_CO_TRY(auto connection, co_await lookup.connection());
    co_return co_await history::list_tests_of_runs(*connection, environment_id, tests, run_ids,
                                                   span);
}

Answer historical_runs(Lookup& lookup, Id environment_id, const json::object& arguments) {
    MW_CO_TRY(auto environment, co_await lookup.environment(environment_id));
    MW_CO_TRY(auto most, whole_number(arguments, "lastRunCount", kRunsMost, kRunsMost));
    MW_CO_TRY(auto unique_id, co_await model_of(lookup, environment_id, arguments));
    std::vector<NodeRun> runs;
    {
        MW_CO_TRY(auto connection, co_await lookup.connection());
        MW_CO_TRY(runs,
                  co_await history::list_node_runs(
                      *connection, environment_id, unique_id,
                      {.from = now() - kLookBack, .until = now() + std::chrono::days(1)}, most));
    }
    MW_CO_TRY(auto tests, co_await tests_of(lookup, environment_id, unique_id, runs));
    json::array shown;
    for (const auto& run : runs) {
        auto place = place_of(environment, run);
        auto node = past_node(place, run);
        json::array own;
        for (const auto& test : tests)
            if (test.run_id == run.run_id) own.push_back(past_node(place, test));
        node["tests"] = std::move(own);
        shown.push_back(std::move(node));
    }
    co_return shown;
}

Id id_in(const json::value& parent, const char* name) {
    return parent.at(name).to_number<Id>();
}

Answer node_history(const Asked& asked) {
    auto& lookup = dynamic_cast<Lookup&>(asked.context);
    MW_CO_TRY(auto environment, co_await lookup.environment(id_in(asked.parent, "id")));
    MW_CO_TRY(auto span, span_of(asked.arguments));
    MW_CO_TRY(auto first, whole_number(asked.arguments, "first", 100, history::kRowsMost));
    MW_CO_TRY(auto connection, co_await lookup.connection());
    MW_CO_TRY(auto runs,
              co_await history::list_node_runs(*connection, environment.environment_id,
                                               text_of(asked.arguments, "uniqueId"), span, first));
    json::array shown;
    for (const auto& run : runs) {
        auto node = past_node(place_of(environment, run), run);
        node["gitSha"] = or_null(run.git_sha);
        node["isFullRefresh"] = run.full_refresh;
        node["failures"] = or_null(run.failures);
        node["rowsAffected"] = or_null(run.rows_affected);
        node["bytesProcessed"] = or_null(run.bytes_processed);
        shown.push_back(std::move(node));
    }
    co_return shown;
}

Answer test_reliability(const Asked& asked) {
    auto& lookup = dynamic_cast<Lookup&>(asked.context);
    MW_CO_TRY(auto environment, co_await lookup.environment(id_in(asked.parent, "id")));
    MW_CO_TRY(auto span, span_of(asked.arguments));
    MW_CO_TRY(auto first, whole_number(asked.arguments, "first", 100, history::kRowsMost));
    MW_CO_TRY(auto connection, co_await lookup.connection());
    MW_CO_TRY(auto tests, co_await history::list_test_reliability(
                              *connection, environment.environment_id, span, first));
    json::array shown;
    for (const auto& test : tests)
        shown.push_back({{"uniqueId", test.unique_id},
                         {"name", test.name},
                         {"runs", test.runs},
                         {"failures", test.failures},
                         {"changes", test.changes},
                         {"changesWithoutCommit", test.changes_without_commit},
                         {"flakiness", test.flakiness},
                         {"lastStatus", test.last_status},
                         {"lastFailedAt", time_or_null(test.last_failed_at)},
                         {"lastRunAt", format_rfc3339(test.last_run_at)}});
    co_return shown;
}

Answer job_costs(const Asked& asked) {
    auto& lookup = dynamic_cast<Lookup&>(asked.context);
    MW_CO_CHECK(lookup.call().permit(api::reads(api::Area::cost)));
    MW_CO_TRY(auto environment, co_await lookup.environment(id_in(asked.parent, "id")));
    MW_CO_TRY(auto span, span_of(asked.arguments));
    MW_CO_TRY(auto connection, co_await lookup.connection());
    MW_CO_TRY(auto costs,
              co_await history::list_job_costs(*connection, environment.account_id,
                                               {.environment_id = environment.environment_id}, span,
                                               history::kRowsMost));
    json::array shown;
    for (const auto& cost : costs)
        shown.push_back({{"jobId", cost.job_id},
                         {"name", cost.name},
                         {"runs", cost.runs},
                         {"failedRuns", cost.failed_runs},
                         {"runSeconds", cost.run_seconds},
                         {"failedRunSeconds", cost.failed_run_seconds},
                         {"nodes", cost.nodes},
                         {"nodeSeconds", cost.node_seconds},
                         {"failedNodeSeconds", cost.failed_node_seconds},
                         {"bytesProcessed", or_null(cost.bytes_processed)},
                         {"slotMs", or_null(cost.slot_ms)}});
    co_return shown;
}

void add_node_run(graphql::Schema& schema) {
    schema.object("NodeRun")
        .field("uniqueId", "String!")
        .field("name", "String")
        .field("resourceType", "String!")
        .field("runId", "BigInt!")
        .field("jobId", "BigInt!")
        .field("status", "String!")
        .field("error", "String")
        .field("executionTime", "Float", "Seconds")
        .field("runElapsedTime", "Float", "Seconds that the whole command took")
        .field("runGeneratedAt", "DateTime!")
        .field("executeStartedAt", "DateTime")
        .field("executeCompletedAt", "DateTime")
        .field("failures", "BigInt", "Rows that a test found")
        .field("rowsAffected", "BigInt")
        .field("bytesProcessed", "BigInt")
        .field("gitSha", "String")
        .field("isFullRefresh", "Boolean!");
}

}  // namespace

void add_history_types(graphql::Schema& schema) {
    schema.scalar("Date");
    add_node_run(schema);
    schema.object("TestReliability")
        .field("uniqueId", "String!")
        .field("name", "String!")
        .field("runs", "Int!")
        .field("failures", "Int!")
        .field("changes", "Int!", "How often it went over from passing to failing or back")
        .field("changesWithoutCommit", "Int!", "Of these, between runs of the same commit")
        .field("flakiness", "Float!", "Changes, of as many as there could be: 0 to 1")
        .field("lastStatus", "String!")
        .field("lastFailedAt", "DateTime")
        .field("lastRunAt", "DateTime!");
    schema.object("JobCost")
        .field("jobId", "BigInt!")
        .field("name", "String!")
        .field("runs", "Int!")
        .field("failedRuns", "Int!")
        .field("runSeconds", "Float!")
        .field("failedRunSeconds", "Float!")
        .field("nodes", "Int!")
        .field("nodeSeconds", "Float!", "Of all threads together")
        .field("failedNodeSeconds", "Float!")
        .field("bytesProcessed", "BigInt", "Where the warehouse says it")
        .field("slotMs", "BigInt");
    add_performance_types(schema);
}

void add_historical_runs(graphql::NamedType& applied) {
    applied.field("modelHistoricalRuns", "[ModelNode!]!", "The last runs that came to a model")
        .argument("uniqueId", "String")
        .argument("identifier", "String")
        .argument("lastRunCount", "Int", kRunsMost)
        .argument("withCatalog", "Boolean")
        .resolve([](const Asked& asked) {
            return historical_runs(dynamic_cast<Lookup&>(asked.context),
                                   environment_of(asked.parent), asked.arguments);
        });
}

void add_environment_history(graphql::NamedType& environment) {
    environment.field("nodeHistory", "[NodeRun!]!", "What came of a node in each run")
        .argument("uniqueId", "String!")
        .argument("from", "String")
        .argument("until", "String")
        .argument("first", "Int", 100)
        .resolve(node_history);
    environment.field("testReliability", "[TestReliability!]!", "The flakiest first")
        .argument("from", "String")
        .argument("until", "String")
        .argument("first", "Int", 100)
        .resolve(test_reliability);
    environment.field("jobCosts", "[JobCost!]!", "The dearest first")
        .argument("from", "String")
        .argument("until", "String")
        .resolve(job_costs);
}

void add_history_queries(graphql::NamedType& query) {
    query.field("modelByEnvironment", "[ModelNode!]!")
        .argument("environmentId", "BigInt!")
        .argument("uniqueId", "String")
        .argument("identifier", "String")
        .argument("lastRunCount", "Int", kRunsMost)
        .argument("withCatalog", "Boolean")
        .resolve([](const Asked& asked) {
            return historical_runs(dynamic_cast<Lookup&>(asked.context),
                                   asked.arguments.at("environmentId").to_number<Id>(),
                                   asked.arguments);
        })
        .deprecate("Ask environment { applied { modelHistoricalRuns } }.");
    query.field("performance", "Performance")
        .argument("environmentId", "BigInt!")
        .resolve([](const Asked& asked) -> Answer {
            auto& lookup = dynamic_cast<Lookup&>(asked.context);
            MW_CO_TRY(auto environment, co_await lookup.environment(
                                            asked.arguments.at("environmentId").to_number<Id>()));
            co_return json::value{{"environmentId", environment.environment_id}};
        });
}

}  // namespace mw::discovery
