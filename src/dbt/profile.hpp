// profiles.yml for one target, from what an environment knows of its warehouse. Pure.
//
// The text holds credentials: the caller writes it with mode 0600 and never logs it.
// Errors: `invalid_argument` that names the missing or mistyped field, never a value.
#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <string_view>

#include "base/error.hpp"

namespace mw::dbt {

struct Profile {
    std::string name;  // the `profile:` of dbt_project.yml
    std::string target_name = "default";
    std::string adapter;  // "snowflake"; see dbt/adapters
    // Names of fields as dbt has them, or as dbt Cloud's API has them (hostname, username).
    boost::json::object connection;
    boost::json::object credentials;
    std::string schema;
    int threads = 4;
    // Laid over everything else, objects key by key; may use Jinja (`env_var`).
    boost::json::object extended_attributes;
};

// Jinja in the connection's fields is dbt's to render; secret fields are literal.
result<std::string> render_profiles_yml(const Profile& profile);

}  // namespace mw::dbt
