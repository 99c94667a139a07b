#include "roles/runner/compare/comparison_plan.hpp"

#include <algorithm>
#include <iterator>

#include "base/json_text.hpp"

namespace mw::runner {
namespace {

namespace json = boost::json;

const json::object& object_in(const json::object& object, std::string_view name) {
    static const json::object kNone;
    const auto* value = object.if_contains(name);
    const auto* nested = value ? value->if_object() : nullptr;
    return nested ? *nested : kNone;
}

const json::array& array_in(const json::object& object, std::string_view name) {
    static const json::array kNone;
    const auto* value = object.if_contains(name);
    const auto* nested = value ? value->if_array() : nullptr;
    return nested ? *nested : kNone;
}

// A name or a list of names.
std::vector<std::string> names_in(const json::object& object, std::string_view name) {
    std::vector<std::string> names;
    if (auto text = text_of(object, name); !text.empty()) names.push_back(std::move(text));
    for (const auto& each : array_in(object, name))
        if (const auto* text = each.if_string()) names.emplace_back(*text);
    return names;
}

std::vector<std::string> said_by(const json::object& node) {
    const auto& config = object_in(node, "config");
    for (const auto* place : {&config, &object_in(config, "meta"), &object_in(node, "meta")})
        for (std::string_view name : {"primary_key", "primary-key"})
            if (auto key = names_in(*place, name); !key.empty()) return key;
    return {};
}

bool is_primary_key(const json::value& constraint) {
    return constraint.is_object() && text_of(constraint.get_object(), "type") == "primary_key";
}

std::vector<std::string> constrained(const json::object& node) {
    for (const auto& constraint : array_in(node, "constraints"))
        if (is_primary_key(constraint))
            if (auto key = names_in(constraint.get_object(), "columns"); !key.empty()) return key;
    std::vector<std::string> key;
    for (const auto& [name, column] : object_in(node, "columns"))
        if (column.is_object() &&
            std::ranges::any_of(array_in(column.get_object(), "constraints"), is_primary_key))
            key.emplace_back(name);
    return key;
}

// dbt 1.7 has no `attached_node` in every test, but a generic test of one model names it alone.
bool is_test_of(const json::object& test, const std::string& unique_id) {
    if (auto attached = text_of(test, "attached_node"); !attached.empty())
        return attached == unique_id;
    const auto& parents = array_in(object_in(test, "depends_on"), "nodes");
    return parents.size() == 1 && parents[0].is_string() && parents[0].get_string() == unique_id;
}

// A test of some rows says nothing of all.
bool is_of_all_rows(const json::object& test) {
    const auto* where = object_in(test, "config").if_contains("where");
    return !where || where->is_null();
}

struct Tested {
    std::set<std::string> unique;
    std::set<std::string> not_null;
    std::vector<std::string> combination;
};

Tested tested_of(const std::string& unique_id, const dbt::ManifestNodes& nodes) {
    Tested tested;
    for (const auto& [id, node] : nodes) {
        if (!id.starts_with("test.") || !is_test_of(node, unique_id) || !is_of_all_rows(node))
            continue;
        const auto& facts = object_in(node, "test_metadata");
        const auto& arguments = object_in(facts, "kwargs");
        auto name = text_of(facts, "name");
        auto column = text_of(node, "column_name");
        if (column.empty()) column = text_of(arguments, "column_name");
        if (name == "unique" && !column.empty()) tested.unique.insert(column);
        if (name == "not_null" && !column.empty()) tested.not_null.insert(column);
        if (name == "unique_combination_of_columns" && tested.combination.empty())
            tested.combination = names_in(arguments, "combination_of_columns");
    }
    return tested;
}

// The first by the order in which the model lists its columns.
std::vector<std::string> first_of(const json::object& node, const std::set<std::string>& columns) {
    for (const auto& [name, column] : object_in(node, "columns"))
        if (columns.contains(std::string(name))) return {std::string(name)};
    if (columns.empty()) return {};
    return {*columns.begin()};
}

// Where it is, as dbt has written it: with the quotes that the warehouse wants.
std::string relation_name(const json::object& node) {
    return text_of(node, "relation_name");
}

bool begins_quoted(std::string_view part) {
    return part.starts_with('"') || part.starts_with('`') || part.starts_with('[');
}

void learn_quoting(std::string_view relation, ComparisonPlan& plan) {
    plan.quotes_database = plan.quotes_schema = begins_quoted(relation);
    // The last part: whatever stands before it, it ends in a quote if it is quoted.
    plan.quotes_identifier =
        relation.ends_with('"') || relation.ends_with('`') || relation.ends_with(']');
}

ModelToCompare plan_model(const std::string& unique_id, const BuiltModels& built,
                          const dbt::ManifestNodes& ours, const dbt::ManifestNodes& production) {
    ModelToCompare model{.unique_id = unique_id,
                         .name = unique_id.substr(unique_id.rfind('.') + 1)};
    auto node = ours.find(unique_id);
    if (node == ours.end()) {
        model.skipped = "This run's manifest.json does not have it.";
        return model;
    }
    if (auto name = text_of(node->second, "name"); !name.empty()) model.name = name;
    if (text_of(object_in(node->second, "config"), "materialized") == "ephemeral") {
        model.skipped = "It is ephemeral: there is no relation to compare.";
        return model;
    }
    if (!built.has(unique_id)) {
        model.skipped = "This run has not built it.";
        return model;
    }
    auto relation = built.relation_of(unique_id);
    model.after = dbt::parse_relation(relation.empty() ? relation_name(node->second) : relation);
    if (!model.after) {
        model.skipped = "Where this run has put it is not known.";
        return model;
    }
    model.key = primary_key_of(unique_id, ours);
    auto there = production.find(unique_id);
    if (there != production.end()) model.before = dbt::parse_relation(relation_name(there->second));
    return model;
}

}  // namespace

bool is_for_comparison(std::string_view unique_id, const Selected& selected) {
    return unique_id.starts_with("test.") || selected.contains(unique_id);
}

std::vector<std::string> primary_key_of(const std::string& unique_id,
                                        const dbt::ManifestNodes& nodes) {
    auto found = nodes.find(unique_id);
    if (found == nodes.end()) return {};
    const auto& node = found->second;
    if (auto key = said_by(node); !key.empty()) return key;
    if (auto key = constrained(node); !key.empty()) return key;
    auto tested = tested_of(unique_id, nodes);
    std::set<std::string> both;
    std::ranges::set_intersection(tested.unique, tested.not_null, std::inserter(both, both.end()));
    if (!both.empty()) return first_of(node, both);
    if (!tested.combination.empty()) return tested.combination;
    return first_of(node, tested.unique);
}

ComparisonPlan plan_comparison(const Selected& selected, const BuiltModels& built,
                               const dbt::ManifestNodes& ours,
                               const dbt::ManifestNodes& production) {
    ComparisonPlan plan;
    for (const auto& unique_id : selected) {
        auto node = ours.find(unique_id);
        if (node != ours.end())
            if (auto relation = relation_name(node->second); !relation.empty())
                learn_quoting(relation, plan);
        plan.models.push_back(plan_model(unique_id, built, ours, production));
    }
    return plan;
}

}  // namespace mw::runner
