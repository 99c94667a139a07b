// What of a run's artifacts goes into the state of its environment. Pure; takes its time: not on
// an I/O thread.
#pragma once

#include <string>
#include <vector>

#include "dbt/manifest.hpp"
#include "dbt/observations.hpp"
#include "dbt/run_results.hpp"
#include "features/history/result_store.hpp"
#include "features/project_state/state_store.hpp"

namespace mw::project_state {

struct StepFile {
    int step_index = 0;
    std::string text;
};

// Contents of files that a run left: those of steps in their order, of each that wrote one.
struct Files {
    std::string manifest;
    std::vector<StepFile> run_results;
    std::vector<StepFile> sources;
    std::vector<StepFile> catalogs;
};

struct Prepared {
    StateFacts state;
    std::vector<DefinedNode> nodes;
    std::vector<Executions> executions;  // in the order of the steps
    std::vector<history::StepResults> results;
    std::vector<Seen> freshness;
    std::vector<Seen> catalogs;
};

// `upstream_failed` for what dbt does not write.
result<Prepared> prepare(const Files& files);

}  // namespace mw::project_state
