#include "features/discovery/node_fields.hpp"

#include <algorithm>
#include <array>

#include "base/json_optional.hpp"
#include "features/discovery/observed_fields.hpp"

namespace mw::discovery {
namespace {

constexpr FactField kShared[] = {
    {"description", "String", "description"},
    {"packageName", "String", "package_name"},
    {"filePath", "String", "original_file_path"},
    {"fqn", "[String!]", "fqn"},
    {"tags", "[String!]", "tags"},
    {"meta", "JSONObject", "meta"},
};

#define MW_RELATION_FIELDS                                              \
    {"database", "String", "database"}, {"schema", "String", "schema"}, \
        {"alias", "String", "alias"}, {"config", "JSONObject", "config"}

constexpr FactField kModel[] = {
    MW_RELATION_FIELDS,
    {"materializedType", "String", "config.materialized"},
    {"language", "String", "language"},
    {"rawCode", "String", "raw_code"},
    {"access", "String", "access"},
    {"group", "String", "group"},
    {"contractEnforced", "Boolean", "contract.enforced"},
    {"version", "String", "version"},
    {"latestVersion", "String", "latest_version"},
    {"deprecationDate", "String", "deprecation_date"},
    {"constraints", "[Constraint!]", "constraints"},
};
constexpr FactField kSeed[] = {MW_RELATION_FIELDS,
                               {"materializedType", "String", "config.materialized"},
                               {"rawCode", "String", "raw_code"},
                               {"group", "String", "group"}};
constexpr FactField kSnapshot[] = {MW_RELATION_FIELDS,
                                   {"materializedType", "String", "config.materialized"},
                                   {"language", "String", "language"},
                                   {"rawCode", "String", "raw_code"},
                                   {"targetDatabase", "String", "config.target_database"},
                                   {"targetSchema", "String", "config.target_schema"},
                                   {"strategy", "String", "config.strategy"},
                                   {"primaryKey", "JSONObject", "config.unique_key"},
                                   {"group", "String", "group"}};
constexpr FactField kTest[] = {
    {"columnName", "String", "column_name"},   {"testName", "String", "test_metadata.name"},
    {"rawCode", "String", "raw_code"},         {"language", "String", "language"},
    {"severity", "String", "config.severity"}, {"config", "JSONObject", "config"},
};
constexpr FactField kSource[] = {
    {"database", "String", "database"},
    {"schema", "String", "schema"},
    {"identifier", "String", "identifier"},
    {"sourceName", "String", "source_name"},
    {"sourceDescription", "String", "source_description"},
    {"loader", "String", "loader"},
};
constexpr FactField kExposure[] = {
    {"exposureType", "String", "type"},
    {"maturity", "String", "maturity"},
    {"url", "String", "url"},
    {"label", "String", "label"},
    {"ownerName", "String", "owner.name"},
    {"ownerEmail", "String", "owner.email"},
};

constexpr FactField kMetric[] = {
    {"type", "String", "type"},
    {"label", "String", "label"},
    {"formula", "String", "type_params.expr"},
    {"typeParams", "JSONObject", "type_params"},
    {"filter", "JSONObject", "filter"},
    {"group", "String", "group"},
};
constexpr FactField kSemanticModel[] = {
    {"label", "String", "label"},
    {"model", "String", "model"},
    {"defaults", "SemanticDefaults", "defaults", true},
    {"entities", "[SemanticEntity!]", "entities", true},
    {"dimensions", "[SemanticDimension!]", "dimensions", true},
    {"measures", "[SemanticMeasure!]", "measures", true},
};
constexpr FactField kSavedQuery[] = {
    {"label", "String", "label"},
    {"queryParams", "JSONObject", "query_params"},
    {"exports", "[JSONObject!]", "exports"},
};
constexpr FactField kMacro[] = {
    {"macroSql", "String", "macro_sql"},
    {"path", "String", "path"},
    {"arguments", "[JSONObject!]", "arguments"},
    {"dependsOn", "[String!]", "depends_on.macros"},
};
constexpr FactField kGroup[] = {
    {"ownerName", "String", "owner.name"},
    {"ownerEmail", "String", "owner.email"},
};

constexpr Kind kKinds[] = {
    {"model", "Model", "models", true, true, true, kModel},
    {"seed", "Seed", "seeds", true, true, true, kSeed},
    {"snapshot", "Snapshot", "snapshots", true, true, true, kSnapshot},
    {"test", "Test", "tests", true, false, true, kTest},
    {"source", "Source", "sources", false, true, true, kSource},
    {"exposure", "Exposure", "exposures", false, false, true, kExposure},
    {"metric", "Metric", "metrics", false, false, true, kMetric},
    {"semantic_model", "SemanticModel", "semanticModels", false, false, true, kSemanticModel},
    {"saved_query", "SavedQuery", "savedQueries", false, false, true, kSavedQuery},
    {"macro", "Macro", "macros", false, false, false, kMacro},
    {"group", "Group", "groups", false, false, false, kGroup},
};

json::value fact(const json::object& facts, std::string_view path) {
    const auto* object = &facts;
    while (true) {
        auto dot = path.find('.');
        const auto* value = object->if_contains(path.substr(0, dot));
        if (!value) return nullptr;
        if (dot == path.npos) return *value;
        object = value->if_object();
        if (!object) return nullptr;
        path.remove_prefix(dot + 1);
    }
}

// "time_granularity" as "timeGranularity", however deep.
json::value camel(json::value value) {
    if (auto* list = value.if_array()) {
        for (auto& each : *list)
            each = camel(std::move(each));
        return value;
    }
    auto* object = value.if_object();
    if (!object) return value;
    json::object renamed;
    for (auto& [key, member] : *object) {
        std::string name;
        for (char c : std::string_view(key)) {
            bool begins = !name.empty() && name.back() == '_' && c >= 'a' && c <= 'z';
            if (begins)
                name.back() = static_cast<char>(c - 32);
            else
                name += c;
        }
        renamed[name] = camel(std::move(member));
    }
    return renamed;
}

void add_test_facts(const json::object& facts, json::object& shown) {
    bool generic = !fact(facts, "test_metadata").is_null();
    shown["testType"] = generic ? "generic_data_test" : "singular_data_test";
    json::array macros;
    auto used = fact(facts, "depends_on.macros");
    if (const auto* list = used.if_array())
        for (const auto& each : *list)
            if (const auto* id = each.if_string()) {
                auto name = std::string_view(*id);
                macros.push_back({{"uniqueId", name}, {"name", name.substr(name.rfind('.') + 1)}});
            }
    shown["dependsOnMacros"] = std::move(macros);
}

json::object execution_info(const project_state::NodeState& node) {
    return {{"lastRunId", or_null(node.last_run_id)},
            {"lastJobDefinitionId", or_null(node.last_job_id)},
            {"lastRunStatus", or_null(node.last_status)},
            {"lastRunError", or_null(node.last_error)},
            {"lastRunFailures", or_null(node.failures)},
            {"lastRunGeneratedAt", time_or_null(node.last_generated_at)},
            {"runElapsedTime", or_null(node.run_elapsed_time)},
            {"executionTime", or_null(node.execution_time)},
            {"compileStartedAt", time_or_null(node.compile_started_at)},
            {"compileCompletedAt", time_or_null(node.compile_completed_at)},
            {"executeStartedAt", time_or_null(node.execute_started_at)},
            {"executeCompletedAt", time_or_null(node.execute_completed_at)},
            {"lastSuccessRunId", or_null(node.success_run_id)},
            {"lastSuccessJobDefinitionId", or_null(node.success_job_id)},
            {"runGeneratedAt", time_or_null(node.success_generated_at)}};
}

}  // namespace

// Newer engines say some things below "config" alone.
json::value shown_fact(const json::object& facts, std::string_view path) {
    auto value = fact(facts, path);
    return value.is_null() ? fact(facts, "config." + std::string(path)) : value;
}

std::string node_interface(State state) {
    return state == State::applied ? "EnvironmentAppliedNestedNode"
                                   : "EnvironmentDefinitionNestedNode";
}

std::span<const Kind> kinds() {
    return kKinds;
}

const Kind* kind_of(std::string_view resource_type) {
    auto found = std::ranges::find(kKinds, resource_type, [](const Kind& kind) {
        return std::string_view(kind.resource_type);
    });
    return found == std::end(kKinds) ? nullptr : found;
}

const Kind* kind_named(std::string_view type_prefix) {
    auto found = std::ranges::find(
        kKinds, type_prefix, [](const Kind& kind) { return std::string_view(kind.type_prefix); });
    return found == std::end(kKinds) ? nullptr : found;
}

bool has_freshness(const Kind& kind) {
    return std::string_view(kind.resource_type) == "source";
}

bool is_built(const Kind& kind) {
    auto type = std::string_view(kind.resource_type);
    return kind.executes || kind.is_relation || type == "exposure";
}

std::string type_name(const Kind& kind, State state) {
    return std::string(kind.type_prefix) +
           (state == State::applied && is_built(kind) ? "AppliedStateNode" : "DefinitionNode");
}

std::span<const FactField> shared_fields() {
    return kShared;
}

json::object to_json(const project_state::EnvironmentState& environment,
                     const project_state::NodeState& node, const Kind& kind, State state) {
    const auto& facts = state == State::applied && node.applied ? *node.applied : node.defined;
    json::object shown{{"__typename", type_name(kind, state)},
                       {"uniqueId", node.unique_id},
                       {"name", node.name},
                       {"resourceType", node.resource_type},
                       {"accountId", environment.account_id},
                       {"projectId", environment.project_id},
                       {"environmentId", environment.environment_id},
                       {"dbtVersion", environment.dbt_version}};
    for (auto fields : {std::span<const FactField>(kShared), kind.fields})
        for (const auto& field : fields)
            shown[field.name] =
                field.camel ? camel(shown_fact(facts, field.path)) : shown_fact(facts, field.path);
    if (std::string_view(kind.resource_type) == "test") add_test_facts(facts, shown);
    if (state == State::defined || !is_built(kind)) {
        shown["runId"] = or_null(environment.run_id);
        shown["jobDefinitionId"] = or_null(environment.job_id);
        shown["runGeneratedAt"] = time_or_null(environment.generated_at);
    } else if (kind.executes) {
        shown["compiledCode"] = or_null(node.compiled_code);
        shown["executionInfo"] = execution_info(node);
        if (std::string_view(kind.resource_type) == "snapshot")
            shown["snapshotExecutionInfo"] = shown["executionInfo"];
    }
    if (state == State::applied && has_freshness(kind)) shown["freshness"] = freshness_of(node);
    if (state == State::applied && kind.is_relation) shown["catalog"] = catalog_of(node);
    return shown;
}

}  // namespace mw::discovery
