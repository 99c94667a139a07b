// What one run knew of a project, from the files that it left: for questions about a run, where
// node_state_store.hpp tells what an environment has come to.
//
// The last few that were asked for are kept. Thread: the io thread; files are read on `blocking`.
#pragma once

#include <list>
#include <map>
#include <memory>

#include "base/offload.hpp"
#include "dbt/manifest.hpp"
#include "dbt/observations.hpp"
#include "dbt/run_results.hpp"
#include "features/artifacts/artifact_store.hpp"
#include "infra/store/object_store.hpp"

namespace mw::project_state {

struct RunNode {
    dbt::ManifestNode node;
    std::optional<dbt::NodeResult> result = {};  // of the last step that came to it
    std::string generated_at = {};               // of that step's results
    double run_elapsed_time = 0;                 // of that step, seconds
    std::optional<boost::json::object> catalog = {};
    std::optional<boost::json::object> freshness = {};
    std::vector<std::string> children = {};
};

struct RunSnapshot {
    std::string dbt_version;
    std::string generated_at;  // of the manifest
    std::map<std::string, RunNode, std::less<>> nodes;
};

class RunSnapshots {
  public:
    RunSnapshots(pg::Pool& pool, store::ObjectStore& objects, BlockingPool& blocking)
        : pool_(pool), objects_(objects), blocking_(blocking) {}

    // not_found when it left no manifest.
    boost::asio::awaitable<result<std::shared_ptr<const RunSnapshot>>> find(Id account_id,
                                                                            Id run_id);

  private:
    struct Kept {
        Id run_id = 0;
        std::size_t bytes = 0;  // of its files
        std::shared_ptr<const RunSnapshot> snapshot;
    };
    void keep(Kept kept);

    pg::Pool& pool_;
    store::ObjectStore& objects_;
    BlockingPool& blocking_;
    std::list<Kept> kept_;  // the last asked for first
};

}  // namespace mw::project_state
