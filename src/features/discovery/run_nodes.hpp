// Nodes as one run knew them: what `job` and the historical runs of models answer with. Their
// values are read from the run's files when they are asked for.
#pragma once

#include "features/discovery/lookup.hpp"
#include "features/discovery/node_lists.hpp"
#include "features/history/node_result.hpp"
#include "features/project_state/readable_run_store.hpp"

namespace mw::discovery {

// ModelNode, SourceNode, TestNode, …
void add_run_node_types(graphql::Schema& schema);

// The run that a parent of this API stands in, a job as well as a node.
project_state::ReadableRun run_of(const json::value& parent);

// A node of that run, as the parent of its fields.
json::object run_node(const project_state::ReadableRun& run, std::string_view unique_id,
                      std::string_view resource_type, std::string_view name);
// The same with what the history says of it: good even when the run's files are gone.
json::object past_node(const project_state::ReadableRun& where, const history::NodeRun& run);

// "ModelNode" of "model"; empty for what runs are not asked about.
std::string run_type_name(std::string_view resource_type);

}  // namespace mw::discovery
