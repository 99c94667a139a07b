// An environment variable's value in one place, as stored.
#pragma once

#include <boost/describe.hpp>
#include <boost/json/object.hpp>
#include <optional>
#include <string>

#include "base/ids.hpp"
#include "base/time.hpp"
#include "infra/pg/value.hpp"

namespace mw::variables {

inline constexpr std::string_view kStars = "**********";

struct Variable {
    Id id = 0;
    Id account_id = 0;
    Id project_id = 0;
    std::optional<Id> environment_id;  // of these three at most one; none: the project's default
    std::optional<Id> job_id;
    std::optional<Id> user_id;
    std::string name;
    std::optional<std::string> value;  // empty for a secret one
    int state = 1;
    Timestamp created_at;
    Timestamp updated_at;

    // What may be shown.
    std::string display_value() const { return value.value_or(std::string(kStars)); }
    // "project", "environment", "job" or "user"
    std::string_view type() const;
};
BOOST_DESCRIBE_STRUCT(Variable, (),
                      (id, account_id, project_id, environment_id, job_id, user_id, name, value,
                       state, created_at, updated_at))

boost::json::object variable_json(const Variable& variable);

}  // namespace mw::variables
