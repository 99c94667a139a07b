#include "features/projects/project_api.hpp"

#include "base/described_json.hpp"
#include "features/connections/connection_store.hpp"
#include "features/projects/project_store.hpp"
#include "features/repositories/repository_store.hpp"
#include "features/resources/resource_api.hpp"

namespace mw::projects {
namespace {

using Change = resources::Change<Project>;

// Connection and repository, as dbt Cloud always shows them.
asio::awaitable<result<>> relate(std::string_view public_url, pg::Pool& pool,
                                 const Project& project, boost::json::object& json) {
    if (project.connection_id) {
        MW_CO_TRY(auto connection, co_await connections::find_connection(pool, project.account_id,
                                                                         *project.connection_id));
        if (connection) json["connection"] = connections::connection_json(*connection);
    }
    if (project.repository_id) {
        MW_CO_TRY(auto repository, co_await repositories::find_repository(pool, project.account_id,
                                                                          *project.repository_id));
        if (repository) json["repository"] = repositories::repository_json(*repository, public_url);
    }
    co_return result<>{};
}

asio::awaitable<result<>> check(Change& change) {
    const auto& project = change.row;
    if (project.repository_id) {
        MW_CO_TRY(auto repository, co_await repositories::find_repository(
                                       change.tx, project.account_id, *project.repository_id));
        if (repository && repository->project_id != project.id)
            co_return fail_field("repository_id", "belongs to another project");
    }
    const auto& folder = project.dbt_project_subdirectory;
    if (folder && (folder->starts_with('/') || folder->contains("..")))
        co_return fail_field("dbt_project_subdirectory",
                             "must be a folder inside the repository, such as dbt/shop");
    co_return result<>{};
}

// Its jobs no longer fire, and what waits in the queue does not start.
asio::awaitable<result<>> end_jobs(const CancelQueued& cancel_queued, Change& change) {
    if (!change.is_removal()) co_return result<>{};
    MW_CO_TRY(auto jobs, co_await end_project(change.tx, change.row.account_id, change.row.id));
    for (auto job : jobs)
        MW_CO_CHECK(co_await cancel_queued(change.tx, change.call.caller, job));
    co_return result<>{};
}

}  // namespace

boost::json::object project_json(const Project& project) {
    auto json = described_to_json(project);
    for (auto field :
         {"connection", "repository", "docs_job", "freshness_job", "group_permissions",
          "environments", "semantic_layer_config_id", "fusion_readiness", "default_version"})
        json[field] = nullptr;
    return json;
}

void add_project_endpoints(api::Api& api, pg::Pool& pool, CancelQueued cancel_queued,
                           std::string public_url) {
    using resources::field;
    resources::Resource<Project> projects{
        .noun = "project",
        .table = "projects",
        .area = api::Area::projects,
        .create_area = api::Area::project_create,
        .rows_are_projects = true,
        .fields = {field(&Project::name, {.required = true, .most = 255}),
                   field(&Project::description, {.most = 8192}),
                   field(&Project::connection_id, {.refers = "connections"}),
                   field(&Project::repository_id, {.refers = "repositories"}),
                   field(&Project::dbt_project_subdirectory, {.most = 1024}),
                   field(&Project::docs_job_id, {.refers = "jobs"}),
                   field(&Project::freshness_job_id, {.refers = "jobs"}),
                   field(&Project::type, {.numbers = {0, 1}})},
        .json = project_json,
        .check = check,
        .written = [cancel_queued = std::move(cancel_queued)](
                       Change& change) { return end_jobs(cancel_queued, change); },
        .relate = [public_url = std::move(public_url)](
                      pg::Pool& on, const api::Call&, const Project& project,
                      boost::json::object& json) { return relate(public_url, on, project, json); }};
    auto made = resources::add_resource(api, pool, std::move(projects),
                                        "/api/v2/accounts/{account_id}/projects/");
    made->add(api, "/api/v3/accounts/{account_id}/projects/",
              resources::kAllByPost | resources::Verbs::update_by_patch);
}

}  // namespace mw::projects
