#include "features/projects/project_api.hpp"

#include "api/list_reply.hpp"
#include "base/described_json.hpp"
#include "features/connections/connection_store.hpp"
#include "features/projects/project_store.hpp"
#include "features/repositories/repository_store.hpp"

namespace mw::projects {
namespace {

// Adds what `include_related` asks for, and always connection and repository, as dbt Cloud does.
asio::awaitable<result<boost::json::object>> with_related(pg::Pool& pool, Project project) {
    auto json = project_json(project);
    if (project.connection_id) {
        MW_CO_TRY(auto connection, co_await connections::find_connection(pool, project.account_id,
                                                                         *project.connection_id));
        if (connection) json["connection"] = connections::connection_json(*connection);
    }
    if (project.repository_id) {
        MW_CO_TRY(auto repository, co_await repositories::find_repository(pool, project.account_id,
                                                                          *project.repository_id));
        if (repository) json["repository"] = repositories::repository_json(*repository);
    }
    co_return json;
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

void add_project_endpoints(api::Api& api, pg::Pool& pool) {
    api.get("/api/v2/accounts/{account_id}/projects/", api::reads(api::Area::projects),
            [&pool](api::Call& call) -> api::Reply {
                MW_CO_TRY(auto page, co_await api::fetch_page<Project>(pool, call, project_list()));
                boost::json::array data;
                for (auto& project : page.rows) {
                    MW_CO_TRY(auto json, co_await with_related(pool, project));
                    data.push_back(std::move(json));
                }
                co_return api::success_list(std::move(data), page.query, page.total_count,
                                            call.account_id);
            })
        .says("List projects")
        .gives(api::Route::Answer::list, {{"type", "object"}})
        .asks({"limit", "offset", "order_by", "state"});
    api.get("/api/v2/accounts/{account_id}/projects/{id}/", api::reads(api::Area::projects),
            [&pool](api::Call& call) -> api::Reply {
                MW_CO_TRY(auto id, call.id("id"));
                MW_CO_TRY(auto project, co_await find_project(pool, call.account_id, id));
                if (!project || project->state != 1) co_return api::not_found();
                MW_CO_CHECK(call.permit(project->id));
                MW_CO_TRY(auto json, co_await with_related(pool, *project));
                co_return api::success(std::move(json));
            })
        .says("Get a project")
        .gives(api::Route::Answer::one, {{"type", "object"}});
}

}  // namespace mw::projects
