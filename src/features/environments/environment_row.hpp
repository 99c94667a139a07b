// An environment as clients set it: environment.hpp has what comes of that.
#pragma once

#include <boost/describe.hpp>
#include <boost/json/object.hpp>
#include <optional>
#include <string>

#include "base/ids.hpp"
#include "base/time.hpp"

namespace mw::environments {

struct EnvironmentRow {
    Id id = 0;
    Id account_id = 0;
    Id project_id = 0;
    std::string name;
    std::string type = "deployment";
    std::optional<std::string> deployment_type;
    std::string dbt_version = "latest";
    std::optional<Id> connection_id;
    std::optional<Id> credentials_id;
    std::optional<Id> extended_attributes_id;
    std::optional<Id> primary_profile_id;
    bool use_custom_branch = false;
    std::optional<std::string> custom_branch;
    bool enable_model_query_history = false;
    bool enable_dbt_state = false;
    std::optional<Id> created_by_id;
    int state = 1;
    Timestamp created_at;
    Timestamp updated_at;
};
BOOST_DESCRIBE_STRUCT(EnvironmentRow, (),
                      (id, account_id, project_id, name, type, deployment_type, dbt_version,
                       connection_id, credentials_id, extended_attributes_id, primary_profile_id,
                       use_custom_branch, custom_branch, enable_model_query_history,
                       enable_dbt_state, created_by_id, state, created_at, updated_at))

boost::json::object environment_row_json(const EnvironmentRow& row);

}  // namespace mw::environments
