// Which models of an environment ran how often, how long, and how well. Runs of pull requests are
// left out.
#pragma once

#include "features/history/node_history_store.hpp"

namespace mw::history {

// Of a model in all jobs (job_id 0), or of one of its jobs.
struct ModelTotals {
    std::string unique_id;
    Id job_id = 0;
    std::int64_t executions = 0;
    std::int64_t failures = 0;
    double longest = 0;  // seconds
    double average = 0;
};
BOOST_DESCRIBE_STRUCT(ModelTotals, (), (unique_id, job_id, executions, failures, longest, average))

enum class ModelOrder { executions, failures, longest, average };
struct ModelChoice {
    ModelOrder by = ModelOrder::executions;
    std::optional<Id> job_id = {};
    int models = 5;
    int jobs = 5;  // of each model
};
// Each model's totals, followed by those of its jobs; skipped ones did not run.
Awaitable<std::vector<ModelTotals>> list_model_totals(pg::Connection& connection, Id environment_id,
                                                      TimeSpan span, const ModelChoice& choice);

// In how many runs a model was tested, and in how many of these a test failed.
struct TestedModel {
    std::string unique_id;
    std::int64_t runs = 0;
    std::int64_t failed_runs = 0;
};
BOOST_DESCRIBE_STRUCT(TestedModel, (), (unique_id, runs, failed_runs))
Awaitable<std::vector<TestedModel>> list_tested_models(pg::Connection& connection,
                                                       Id environment_id, TimeSpan span, int limit);

struct JobName {
    Id job_id = 0;
    std::string name;
};
BOOST_DESCRIBE_STRUCT(JobName, (), (job_id, name))
// Those that ran a node.
Awaitable<std::vector<JobName>> list_jobs_of_node(pg::Connection& connection, Id environment_id,
                                                  std::string_view unique_id, TimeSpan span);

}  // namespace mw::history
