#include "features/environments/environment.hpp"

#include "base/described_json.hpp"

namespace mw::environments {

std::string_view category_of(const Environment& environment) {
    if (environment.type == "development") return "development";
    return environment.deployment_type ? std::string_view(*environment.deployment_type) : "other";
}

boost::json::object environment_json(const Environment& environment) {
    auto json = described_to_json(environment);
    json.erase("extended_attributes");
    json["extended_attributes_id"] = nullptr;
    json["raw_dbt_version"] = environment.dbt_version;
    json["supports_docs"] = true;
    for (auto field : {"connection", "repository", "jobs", "custom_environment_variables"})
        json[field] = nullptr;
    return json;
}

}  // namespace mw::environments
