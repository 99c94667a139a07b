#include "features/variables/variable_input.hpp"

#include <algorithm>

namespace mw::variables {
namespace {

constexpr std::size_t kNameMax = 255;
constexpr std::size_t kValueMax = 64 * 1024;
constexpr std::size_t kBulkMax = 1000;

bool is_name_character(char c) {
    return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

result<BulkItem> read_item(const boost::json::value& value, std::string path) {
    JsonReader in(value, std::move(path));
    BulkItem item;
    in.keep("name", item.name);
    in.keep("new_name", item.name);
    if (item.name.empty()) in.error("new_name", "is required");
    if (auto wrong = what_is_wrong_with_name(item.name); !item.name.empty() && !wrong.empty())
        in.error("new_name", wrong);
    MW_CHECK(in.finish());
    if (const auto* object = value.if_object())
        for (const auto& [place, text] : *object) {
            if (place == "name" || place == "new_name" || place == "old_name") continue;
            std::optional<std::string> taken;
            in.optional(place, taken, {0, kValueMax});
            item.values[std::string(place)] = std::move(taken);
        }
    MW_CHECK(in.finish());
    return item;
}

}  // namespace

std::string what_is_wrong_with_name(std::string_view name) {
    if (name.empty()) return "is required";
    if (name.size() > kNameMax) return "is longer than 255 characters";
    if (!name.starts_with("DBT_")) return "must begin with DBT_";
    if (!std::ranges::all_of(name, is_name_character))
        return "must consist of capital letters, digits and underscores";
    if (name.starts_with("DBT_CLOUD_") || name == "DBT_ENV")
        return "is the name of what every run is told of itself";
    return {};
}

result<std::optional<std::string>> read_variable(const RequestBody& body, bool is_new,
                                                 Variable& variable) {
    JsonReader in(body);
    std::optional<std::string> value;
    std::string type;
    constexpr IntLimit kIds{1, (std::int64_t{1} << 53) - 1};
    in.keep("name", variable.name, {1, kNameMax});
    if (auto wrong = what_is_wrong_with_name(variable.name); !wrong.empty())
        in.error("name", wrong);
    in.optional("raw_value", value, {0, kValueMax});
    if (is_new) {
        in.keep("type", type);
        auto place = [&](std::string_view field, std::string_view of, std::optional<Id>& id) {
            if (type.empty() || type == of) in.optional(field, id, kIds);
            if (type == of && !id) in.error(field, "is required");
        };
        place("environment_id", "environment", variable.environment_id);
        place("job_definition_id", "job", variable.job_id);
        place("user_id", "user", variable.user_id);
        if (!type.empty() && type != "project" && type != "environment" && type != "job" &&
            type != "user")
            in.error("type", "must be project, environment, job or user");
        if (int(variable.environment_id.has_value()) + int(variable.job_id.has_value()) +
                int(variable.user_id.has_value()) >
            1)
            in.error("type", "a value belongs to one environment, one job or one user");
        if (!value) in.error("raw_value", "is required");
    }
    MW_CHECK(in.finish());
    if (!is_new && value == kStars) value.reset();
    return value;
}

result<std::vector<BulkItem>> read_bulk(const RequestBody& body) {
    const auto* object = body.value.if_object();
    const auto* given = object ? object->if_contains("env_var") : nullptr;
    if (!given) given = &body.value;
    std::vector<BulkItem> items;
    if (!given->is_array()) {
        MW_TRY(auto item, read_item(*given, "env_var"));
        items.push_back(std::move(item));
        return items;
    }
    if (given->get_array().size() > kBulkMax)
        return fail_field("env_var", "has more than 1000 items");
    for (std::size_t i = 0; i < given->get_array().size(); ++i) {
        MW_TRY(auto item, read_item(given->get_array()[i], "env_var[" + std::to_string(i) + "]"));
        items.push_back(std::move(item));
    }
    return items;
}

}  // namespace mw::variables
