#include "features/jobs/job_schema.hpp"

#include <boost/json/array.hpp>

#include "api/example_schema.hpp"
#include "base/described_schema.hpp"
#include "features/jobs/job_json.hpp"

namespace mw::jobs {
namespace {

// Members of a job that a body has under the same name.
constexpr std::string_view kFlat[] = {"project_id",
                                      "environment_id",
                                      "name",
                                      "description",
                                      "job_type",
                                      "dbt_version",
                                      "execute_steps",
                                      "generate_docs",
                                      "run_generate_sources",
                                      "run_lint",
                                      "errors_on_lint_failure",
                                      "run_compare_changes",
                                      "compare_changes_flags",
                                      "lifecycle_webhooks",
                                      "cost_optimization_features",
                                      "force_node_selection",
                                      "deferring_environment_id",
                                      "deferring_job_definition_id",
                                      "triggers_on_draft_pr",
                                      "state"};

boost::json::object limits() {
    boost::json::object whole{{"type", "integer"}, {"minimum", 0}};
    return {{"type", "object"},
            {"properties",
             {{"timeout_seconds", whole},
              {"memory_limit_mb", whole},
              {"cpu_limit", {{"type", "number"}, {"minimum", 0}}},
              {"process_limit", whole}}}};
}

}  // namespace

boost::json::object job_schema() {
    auto schema = api::schema_like(job_json(Job{}));
    auto& properties = schema["properties"].as_object();
    // What is not set is left out of it, and a job that was never scheduled shows the default.
    properties["execution"] = {{"type", "object"}};
    properties["schedule"] = {{"type", "object"}};
    return schema;
}

boost::json::object job_body_schema(bool is_new) {
    auto described = described_schema<Job>();
    const auto& members = described.at("properties").as_object();
    auto shown = job_schema();
    boost::json::object properties;
    for (auto name : kFlat)
        properties[name] = members.at(name);
    properties["execution"] = limits();
    for (auto name : {"settings", "triggers"})
        properties[name] = shown.at("properties").at(name);
    properties["schedule"] = {{"type", "object"}};
    properties["job_completion_trigger_condition"] = {{"type", {"object", "null"}}};
    boost::json::object schema{{"type", "object"}, {"properties", std::move(properties)}};
    if (is_new) schema["required"] = {"project_id", "environment_id", "name"};
    return schema;
}

}  // namespace mw::jobs
