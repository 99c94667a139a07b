#include "features/integrations/integration_config.hpp"

#include <algorithm>
#include <array>

#include "dbt/adapters/adapter.hpp"

namespace mw::integrations {
namespace {

// Columns, which a configuration that stands in the body itself leaves out.
constexpr std::array<std::string_view, 11> kColumns{"id",
                                                    "account_id",
                                                    "project_id",
                                                    "name",
                                                    "adapter_version",
                                                    "environment_id",
                                                    "connection_id",
                                                    "state",
                                                    "created_at",
                                                    "updated_at",
                                                    "kind"};

}  // namespace

result<boost::json::object> read_config(const RequestBody& body, std::string_view field,
                                        Integration& integration) {
    boost::json::object given;
    JsonReader in(body);
    if (!field.empty())
        in.keep(field, given);
    else if (const auto* all = body.value.if_object())
        given = *all;
    MW_CHECK(in.finish());
    boost::json::object secrets;
    for (auto& [name, value] : given) {
        if (field.empty() && std::ranges::find(kColumns, std::string_view(name)) != kColumns.end())
            continue;
        bool secret = dbt::is_secret_field(integration.adapter_version.value_or(""), name);
        if (value.is_null())
            integration.config.erase(name);
        else if (!secret)
            integration.config[name] = std::move(value);
        else if (!value.is_string() || !value.get_string().empty())
            secrets[name] = std::move(value);
    }
    return secrets;
}

}  // namespace mw::integrations
