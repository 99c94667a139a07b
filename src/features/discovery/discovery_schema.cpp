#include "features/discovery/discovery_schema.hpp"

#include <fmt/format.h>

#include <stdexcept>

#include "features/discovery/absent_fields.hpp"
#include "features/discovery/account_fields.hpp"
#include "features/discovery/history_fields.hpp"
#include "features/discovery/job_fields.hpp"
#include "features/discovery/node_fields.hpp"
#include "features/discovery/node_lists.hpp"
#include "features/discovery/observed_fields.hpp"
#include "features/discovery/project_fields.hpp"
#include "graphql/execution/introspection.hpp"

namespace mw::discovery {
namespace {

using graphql::Asked;
using graphql::NamedType;
using graphql::Schema;

constexpr const char* kStates[] = {"EnvironmentAppliedState", "EnvironmentDefinitionState"};

Answer resolve_environment(const Asked& asked) {
    auto& lookup = dynamic_cast<Lookup&>(asked.context);
    auto id = asked.arguments.at("id").to_number<std::int64_t>();
    MW_CO_TRY(auto found, co_await lookup.environment(id));
    json::value state = {
        {"environmentId", id},
        {"lastUpdatedAt", found.generated_at ? json::value(format_rfc3339(*found.generated_at))
                                             : json::value(nullptr)}};
    co_return json::value{{"id", id},
                          {"accountId", found.account_id},
                          {"projectId", found.project_id},
                          {"dbtProjectName", found.project_name},
                          {"adapterType", found.adapter_type},
                          {"dbtVersion", found.dbt_version},
                          {"applied", state},
                          {"definition", state}};
}

void add_shared_types(Schema& schema) {
    for (const auto* scalar : {"BigInt", "DateTime", "JSONObject"})
        schema.scalar(scalar);
    schema.object("PageInfo")
        .field("startCursor", "String")
        .field("endCursor", "String")
        .field("hasNextPage", "Boolean!")
        .field("hasPreviousPage", "Boolean!");
    schema.enumeration("RunStatus").values({"error", "fail", "pass", "skipped", "success", "warn"});
    schema.enumeration("AncestorNodeType").values({"Model", "Seed", "Snapshot", "Source"});
    schema.object("MacroReference").field("uniqueId", "String!").field("name", "String");
    schema.object("SemanticDefaults").field("aggTimeDimension", "String");
    schema.object("SemanticEntity")
        .field("name", "String")
        .field("type", "String")
        .field("expr", "String")
        .field("description", "String");
    schema.object("DimensionTypeParams").field("timeGranularity", "String");
    schema.object("SemanticDimension")
        .field("name", "String")
        .field("type", "String")
        .field("expr", "String")
        .field("description", "String")
        .field("typeParams", "DimensionTypeParams");
    schema.object("SemanticMeasure")
        .field("name", "String")
        .field("agg", "String")
        .field("expr", "String")
        .field("description", "String");
    schema.object("Constraint")
        .field("name", "String")
        .field("type", "String")
        .field("expression", "String")
        .field("columns", "[String!]");
    schema.object("ExecutionInfo")
        .field("lastRunId", "BigInt")
        .field("lastJobDefinitionId", "BigInt")
        .field("lastRunStatus", "String")
        .field("lastRunError", "String")
        .field("lastRunFailures", "BigInt", "Rows that a test found")
        .field("lastRunGeneratedAt", "DateTime")
        .field("runElapsedTime", "Float", "Seconds that the whole command took")
        .field("executionTime", "Float", "Seconds")
        .field("compileStartedAt", "DateTime")
        .field("compileCompletedAt", "DateTime")
        .field("executeStartedAt", "DateTime")
        .field("executeCompletedAt", "DateTime")
        .field("lastSuccessRunId", "BigInt")
        .field("lastSuccessJobDefinitionId", "BigInt")
        .field("runGeneratedAt", "DateTime", "When it last succeeded");
}

// "ModelAppliedFilter", "ModelDefinitionFilter"; an exposure's is one.
std::string filter_name(const Kind& kind, State state) {
    std::string name = kind.type_prefix;
    if (std::string_view(kind.resource_type) == "exposure" || !is_built(kind))
        return name + "Filter";
    return name + (state == State::applied ? "AppliedFilter" : "DefinitionFilter");
}

void add_filter(Schema& schema, const Kind& kind, State state) {
    auto& filter = schema.input(filter_name(kind, state));
    if (!filter.inputs.empty()) return;
    filter.input("uniqueIds", "[String!]")
        .input("packageName", "String")
        .input("tags", "[String!]");
    if (std::string_view(kind.resource_type) == "test") filter.input("status", "String");
    if (kind.executes) filter.input("lastRunStatus", "RunStatus");
    if (std::string_view(kind.resource_type) == "model")
        filter.input("access", "AccessLevel")
            .input("group", "String")
            .input("modelingLayer", "String")
            .input("materializationType", "String");
    if (has_freshness(kind))
        filter.input("freshnessChecked", "Boolean")
            .input("freshnessStatus", "String")
            .input("sourceNames", "[String!]");
    if (kind.is_relation)
        filter.input("database", "String").input("schema", "String").input("identifier", "String");
}

void add_filters(Schema& schema) {
    schema.input("AppliedResourcesFilter")
        .input("types", "[ResourceNodeType!]")
        .input("uniqueIds", "[String!]")
        .input("packageName", "String")
        .input("tags", "[String!]");
    for (auto state : {State::applied, State::defined})
        for (const auto& kind : kinds())
            add_filter(schema, kind, state);
    // Nodes are not sorted by how much they are used: nobody counts that here.
    schema.scalar("AppliedModelSortField");
    schema.scalar("SortDirection");
    schema.input("AppliedModelSort")
        .input("field", "AppliedModelSortField")
        .input("direction", "SortDirection");
}

// What requests written for older or newer schemas call these types.
void add_aliases(Schema& schema) {
    for (const auto& kind : kinds()) {
        std::string prefix = kind.type_prefix;
        schema.alias(prefix + "Filter", filter_name(kind, State::applied));
        if (is_built(kind))
            schema.alias(prefix + "AppliedStateNestedNode", type_name(kind, State::applied));
        schema.alias(prefix + "DefinitionNestedNode", type_name(kind, State::defined));
    }
    schema.alias("GenericMaterializedFilter", "SeedAppliedFilter");
    schema.alias("DefinitionResourcesFilter", "AppliedResourcesFilter");
    schema.alias("ResourceFilter", "AppliedResourcesFilter");
    schema.alias("ResourceType", "ResourceNodeType");
}

void add_shared(NamedType& type) {
    type.field("uniqueId", "String!")
        .field("name", "String")
        .field("resourceType", "String!")
        .field("accountId", "BigInt!")
        .field("projectId", "BigInt!")
        .field("environmentId", "BigInt!")
        .field("dbtVersion", "String");
    for (const auto& field : shared_fields())
        type.field(field.name, field.type);
}

void add_lineage(NamedType& type, const Kind& kind, State state) {
    auto list = "[" + node_interface(state) + "!]!";
    type.field("parents", list).resolve(parents_of(state));
    type.field("children", list).resolve(children_of(state));
    type.field("ancestors", list)
        .argument("types", "[AncestorNodeType!]")
        .resolve(ancestors_of(state));
    if (!kind.is_relation) return;
    type.field("tests", fmt::format("[{}!]!", type_name(*kind_of("test"), state)))
        .resolve(tests_of(state));
}

// Pages of nodes: "<name>Connection".
void add_connection(Schema& schema, const std::string& name, const std::string& node) {
    schema.object(name + "Edge").field("cursor", "String").field("node", node + "!");
    schema.object(name + "Connection")
        .field("edges", fmt::format("[{}Edge!]!", name))
        .field("pageInfo", "PageInfo!")
        .field("totalCount", "Int!")
        .resolve(total_count());
}

void add_node_type(Schema& schema, const Kind& kind, State state) {
    auto& type = schema.object(type_name(kind, state));
    if (!type.fields.empty()) return;
    type.implements(is_built(kind) ? std::vector{node_interface(state)}
                                   : std::vector{node_interface(State::applied),
                                                 node_interface(State::defined)});
    add_shared(type);
    for (const auto& field : kind.fields)
        type.field(field.name, field.type);
    if (state == State::defined || !is_built(kind))
        type.field("runId", "BigInt")
            .field("jobDefinitionId", "BigInt")
            .field("runGeneratedAt", "DateTime");
    if (state == State::applied && kind.executes)
        type.field("compiledCode", "String").field("executionInfo", "ExecutionInfo");
    if (state == State::applied && has_freshness(kind)) type.field("freshness", "SourceFreshness");
    if (state == State::applied && kind.is_relation) type.field("catalog", "CatalogNode");
    if (kind.has_lineage) add_lineage(type, kind, state);
    if (std::string_view(kind.resource_type) == "test")
        type.field("testType", "String").field("dependsOnMacros", "[MacroReference!]!");
    if (std::string_view(kind.resource_type) == "exposure") type.field("freshnessStatus", "String");
    if (std::string_view(kind.resource_type) == "snapshot" && state == State::applied)
        type.field("snapshotExecutionInfo", "ExecutionInfo");
    if (std::string_view(kind.resource_type) == "group")
        type.field("models", fmt::format("[{}!]!", type_name(*kind_of("model"), State::defined)))
            .resolve(models_of_group());
    add_connection(schema, type_name(kind, state), type_name(kind, state));
}

void add_state(Schema& schema, State state) {
    auto& nested = schema.interface(node_interface(state));
    add_shared(nested);
    for (const auto& kind : kinds())
        add_node_type(schema, kind, state);
    auto& type = schema.object(kStates[state == State::applied ? 0 : 1])
                     .field("lastUpdatedAt", "DateTime", "When the manifest was made");
    for (const auto& kind : kinds())
        type.field(kind.list_field, type_name(kind, state) + "Connection!")
            .argument("first", "Int", kPageMost)
            .argument("after", "String")
            .argument("filter", filter_name(kind, state))
            .argument("sort", "AppliedModelSort")
            .resolve(list_of(kind, state));
    const char* all =
        state == State::applied ? "EnvironmentAppliedNode" : "EnvironmentDefinitionNode";
    add_connection(schema, all, node_interface(state));
    type.field("resources", fmt::format("{}Connection!", all))
        .argument("first", "Int", kPageMost)
        .argument("after", "String")
        .argument("filter", "AppliedResourcesFilter")
        .resolve(list_of_all(state));
    add_project_fields(type, state);
    if (state == State::applied) add_historical_runs(type);
}

}  // namespace

std::unique_ptr<graphql::Schema> make_schema() {
    auto schema = std::make_unique<Schema>("Query");
    add_shared_types(*schema);
    add_observed_types(*schema);
    add_project_types(*schema);
    add_run_node_types(*schema);
    add_history_types(*schema);
    add_filters(*schema);
    add_state(*schema, State::applied);
    add_state(*schema, State::defined);
    // Models of other projects, of which the appliance has none.
    add_shared(schema->object("ExternalModelNode")
                   .implements({node_interface(State::applied), node_interface(State::defined)}));
    add_aliases(*schema);
    auto& environment = schema->object("Environment")
                            .field("id", "BigInt!")
                            .field("accountId", "BigInt!")
                            .field("projectId", "BigInt!")
                            .field("dbtProjectName", "String")
                            .field("adapterType", "String")
                            .field("dbtVersion", "String")
                            .field("applied", "EnvironmentAppliedState")
                            .field("definition", "EnvironmentDefinitionState");
    add_environment_history(environment);
    auto& query = schema->object("Query")
                      .field("environment", "Environment")
                      .argument("id", "BigInt!")
                      .resolve(resolve_environment);
    add_job_fields(*schema, query);
    add_history_queries(query);
    add_account_fields(*schema, query);
    add_absent_fields(*schema, query);
    graphql::add_introspection(*schema);
    auto problems = schema->problems();
    if (!problems.empty()) throw std::logic_error(fmt::format("{}", fmt::join(problems, " ")));
    return schema;
}

}  // namespace mw::discovery
