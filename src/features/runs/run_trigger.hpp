// What made a run and what it is to do: the object in `runs.trigger`. Pure.
//
// `Overrides` are the fields a caller may send to …/jobs/{id}/run/. `Plan` is what the job said
// when the run was made: a job edited later changes neither a queued run nor the retry of an old
// one.
#pragma once

#include <boost/describe.hpp>
#include <boost/json/object.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/ids.hpp"
#include "base/json_reader.hpp"

namespace mw::runs {

struct Overrides {
    std::optional<std::string> git_branch;
    std::optional<std::string> git_sha;
    std::optional<Id> azure_pull_request_id;
    std::optional<Id> github_pull_request_id;
    std::optional<Id> gitlab_merge_request_id;
    std::optional<Id> non_native_pull_request_id;
    std::optional<std::string> schema_override;
    std::optional<std::string> dbt_version_override;
    std::optional<int> threads_override;
    std::optional<std::string> target_name_override;
    std::optional<bool> generate_docs_override;
    std::optional<int> timeout_seconds_override;
    std::optional<std::vector<std::string>> steps_override;

    // Of the pull request that the run is for, whoever hosts it; empty when it is for none.
    std::optional<Id> pull_request_id() const {
        for (const auto& id : {github_pull_request_id, gitlab_merge_request_id,
                               azure_pull_request_id, non_native_pull_request_id})
            if (id) return id;
        return std::nullopt;
    }
};
BOOST_DESCRIBE_STRUCT(Overrides, (),
                      (git_branch, git_sha, azure_pull_request_id, github_pull_request_id,
                       gitlab_merge_request_id, non_native_pull_request_id, schema_override,
                       dbt_version_override, threads_override, target_name_override,
                       generate_docs_override, timeout_seconds_override, steps_override))

struct Plan {
    std::vector<std::string> steps;
    bool generate_docs = false;
    bool run_generate_sources = false;
    int threads = 4;
    std::string target_name;
    int timeout_seconds = 0;  // 0: never
    int memory_limit_mb = 0;  // 0: none, as for the next two
    double cpu_limit = 0;
    int process_limit = 0;
    // Whose latest good run is compared with and deferred to; the environment counts if both are
    // set.
    std::optional<Id> deferring_environment_id = {};
    std::optional<Id> deferring_job_definition_id = {};
    bool run_lint = false;
    bool errors_on_lint_failure = true;
    bool run_compare_changes = false;
    std::string compare_changes_flags = {};  // of `dbt ls`: which models are compared
};
BOOST_DESCRIBE_STRUCT(Plan, (),
                      (steps, generate_docs, run_generate_sources, threads, target_name,
                       timeout_seconds, memory_limit_mb, cpu_limit, process_limit,
                       deferring_environment_id, deferring_job_definition_id, run_lint,
                       errors_on_lint_failure, run_compare_changes, compare_changes_flags))

// The API's categories that this product makes.
inline constexpr std::string_view kCauseApi = "api";
inline constexpr std::string_view kCauseUi = "ui";
inline constexpr std::string_view kCauseScheduled = "scheduled";
inline constexpr std::string_view kCauseRerun = "rerun";
inline constexpr std::string_view kCauseCompletion = "job completion";
inline constexpr std::string_view kCauseCi = "ci";
inline constexpr std::string_view kCauseMerge = "merge";

struct Trigger {
    std::string cause;
    std::string cause_category;
    Overrides overrides;
    Plan plan;
};

// What a caller asks of …/jobs/{id}/run/.
struct TriggerRequest {
    std::string cause;
    Overrides overrides;
};
// The error names each field that is wrong.
result<TriggerRequest> read_trigger_request(const RequestBody& body);

// As JSON.
std::string to_stored(const Trigger& trigger);
// What it does not understand is taken as absent, so that old runs can always be shown.
Trigger from_stored(std::string_view stored);

}  // namespace mw::runs
