// What of a run's artifacts goes into the state of its environment. Pure; takes its time: not on
// an I/O thread.
#pragma once

#include <string>
#include <vector>

#include "dbt/manifest.hpp"
#include "dbt/observations.hpp"
#include "dbt/run_results.hpp"
#include "features/project_state/state_store.hpp"

namespace mw::project_state {

// Contents of files that a run left.
struct Files {
    std::string manifest;
    std::vector<std::string> run_results;  // of each step that wrote some, in their order
    std::vector<std::string> sources;      // of each step, too
    std::vector<std::string> catalogs;
};

struct PreparedNode {
    std::string unique_id;
    std::string digest;       // of its facts
    boost::json::object row;  // as define_nodes takes it
};

struct Prepared {
    StateFacts state;
    std::vector<PreparedNode> nodes;
    std::vector<Executions> executions;  // in the order of the steps
    std::vector<Seen> freshness;
    std::vector<Seen> catalogs;
};

// `upstream_failed` for what dbt does not write.
result<Prepared> prepare(const Files& files);

}  // namespace mw::project_state
