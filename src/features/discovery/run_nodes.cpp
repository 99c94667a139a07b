#include "features/discovery/run_nodes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "features/discovery/observed_fields.hpp"

namespace mw::discovery {
namespace {

using graphql::Asked;
using project_state::RunNode;
using project_state::RunSnapshot;

struct RunKind {
    const char* resource_type;
    const char* type;
};
constexpr RunKind kRunKinds[] = {{"model", "ModelNode"},       {"seed", "SeedNode"},
                                 {"snapshot", "SnapshotNode"}, {"test", "TestNode"},
                                 {"source", "SourceNode"},     {"exposure", "ExposureNode"},
                                 {"metric", "MetricNode"}};

bool failed(std::string_view status) {
    return status == "error" || status == "fail" || status == "runtime error";
}

json::value text_or_null(std::string_view text) {
    return text.empty() ? json::value(nullptr) : json::value(text);
}

// Of a node in its run; null where the file says nothing.
using Get = json::value (*)(const RunNode&);
struct RunField {
    const char* name;
    const char* type;
    Get get;
};

template <auto Member>
json::value timing(const RunNode& node) {
    return node.result ? text_or_null((*node.result).*Member) : json::value(nullptr);
}
json::value status_of(const RunNode& node) {
    return node.result ? json::value(node.result->status) : json::value(nullptr);
}
json::value error_of(const RunNode& node) {
    return node.result && failed(node.result->status) ? json::value(node.result->message)
                                                      : json::value(nullptr);
}
template <class Is>
json::value whether(const RunNode& node, Is is) {
    return node.result ? json::value(is(node.result->status)) : json::value(nullptr);
}

// What came of nodes that a command executes.
const RunField kExecuted[] = {
    {"status", "String", status_of},
    {"state", "String", status_of},
    {"error", "String", error_of},
    {"executionTime", "Float",
     [](const RunNode& node) {
         return node.result ? json::value(node.result->execution_time_s) : json::value(nullptr);
     }},
    {"runElapsedTime", "Float",
     [](const RunNode& node) {
         return node.result ? json::value(node.run_elapsed_time) : json::value(nullptr);
     }},
    {"runGeneratedAt", "DateTime",
     [](const RunNode& node) { return text_or_null(node.generated_at); }},
    {"compileStartedAt", "DateTime", timing<&dbt::NodeResult::compile_started_at>},
    {"compileCompletedAt", "DateTime", timing<&dbt::NodeResult::compile_completed_at>},
    {"executeStartedAt", "DateTime", timing<&dbt::NodeResult::execute_started_at>},
    {"executeCompletedAt", "DateTime", timing<&dbt::NodeResult::execute_completed_at>},
    {"skip", "Boolean",
     [](const RunNode& node) {
         return whether(node, [](std::string_view status) { return status == "skipped"; });
     }},
    {"fail", "Boolean", [](const RunNode& node) { return whether(node, failed); }},
    {"warn", "Boolean",
     [](const RunNode& node) {
         return whether(node, [](std::string_view status) { return status == "warn"; });
     }},
};

json::value compiled(const RunNode& node) {
    if (node.result && !node.result->compiled_code.empty())
        return json::value(node.result->compiled_code);
    auto code = shown_fact(node.node.facts, "compiled_code");
    return code.is_null() ? shown_fact(node.node.facts, "compiled_sql") : code;
}
json::value raw(const RunNode& node) {
    auto code = shown_fact(node.node.facts, "raw_code");
    return code.is_null() ? shown_fact(node.node.facts, "raw_sql") : code;
}
json::value depends_on(const RunNode& node) {
    return json::array(node.node.parents.begin(), node.node.parents.end());
}

// dbt Cloud has both the names of before dbt 1.3 and those since.
const RunField kCoded[] = {{"rawCode", "String", raw},
                           {"rawSql", "String", raw},
                           {"compiledCode", "String", compiled},
                           {"compiledSql", "String", compiled}};

json::value seen_part(const RunNode& node, std::string_view part) {
    auto seen = catalog_of(node.catalog, node.node.facts);
    if (!seen.is_null()) return seen.at(part);
    return part == "columns" ? declared_columns(node.node.facts) : json::value(nullptr);
}
const RunField kSeen[] = {
    {"columns", "[CatalogColumn!]", [](const RunNode& node) { return seen_part(node, "columns"); }},
    {"stats", "[CatalogStat!]", [](const RunNode& node) { return seen_part(node, "stats"); }},
    {"type", "String", [](const RunNode& node) { return seen_part(node, "type"); }},
    {"owner", "String", [](const RunNode& node) { return seen_part(node, "owner"); }},
    {"comment", "String", [](const RunNode& node) { return seen_part(node, "comment"); }},
};

json::value fresh_part(const RunNode& node, std::string_view part) {
    auto seen = freshness_of(node.freshness);
    return seen.is_null() ? json::value(nullptr) : seen.at(part);
}
const RunField kFresh[] = {
    {"state", "String", [](const RunNode& node) { return fresh_part(node, "freshnessStatus"); }},
    {"maxLoadedAt", "DateTime",
     [](const RunNode& node) { return fresh_part(node, "maxLoadedAt"); }},
    {"snapshottedAt", "DateTime",
     [](const RunNode& node) { return fresh_part(node, "snapshottedAt"); }},
    {"maxLoadedAtTimeAgoInS", "Float",
     [](const RunNode& node) { return fresh_part(node, "maxLoadedAtTimeAgoInS"); }},
    {"criteria", "FreshnessCriteria",
     [](const RunNode& node) { return fresh_part(node, "criteria"); }},
    {"freshnessChecked", "Boolean",
     [](const RunNode& node) { return json::value(node.freshness.has_value()); }},
};

Awaitable<std::shared_ptr<const RunSnapshot>> snapshot_of(const Asked& asked) {
    auto& lookup = dynamic_cast<Lookup&>(asked.context);
    co_return co_await lookup.snapshots().find(asked.parent.at("accountId").to_number<Id>(),
                                               asked.parent.at("runId").to_number<Id>());
}

const RunNode* node_in(const RunSnapshot& snapshot, const Asked& asked) {
    auto found = snapshot.nodes.find(std::string_view(asked.parent.at("uniqueId").as_string()));
    return found == snapshot.nodes.end() ? nullptr : &found->second;
}

// What the parent has already needs no file. Without the files the rest is not known any more.
template <class Read>
graphql::Resolver from_files(std::string name, Read read) {
    return [name = std::move(name), read](const Asked& asked) -> Answer {
        if (const auto* known = asked.parent.get_object().if_contains(name)) co_return *known;
        auto snapshot = co_await snapshot_of(asked);
        if (!snapshot && snapshot.error().code != Errc::not_found)
            co_return fail(std::move(snapshot).error());
        const auto* node = snapshot ? node_in(**snapshot, asked) : nullptr;
        co_return node ? read(*node, **snapshot, asked) : json::value(nullptr);
    };
}

void add_field(graphql::NamedType& type, const char* name, const char* of, Get get) {
    type.field(name, of).resolve(from_files(
        name, [get](const RunNode& node, const RunSnapshot&, const Asked&) { return get(node); }));
}

// Those of these types, above or below.
void add_neighbours(graphql::NamedType& type, const char* name, const char* of, bool above,
                    std::string resource_type) {
    auto read = [above, resource_type](const RunNode& node, const RunSnapshot& snapshot,
                                       const Asked& asked) -> json::value {
        json::array shown;
        for (const auto& id : above ? node.node.parents : node.children) {
            auto other = snapshot.nodes.find(id);
            if (other == snapshot.nodes.end()) continue;
            const auto& found = other->second.node;
            if (found.resource_type == resource_type)
                shown.push_back(
                    run_node(run_of(asked.parent), id, found.resource_type, found.name));
        }
        return shown;
    };
    type.field(name, of).resolve(from_files(name, read));
}

void add_facts(graphql::NamedType& type, std::span<const FactField> fields) {
    for (const auto& field : fields) {
        if (type.find_field(field.name)) continue;
        auto read = [path = std::string(field.path)](const RunNode& node, const RunSnapshot&,
                                                     const Asked&) {
            return shown_fact(node.node.facts, path);
        };
        type.field(field.name, field.type).resolve(from_files(field.name, read));
    }
}

void add_run_fields(graphql::NamedType& type, std::span<const RunField> fields) {
    for (const auto& field : fields)
        if (!type.find_field(field.name)) add_field(type, field.name, field.type, field.get);
}

void add_run_type(graphql::Schema& schema, const RunKind& run_kind) {
    const auto& kind = *kind_of(run_kind.resource_type);
    auto& type = schema.object(run_kind.type);
    type.field("uniqueId", "String!")
        .field("name", "String")
        .field("resourceType", "String!")
        .field("runId", "BigInt!")
        .field("jobId", "BigInt!")
        .field("accountId", "BigInt!")
        .field("projectId", "BigInt!")
        .field("environmentId", "BigInt!")
        .field("dbtVersion", "String")
        .resolve(
            from_files("dbtVersion", [](const RunNode&, const RunSnapshot& snapshot, const Asked&) {
                return text_or_null(snapshot.dbt_version);
            }));
    add_field(type, "dependsOn", "[String!]", depends_on);
    if (kind.executes) add_run_fields(type, kExecuted);
    if (kind.executes) add_run_fields(type, kCoded);
    if (has_freshness(kind)) add_run_fields(type, kFresh);
    if (kind.is_relation) add_run_fields(type, kSeen);
    add_facts(type, shared_fields());
    add_facts(type, kind.fields);
    if (kind.is_relation) add_neighbours(type, "tests", "[TestNode!]", false, "test");
    if (kind.is_relation) add_neighbours(type, "childrenL1", "[ModelNode!]", false, "model");
    if (has_freshness(kind)) return;
    add_neighbours(type, "parentsModels", "[ModelNode!]", true, "model");
    add_neighbours(type, "parentsSources", "[SourceNode!]", true, "source");
}

}  // namespace

std::string run_type_name(std::string_view resource_type) {
    auto found = std::ranges::find(kRunKinds, resource_type, [](const RunKind& kind) {
        return std::string_view(kind.resource_type);
    });
    return found == std::end(kRunKinds) ? std::string() : found->type;
}

void add_run_node_types(graphql::Schema& schema) {
    for (const auto& kind : kRunKinds)
        add_run_type(schema, kind);
}

project_state::ReadableRun run_of(const json::value& parent) {
    auto id = [&](const char* name) { return parent.at(name).to_number<Id>(); };
    return {.run_id = id("runId"),
            .account_id = id("accountId"),
            .project_id = id("projectId"),
            .environment_id = id("environmentId"),
            .job_id = id("jobId")};
}

json::object run_node(const project_state::ReadableRun& run, std::string_view unique_id,
                      std::string_view resource_type, std::string_view name) {
    return {{"runId", run.run_id},
            {"jobId", run.job_id},
            {"accountId", run.account_id},
            {"projectId", run.project_id},
            {"environmentId", run.environment_id},
            {"uniqueId", unique_id},
            {"resourceType", resource_type},
            {"name", name}};
}

json::object past_node(const project_state::ReadableRun& where, const history::NodeRun& run) {
    auto node = run_node(where, run.unique_id, run.resource_type, run.name);
    auto time = [](const std::optional<Timestamp>& at) {
        return at ? json::value(format_rfc3339(*at)) : json::value(nullptr);
    };
    auto number = [](const std::optional<double>& value) {
        return value ? json::value(*value) : json::value(nullptr);
    };
    node["status"] = run.status;
    node["state"] = run.status;
    node["error"] = failed(run.status) ? json::value(run.message.value_or("")) : nullptr;
    node["skip"] = run.status == "skipped";
    node["fail"] = failed(run.status);
    node["warn"] = run.status == "warn";
    node["executionTime"] = number(run.execution_time);
    node["runElapsedTime"] = number(run.run_elapsed_time);
    node["runGeneratedAt"] = format_rfc3339(run.generated_at);
    node["executeStartedAt"] = time(run.execute_started_at);
    node["executeCompletedAt"] = time(run.execute_completed_at);
    return node;
}

}  // namespace mw::discovery
