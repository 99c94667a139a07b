#include "features/discovery/discovery_schema.hpp"

#include <fmt/format.h>

#include <stdexcept>

#include "features/discovery/node_fields.hpp"
#include "features/discovery/node_lists.hpp"
#include "features/discovery/observed_fields.hpp"
#include "graphql/execution/introspection.hpp"

namespace mw::discovery {
namespace {

using graphql::Asked;
using graphql::NamedType;
using graphql::Schema;
using Answer = boost::asio::awaitable<result<json::value>>;

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

void add_filters(Schema& schema) {
    for (const auto& kind : kinds()) {
        auto& filter = schema.input(std::string(kind.type_prefix) + "Filter")
                           .input("uniqueIds", "[String!]")
                           .input("packageName", "String")
                           .input("tags", "[String!]");
        if (std::string_view(kind.resource_type) == "test") {
            filter.input("status", "String");
        } else if (kind.executes) {
            filter.input("lastRunStatus", "RunStatus");
        }
        if (std::string_view(kind.resource_type) != "exposure")
            filter.input("database", "String")
                .input("schema", "String")
                .input("identifier", "String");
    }
}

std::string interface_of(State state) {
    return state == State::applied ? "EnvironmentAppliedNestedNode"
                                   : "EnvironmentDefinitionNestedNode";
}

void add_identity(NamedType& type) {
    type.field("uniqueId", "String!").field("name", "String").field("resourceType", "String!");
}

void add_lineage(NamedType& type, const Kind& kind, State state) {
    auto list = "[" + interface_of(state) + "!]!";
    type.field("parents", list).resolve(parents_of(state));
    type.field("children", list).resolve(children_of(state));
    type.field("ancestors", list)
        .argument("types", "[AncestorNodeType!]")
        .resolve(ancestors_of(state));
    if (!is_relation(kind)) return;
    type.field("tests", fmt::format("[{}!]!", type_name(*kind_of("test"), state)))
        .resolve(tests_of(state));
}

void add_node_type(Schema& schema, const Kind& kind, State state) {
    auto& type = schema.object(type_name(kind, state)).implements({interface_of(state)});
    add_identity(type);
    type.field("accountId", "BigInt!")
        .field("projectId", "BigInt!")
        .field("environmentId", "BigInt!")
        .field("dbtVersion", "String");
    for (const auto& field : shared_fields())
        type.field(field.name, field.type);
    for (const auto& field : kind.fields)
        type.field(field.name, field.type);
    if (state == State::defined)
        type.field("runId", "BigInt")
            .field("jobDefinitionId", "BigInt")
            .field("runGeneratedAt", "DateTime");
    if (state == State::applied && kind.executes)
        type.field("compiledCode", "String").field("executionInfo", "ExecutionInfo");
    if (state == State::applied && has_freshness(kind)) type.field("freshness", "SourceFreshness");
    if (state == State::applied && is_relation(kind)) type.field("catalog", "CatalogNode");
    add_lineage(type, kind, state);

    auto name = type_name(kind, state);
    schema.object(name + "Edge").field("cursor", "String").field("node", name + "!");
    schema.object(name + "Connection")
        .field("edges", fmt::format("[{}Edge!]!", name))
        .field("pageInfo", "PageInfo!")
        .field("totalCount", "Int!")
        .resolve(total_count());
}

void add_state(Schema& schema, State state) {
    auto& nested = schema.interface(interface_of(state));
    add_identity(nested);
    for (const auto& kind : kinds())
        add_node_type(schema, kind, state);
    auto& type = schema.object(kStates[state == State::applied ? 0 : 1])
                     .field("lastUpdatedAt", "DateTime", "When the manifest was made");
    for (const auto& kind : kinds())
        type.field(kind.list_field, type_name(kind, state) + "Connection!")
            .argument("first", "Int", kPageMost)
            .argument("after", "String")
            .argument("filter", std::string(kind.type_prefix) + "Filter")
            .resolve(list_of(kind, state));
}

}  // namespace

std::unique_ptr<graphql::Schema> make_schema() {
    auto schema = std::make_unique<Schema>("Query");
    add_shared_types(*schema);
    add_observed_types(*schema);
    add_filters(*schema);
    add_state(*schema, State::applied);
    add_state(*schema, State::defined);
    schema->object("Environment")
        .field("id", "BigInt!")
        .field("accountId", "BigInt!")
        .field("projectId", "BigInt!")
        .field("dbtProjectName", "String")
        .field("adapterType", "String")
        .field("dbtVersion", "String")
        .field("applied", "EnvironmentAppliedState")
        .field("definition", "EnvironmentDefinitionState");
    schema->object("Query")
        .field("environment", "Environment")
        .argument("id", "BigInt!")
        .resolve(resolve_environment);
    graphql::add_introspection(*schema);
    auto problems = schema->problems();
    if (!problems.empty()) throw std::logic_error(fmt::format("{}", fmt::join(problems, " ")));
    return schema;
}

}  // namespace mw::discovery
