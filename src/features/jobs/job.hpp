// A job, as stored.
#pragma once

#include <boost/describe.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <optional>
#include <string>
#include <vector>

#include "base/ids.hpp"
#include "base/time.hpp"

namespace mw::jobs {

struct Job {
    Id id = 0;
    Id account_id = 0;
    Id project_id = 0;
    Id environment_id = 0;
    std::string name;
    std::string description;
    std::string job_type = "other";
    std::optional<std::string> dbt_version;  // overrides the environment's
    std::vector<std::string> execute_steps;
    int threads = 4;
    std::string target_name = "default";
    int timeout_seconds = 0;  // 0: never
    int memory_limit_mb = 0;  // of MiB; 0: none, as for the next two
    double cpu_limit = 0;
    int process_limit = 0;
    bool generate_docs = false;
    bool run_generate_sources = false;
    bool run_lint = false;
    bool errors_on_lint_failure = true;
    bool run_compare_changes = false;
    std::string compare_changes_flags = "--select state:modified";
    bool lifecycle_webhooks = false;
    std::vector<std::string> cost_optimization_features;
    std::optional<bool> force_node_selection;
    std::optional<Id> deferring_environment_id;
    std::optional<Id> deferring_job_definition_id;
    boost::json::object triggers;
    bool triggers_on_draft_pr = false;
    boost::json::object schedule;  // {cron, date, time} as the API shows it
    std::optional<boost::json::value> job_completion_trigger_condition;
    std::string cron;
    bool schedule_enabled = false;
    std::optional<Timestamp> next_run_at;
    int run_failure_count = 0;
    int state = 1;
    Timestamp created_at;
    Timestamp updated_at;
};
BOOST_DESCRIBE_STRUCT(Job, (),
                      (id, account_id, project_id, environment_id, name, description, job_type,
                       dbt_version, execute_steps, threads, target_name, timeout_seconds,
                       memory_limit_mb, cpu_limit, process_limit, generate_docs,
                       run_generate_sources, run_lint, errors_on_lint_failure, run_compare_changes,
                       compare_changes_flags, lifecycle_webhooks, cost_optimization_features,
                       force_node_selection, deferring_environment_id, deferring_job_definition_id,
                       triggers, triggers_on_draft_pr, schedule, job_completion_trigger_condition,
                       cron, schedule_enabled, next_run_at, run_failure_count, state, created_at,
                       updated_at))

// An environment variable that a job sets for itself.
struct JobVariable {
    Id id = 0;
    Id account_id = 0;
    Id project_id = 0;
    Id job_definition_id = 0;
    std::string name;
    std::string display_value;  // stars for a secret one
    int state = 1;
};
BOOST_DESCRIBE_STRUCT(JobVariable, (),
                      (id, account_id, project_id, job_definition_id, name, display_value, state))

}  // namespace mw::jobs
