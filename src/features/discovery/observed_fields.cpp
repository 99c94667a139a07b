#include "features/discovery/observed_fields.hpp"

#include <algorithm>
#include <utility>

#include "base/json_optional.hpp"

namespace mw::discovery {
namespace {

namespace json = boost::json;

json::value member(const json::value& value, std::string_view name) {
    const auto* object = value.if_object();
    const auto* found = object ? object->if_contains(name) : nullptr;
    return found ? *found : json::value(nullptr);
}

// Engines write a missing limit as null, as {}, or with nulls inside.
json::value limit_of(const json::value& criteria, std::string_view name) {
    auto limit = member(criteria, name);
    auto count = member(limit, "count");
    if (count.is_null()) return nullptr;
    return {{"count", count}, {"period", member(limit, "period")}};
}

// As the project declares it. Names of columns come back in the warehouse's case.
json::value declared_of(const json::value* columns, std::string_view name) {
    const auto* object = columns ? columns->if_object() : nullptr;
    if (!object) return nullptr;
    auto same = [name](const auto& column) {
        auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
        return std::ranges::equal(std::string_view(column.key()), name, {}, lower, lower);
    };
    auto found = std::ranges::find_if(*object, same);
    return found == object->end() ? json::value(nullptr) : found->value();
}

json::array columns_of(const json::value& catalog, const json::object& facts) {
    json::array columns;
    const auto* described = facts.if_contains("columns");
    auto seen = member(catalog, "columns");
    if (!seen.is_object()) return columns;
    for (const auto& [name, column] : seen.get_object()) {
        auto declared = declared_of(described, name);
        columns.push_back({{"name", name},
                           {"index", member(column, "index")},
                           {"type", member(column, "type")},
                           {"comment", member(column, "comment")},
                           {"description", member(declared, "description")},
                           {"tags", member(declared, "tags")},
                           {"meta", member(declared, "meta")}});
    }
    std::ranges::sort(columns, {}, [](const json::value& column) {
        const auto& index = column.at("index");
        return index.is_number() ? index.to_number<std::int64_t>() : INT64_MAX;
    });
    return columns;
}

json::array stats_of(const json::value& catalog) {
    json::array stats;
    auto seen = member(catalog, "stats");
    if (!seen.is_object()) return stats;
    for (const auto& [id, stat] : seen.get_object())
        if (member(stat, "include") == json::value(true))
            stats.push_back({{"id", id},
                             {"label", member(stat, "label")},
                             {"value", member(stat, "value")},
                             {"description", member(stat, "description")}});
    return stats;
}

}  // namespace

void add_observed_types(graphql::Schema& schema) {
    schema.object("FreshnessLimit").field("count", "Int").field("period", "String");
    schema.object("FreshnessCriteria")
        .field("warnAfter", "FreshnessLimit")
        .field("errorAfter", "FreshnessLimit");
    schema.object("SourceFreshness")
        .field("maxLoadedAt", "DateTime")
        .field("maxLoadedAtTimeAgoInS", "Float")
        .field("snapshottedAt", "DateTime")
        .field("freshnessStatus", "String")
        .field("freshnessRunId", "BigInt")
        .field("freshnessJobDefinitionId", "BigInt")
        .field("freshnessRunGeneratedAt", "DateTime")
        .field("freshnessChecked", "Boolean!")
        .field("criteria", "FreshnessCriteria!");
    schema.object("CatalogColumn")
        .field("name", "String")
        .field("index", "Int")
        .field("type", "String")
        .field("comment", "String")
        .field("description", "String")
        .field("tags", "[String!]")
        .field("meta", "JSONObject");
    schema.object("CatalogStat")
        .field("id", "String!")
        .field("label", "String")
        .field("value", "String")
        .field("description", "String");
    schema.object("CatalogNode")
        .field("type", "String")
        .field("owner", "String")
        .field("comment", "String")
        .field("runId", "BigInt")
        .field("columns", "[CatalogColumn!]!")
        .field("stats", "[CatalogStat!]!");
}

json::value freshness_of(const std::optional<json::object>& facts) {
    if (!facts) return nullptr;
    const json::value seen = *facts;
    auto criteria = member(seen, "criteria");
    return {{"maxLoadedAt", member(seen, "max_loaded_at")},
            {"maxLoadedAtTimeAgoInS", member(seen, "max_loaded_at_time_ago_in_s")},
            {"snapshottedAt", member(seen, "snapshotted_at")},
            {"freshnessStatus", member(seen, "status")},
            {"freshnessChecked", true},
            {"criteria",
             {{"warnAfter", limit_of(criteria, "warn_after")},
              {"errorAfter", limit_of(criteria, "error_after")}}}};
}

json::value freshness_of(const project_state::NodeState& node) {
    auto shown = freshness_of(node.freshness);
    if (shown.is_null()) return shown;
    auto& object = shown.get_object();
    object["freshnessRunId"] = or_null(node.freshness_run_id);
    object["freshnessJobDefinitionId"] = or_null(node.freshness_job_id);
    object["freshnessRunGeneratedAt"] = time_or_null(node.freshness_at);
    return shown;
}

json::value catalog_of(const std::optional<json::object>& facts, const json::object& node_facts) {
    if (!facts) return nullptr;
    const json::value seen = *facts;
    auto metadata = member(seen, "metadata");
    return {{"type", member(metadata, "type")},
            {"owner", member(metadata, "owner")},
            {"comment", member(metadata, "comment")},
            {"columns", columns_of(seen, node_facts)},
            {"stats", stats_of(seen)}};
}

json::value catalog_of(const project_state::NodeState& node) {
    auto shown = catalog_of(node.catalog, node.applied ? *node.applied : node.defined);
    if (!shown.is_null()) shown.get_object()["runId"] = or_null(node.catalog_run_id);
    return shown;
}

json::value declared_columns(const json::object& facts) {
    json::array columns;
    const auto* declared = facts.if_contains("columns");
    if (!declared || !declared->is_object()) return columns;
    for (const auto& [name, column] : declared->get_object())
        columns.push_back({{"name", name},
                           {"index", nullptr},
                           {"type", member(column, "data_type")},
                           {"comment", nullptr},
                           {"description", member(column, "description")},
                           {"tags", member(column, "tags")},
                           {"meta", member(column, "meta")}});
    return columns;
}

}  // namespace mw::discovery
