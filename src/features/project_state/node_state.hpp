// A node of an environment's project: as the latest manifest has it, as it was when it was last
// built, and what came of it in the last run. Pure.
#pragma once

#include <boost/describe.hpp>
#include <boost/json/object.hpp>
#include <optional>
#include <string>
#include <vector>

#include "base/ids.hpp"
#include "base/time.hpp"

namespace mw::project_state {

struct NodeState {
    std::string unique_id;
    std::string resource_type;
    std::string name;
    std::vector<std::string> parents;
    boost::json::object defined;                 // under dbt's names (dbt/manifest.hpp)
    std::optional<boost::json::object> applied;  // nothing: never built
    std::optional<std::string> compiled_code;
    std::optional<Id> last_run_id;
    std::optional<Id> last_job_id;
    std::optional<std::string> last_status;
    std::optional<std::string> last_error;
    std::optional<Timestamp> last_generated_at;
    std::optional<double> run_elapsed_time;  // of the whole command, seconds
    std::optional<double> execution_time;    // seconds
    std::optional<std::int64_t> failures;    // rows that a test found
    std::optional<Timestamp> compile_started_at;
    std::optional<Timestamp> compile_completed_at;
    std::optional<Timestamp> execute_started_at;
    std::optional<Timestamp> execute_completed_at;
    std::optional<Id> success_run_id;
    std::optional<Id> success_job_id;
    std::optional<Timestamp> success_generated_at;
    std::optional<boost::json::object> freshness;  // a source's, of sources.json
    std::optional<Id> freshness_run_id;
    std::optional<Id> freshness_job_id;
    std::optional<Timestamp> freshness_at;
    std::optional<boost::json::object> catalog;  // of catalog.json
    std::optional<Id> catalog_run_id;
};
BOOST_DESCRIBE_STRUCT(NodeState, (),
                      (unique_id, resource_type, name, parents, defined, applied, compiled_code,
                       last_run_id, last_job_id, last_status, last_error, last_generated_at,
                       run_elapsed_time, execution_time, failures, compile_started_at,
                       compile_completed_at, execute_started_at, execute_completed_at,
                       success_run_id, success_job_id, success_generated_at, freshness,
                       freshness_run_id, freshness_job_id, freshness_at, catalog, catalog_run_id))

}  // namespace mw::project_state
