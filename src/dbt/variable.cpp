#include "dbt/variable.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace mw::dbt {
namespace {

constexpr std::string_view kPrefix = "DBT_";
constexpr std::string_view kSecretPrefix = "DBT_ENV_SECRET";
constexpr std::size_t kMostBytes = 255;

// What a run is told of itself, and where its profile is. The names alone, not all of DBT_CLOUD_*:
// projects have tokens under such names.
constexpr auto kReserved = std::to_array<std::string_view>({
    "DBT_CLOUD_ACCOUNT_ID",
    "DBT_CLOUD_ENVIRONMENT_ID",
    "DBT_CLOUD_ENVIRONMENT_NAME",
    "DBT_CLOUD_ENVIRONMENT_TYPE",
    "DBT_CLOUD_GIT_BRANCH",
    "DBT_CLOUD_GIT_SHA",
    "DBT_CLOUD_INVOCATION_CONTEXT",
    "DBT_CLOUD_JOB_ID",
    "DBT_CLOUD_PROJECT_ID",
    "DBT_CLOUD_PR_ID",
    "DBT_CLOUD_RUN_ID",
    "DBT_CLOUD_RUN_REASON",
    "DBT_CLOUD_RUN_REASON_CATEGORY",
    "DBT_ENV",
    "DBT_PROFILE",
    "DBT_PROFILES_DIR",
});

char capital(char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}

}  // namespace

bool is_secret_variable(std::string_view name) {
    return name.starts_with(kSecretPrefix);
}

bool is_reserved_variable(std::string_view name) {
    return std::ranges::find(kReserved, name) != kReserved.end();
}

result<std::string> variable_name(std::string_view text) {
    constexpr std::string_view kAllowed = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";
    std::string name(text);
    std::ranges::transform(name, name.begin(), capital);
    if (!name.starts_with(kPrefix) || name == kPrefix)
        return fail_field("name", "it must begin with DBT_, DBT_ENV_SECRET or DBT_ENV_CUSTOM_ENV_");
    if (name.size() > kMostBytes)
        return fail_field("name", fmt::format("it must have at most {} characters", kMostBytes));
    if (name.find_first_not_of(kAllowed) != std::string::npos)
        return fail_field("name", "it may have letters, digits and underscores only");
    if (is_reserved_variable(name))
        return fail_field("name", fmt::format("{} is set by the run itself", name));
    return name;
}

}  // namespace mw::dbt
