#include "features/environments/environment_api.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/described_json.hpp"
#include "features/credentials/credentials_store.hpp"
#include "features/environments/environment_row.hpp"
#include "features/environments/environment_store.hpp"
#include "features/projects/project_api.hpp"
#include "features/projects/project_store.hpp"
#include "features/resources/resource_api.hpp"

namespace mw::environments {
namespace {

using Change = resources::Change<EnvironmentRow>;

asio::awaitable<result<>> check(Change& change) {
    auto& row = change.row;
    if (row.deployment_type && row.deployment_type->empty()) row.deployment_type.reset();
    if (change.is_new()) row.created_by_id = change.call.caller.user_id;
    if (change.before && change.before->type != row.type)
        co_return fail_field("type", "can't be changed; make a new environment");
    if (row.type == "development" && row.deployment_type)
        co_return fail_field("deployment_type", "is for deployment environments only");
    if (row.use_custom_branch && row.custom_branch.value_or("").empty())
        co_return fail_field("custom_branch", "is required when use_custom_branch is true");
    if (row.custom_branch && row.custom_branch->starts_with('-'))
        co_return fail_field("custom_branch", "is no name of a branch");
    if (row.deployment_type || row.type == "development") {
        MW_CO_TRY(auto other, co_await find_of_same_kind(change.tx, row.project_id, row.id,
                                                         row.type, row.deployment_type));
        if (other)
            co_return fail_field(
                row.deployment_type ? "deployment_type" : "type",
                fmt::format("a project has one such environment, and it is {}", *other));
    }
    co_return result<>{};
}

// One with jobs stays: they would have nowhere to run.
asio::awaitable<result<>> written(Change& change) {
    if (!change.is_removal()) co_return result<>{};
    MW_CO_TRY(auto jobs, co_await jobs_in(change.tx, change.row.account_id, change.row.id));
    if (!jobs.empty())
        co_return fail(Errc::conflict,
                       fmt::format("Jobs run in this environment: {}. Delete them first.",
                                   fmt::join(jobs, ", ")));
    co_return result<>{};
}

asio::awaitable<result<>> relate(pg::Pool& pool, const api::Call&, const EnvironmentRow& row,
                                 boost::json::object& json) {
    MW_CO_TRY(auto project, co_await projects::find_project(pool, row.account_id, row.project_id));
    if (project) {
        json["repository_id"] = member_to_json(project->repository_id);
        json["dbt_project_subdirectory"] = member_to_json(project->dbt_project_subdirectory);
        json["project"] = projects::project_json(*project);
    }
    if (row.credentials_id) {
        MW_CO_TRY(auto credentials, co_await credentials::find_credentials(pool, row.account_id,
                                                                           *row.credentials_id));
        if (credentials) json["credentials"] = credentials::credentials_json(*credentials);
    }
    co_return result<>{};
}

}  // namespace

boost::json::object environment_row_json(const EnvironmentRow& row) {
    auto json = described_to_json(row);
    json["raw_dbt_version"] = row.dbt_version;
    json["supports_docs"] = true;
    json["is_deferrable"] = false;
    // `jobs` and `custom_environment_variables` are null, never [] (contract 3.6).
    for (auto field :
         {"repository_id", "dbt_project_subdirectory", "project", "credentials", "connection",
          "repository", "jobs", "custom_environment_variables", "fusion_readiness"})
        json[field] = nullptr;
    return json;
}

void add_environment_endpoints(api::Api& api, pg::Pool& pool) {
    using resources::field;
    using resources::Verbs;
    using Row = EnvironmentRow;
    resources::Resource<Row> environments{
        .noun = "environment",
        .table = "environments",
        .area = api::Area::environments,
        .fields = {field(&Row::name, {.required = true, .most = 255}),
                   field(&Row::type, {.one_of = {"development", "deployment"}}),
                   field(&Row::deployment_type, {.one_of = {"production", "staging", ""}}),
                   field(&Row::dbt_version, {.least = 1, .most = 64}),
                   field(&Row::connection_id, {.refers = "connections"}),
                   field(&Row::credentials_id, {.refers = "credentials"}),
                   field(&Row::extended_attributes_id, {.refers = "extended_attributes"}),
                   field(&Row::primary_profile_id, {.refers = "profiles"}),
                   field(&Row::use_custom_branch), field(&Row::custom_branch, {.most = 255}),
                   field(&Row::enable_model_query_history), field(&Row::enable_dbt_state)},
        .json = environment_row_json,
        .check = check,
        .written = written,
        .relate = relate};
    auto made = resources::add_resource(
        api, pool, std::move(environments),
        "/api/v3/accounts/{account_id}/projects/{project_id}/environments/");
    for (std::string version : {"v2", "v3"})
        made->add(api, "/api/" + version + "/accounts/{account_id}/environments/",
                  resources::kAllByPost);
}

}  // namespace mw::environments
