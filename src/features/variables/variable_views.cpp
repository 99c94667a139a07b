#include "features/variables/variable_views.hpp"

namespace mw::variables {
namespace {

boost::json::object value_json(const Variable& variable) {
    return {{"id", variable.id}, {"value", variable.display_value()}};
}

// Places without a value are not there: clients ask for `job` and go on in what they get.
boost::json::object& entry(boost::json::object& table, const std::string& name) {
    auto& value = table[name];
    if (value.is_null()) value = boost::json::object{};
    return value.as_object();
}

}  // namespace

boost::json::object by_environment(const std::vector<Variable>& variables,
                                   const std::vector<PlaceName>& environments) {
    boost::json::array places{"project"};
    for (const auto& environment : environments)
        places.emplace_back(environment.name);
    boost::json::object table;
    for (const auto& variable : variables) {
        if (variable.job_id || variable.user_id) continue;
        auto& row = entry(table, variable.name);
        if (!variable.environment_id) row["project"] = value_json(variable);
        for (const auto& environment : environments)
            if (environment.id == variable.environment_id)
                row[environment.name] = value_json(variable);
    }
    return {{"environments", std::move(places)}, {"variables", std::move(table)}};
}

boost::json::object for_job(const std::vector<Variable>& variables, Id job_id, Id environment_id) {
    boost::json::object table;
    for (const auto& variable : variables) {
        bool here = (variable.job_id == job_id) ||
                    (!variable.job_id && !variable.user_id &&
                     (!variable.environment_id || variable.environment_id == environment_id));
        if (!here) continue;
        entry(table, variable.name)[variable.type()] = value_json(variable);
    }
    return table;
}

boost::json::object for_user(const std::vector<Variable>& variables, Id user_id) {
    boost::json::object table;
    for (const auto& variable : variables) {
        if (variable.job_id || variable.environment_id) continue;
        if (variable.user_id && variable.user_id != user_id) continue;
        entry(table, variable.name)[variable.type()] = value_json(variable);
    }
    return table;
}

}  // namespace mw::variables
