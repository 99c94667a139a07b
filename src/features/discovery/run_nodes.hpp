// Nodes as one run knew them: what `job` and the historical runs of models answer with. Their
// values are read from the run's files when they are asked for.
#pragma once

#include "features/discovery/lookup.hpp"
#include "features/discovery/node_lists.hpp"
#include "features/history/node_result.hpp"

namespace mw::discovery {

// ModelNode, SourceNode, TestNode, …
void add_run_node_types(graphql::Schema& schema);

// Which run, and where its environment is.
struct RunPlace {
    Id run_id = 0;
    Id job_id = 0;
    Id account_id = 0;
    Id project_id = 0;
    Id environment_id = 0;
};

// A node of that run, as the parent of its fields.
json::object run_node(const RunPlace& place, std::string_view unique_id,
                      std::string_view resource_type, std::string_view name);
// The same with what the history says of it: good even when the run's files are gone.
json::object past_node(const RunPlace& place, const history::NodeRun& run);

// "ModelNode" of "model"; empty for what runs are not asked about.
std::string run_type_name(std::string_view resource_type);

}  // namespace mw::discovery
