// What came of a node in one step of a run, and what many of these say together. Pure.
#pragma once

#include <boost/describe.hpp>
#include <optional>
#include <string>

#include "base/ids.hpp"
#include "base/time.hpp"

namespace mw::history {

// Of a model, seed, snapshot or test, the latest first.
struct NodeRun {
    Id run_id = 0;
    Id job_id = 0;
    int step_index = 0;
    std::string unique_id;
    std::string name;
    std::string resource_type;
    std::string status;  // dbt's word
    std::optional<std::string> message;
    std::optional<double> execution_time;    // seconds
    std::optional<double> run_elapsed_time;  // of the whole command, seconds
    std::optional<std::int64_t> failures;    // rows that a test found
    std::optional<std::int64_t> rows_affected;
    std::optional<std::int64_t> bytes_processed;
    std::optional<Timestamp> execute_started_at;
    std::optional<Timestamp> execute_completed_at;
    Timestamp generated_at;
    std::optional<std::string> git_sha;
    bool full_refresh = false;
};
BOOST_DESCRIBE_STRUCT(NodeRun, (),
                      (run_id, job_id, step_index, unique_id, name, resource_type, status, message,
                       execution_time, run_elapsed_time, failures, rows_affected, bytes_processed,
                       execute_started_at, execute_completed_at, generated_at, git_sha,
                       full_refresh))

// How often a test failed, and how often it went over from one to the other.
struct TestReliability {
    std::string unique_id;
    std::string name;
    std::int64_t runs = 0;
    std::int64_t failures = 0;
    std::int64_t changes = 0;
    std::int64_t changes_without_commit = 0;  // of these, between runs of the same commit
    double flakiness = 0;                     // changes, of as many as there could be: 0 to 1
    std::string last_status;
    std::optional<Timestamp> last_failed_at;
    Timestamp last_run_at;
};
BOOST_DESCRIBE_STRUCT(TestReliability, (),
                      (unique_id, name, runs, failures, changes, changes_without_commit, flakiness,
                       last_status, last_failed_at, last_run_at))

// What a job's runs took, in seconds and in what the warehouse says that it worked through.
struct JobCost {
    Id job_id = 0;
    std::string name;
    Id project_id = 0;
    Id environment_id = 0;
    std::int64_t runs = 0;
    std::int64_t failed_runs = 0;
    double run_seconds = 0;
    double failed_run_seconds = 0;
    std::int64_t nodes = 0;
    double node_seconds = 0;         // of all threads together
    double failed_node_seconds = 0;  // of nodes that came to nothing
    std::optional<std::int64_t> bytes_processed;
    std::optional<std::int64_t> slot_ms;
};
BOOST_DESCRIBE_STRUCT(JobCost, (),
                      (job_id, name, project_id, environment_id, runs, failed_runs, run_seconds,
                       failed_run_seconds, nodes, node_seconds, failed_node_seconds,
                       bytes_processed, slot_ms))

}  // namespace mw::history
