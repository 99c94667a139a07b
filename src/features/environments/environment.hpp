// An environment, as stored.
#pragma once

#include <boost/describe.hpp>
#include <boost/json/object.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "base/ids.hpp"
#include "base/time.hpp"

namespace mw::environments {

struct Environment {
    Id id = 0;
    Id account_id = 0;
    Id project_id = 0;
    std::string name;
    std::string type;                            // "development", "deployment"
    std::optional<std::string> deployment_type;  // "production", "staging"
    std::string dbt_version;
    std::optional<Id> connection_id;
    std::optional<Id> credentials_id;
    std::optional<Id> repository_id;  // the project's
    std::optional<std::string> dbt_project_subdirectory;
    boost::json::object extended_attributes;
    bool use_custom_branch = false;
    std::optional<std::string> custom_branch;
    std::optional<Id> created_by_id;
    int state = 1;
    Timestamp created_at;
    Timestamp updated_at;
};
BOOST_DESCRIBE_STRUCT(Environment, (),
                      (id, account_id, project_id, name, type, deployment_type, dbt_version,
                       connection_id, credentials_id, repository_id, dbt_project_subdirectory,
                       extended_attributes, use_custom_branch, custom_branch, created_by_id, state,
                       created_at, updated_at))

struct NewEnvironment {
    Id account_id = 0;
    Id project_id = 0;
    std::string name;
    std::string type = "deployment";
    std::optional<std::string> deployment_type = std::nullopt;
    std::string dbt_version = "latest";
    std::optional<Id> connection_id = std::nullopt;
    std::optional<Id> credentials_id = std::nullopt;
};

// Which of the categories of a grant it is in: development, staging, production, other.
std::string_view category_of(const Environment& environment);

// The environment object of the contract.
boost::json::object environment_json(const Environment& environment);

}  // namespace mw::environments
