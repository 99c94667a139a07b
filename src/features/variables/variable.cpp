#include "features/variables/variable.hpp"

#include "base/described_json.hpp"

namespace mw::variables {

std::string_view Variable::type() const {
    if (job_id) return "job";
    if (environment_id) return "environment";
    return user_id ? "user" : "project";
}

boost::json::object variable_json(const Variable& variable) {
    auto json = described_to_json(variable);
    json.erase("value");
    json.erase("job_id");
    json["type"] = variable.type();
    json["job_definition_id"] = member_to_json(variable.job_id);
    json["display_value"] = variable.display_value();
    json["environment"] = nullptr;
    return json;
}

}  // namespace mw::variables
