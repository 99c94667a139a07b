// Models that an account's projects offer to each other, and the projects themselves.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "features/project_state/node_state.hpp"
#include "infra/pg/pool.hpp"

namespace mw::project_state {

// A public model as its environment defines it.
struct PublicModel {
    Id environment_id = 0;
    Id project_id = 0;
    std::optional<std::string> deployment_type;
    std::string dbt_project;
    std::string unique_id;
    std::string name;
    boost::json::object facts;
    std::optional<std::string> last_status;
    std::optional<Timestamp> generated_at;  // of the manifest
};
BOOST_DESCRIBE_STRUCT(PublicModel, (),
                      (environment_id, project_id, deployment_type, dbt_project, unique_id, name,
                       facts, last_status, generated_at))

struct PublicModelFilter {
    std::optional<std::vector<Id>> project_ids;  // empty: of all
    std::vector<Id> environment_ids = {};
    std::string dbt_project = {};
    std::vector<std::string> unique_ids = {};
};
// After that environment and model, in their order.
struct PublicModelPage {
    Id environment_id = 0;
    std::string unique_id = {};
    int limit = 0;
};
boost::asio::awaitable<result<std::vector<PublicModel>>> list_public_models(
    pg::Connection& connection, Id account_id, const PublicModelFilter& filter,
    const PublicModelPage& page);

// A project with the environment that speaks for it: production, or what was read last.
struct ProjectState {
    Id project_id = 0;
    std::string name;
    Id environment_id = 0;
    std::string dbt_project;
    std::int64_t public_models = 0;
};
BOOST_DESCRIBE_STRUCT(ProjectState, (),
                      (project_id, name, environment_id, dbt_project, public_models))
boost::asio::awaitable<result<std::vector<ProjectState>>> list_project_states(
    pg::Connection& connection, Id account_id, const std::optional<std::vector<Id>>& project_ids);

}  // namespace mw::project_state
