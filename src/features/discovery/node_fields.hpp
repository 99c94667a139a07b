// The kinds of nodes, their fields, and where these are in what dbt wrote. Pure.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "features/project_state/node_state_store.hpp"

namespace mw::discovery {

namespace json = boost::json;

enum class State { applied, defined };

struct FactField {
    const char* name;
    const char* type;  // GraphQL's
    const char* path;  // within the node's facts, "." between names
    // Its members are renamed, too: dbt's time_granularity is timeGranularity.
    bool camel = false;
};

struct Kind {
    const char* resource_type;  // dbt's: "model"
    const char* type_prefix;    // of its GraphQL types: "Model"
    const char* list_field;     // "models"
    bool executes;              // it is applied by a run; others are as they are defined
    bool is_relation;           // it stands in the warehouse
    bool has_lineage;           // it has a place in the graph
    std::span<const FactField> fields;
};

std::span<const Kind> kinds();
// Of dbt's resource type; none for what the API does not show.
const Kind* kind_of(std::string_view resource_type);
// By the prefix of its GraphQL types: "SemanticModel".
const Kind* kind_named(std::string_view type_prefix);
// Whether dbt looks how fresh it is.
bool has_freshness(const Kind& kind);
// Whether runs make something of it: what they do not, is the same type in both states.
bool is_built(const Kind& kind);
// "ModelAppliedStateNode", "ModelDefinitionNode"; "MetricDefinitionNode" in both states.
std::string type_name(const Kind& kind, State state);
// What nodes of all kinds have.
std::span<const FactField> shared_fields();

// What dbt wrote at a path, or below "config"; null: nothing.
json::value shown_fact(const json::object& facts, std::string_view path);

// "EnvironmentAppliedNestedNode": what all nodes of a state have.
std::string node_interface(State state);

// A node as the API has it, with all its fields but those that are looked up.
json::object to_json(const project_state::EnvironmentState& environment,
                     const project_state::NodeState& node, const Kind& kind, State state);

}  // namespace mw::discovery
