// Who may do what, as one table: dbt Cloud's permission sets over the areas of the API.
//
// A set gives, in each area, nothing, read access or write access, which includes reading. Five
// sets write jobs and runs by the category of the environment: a grant of them may name the
// categories (contract 1, "Groups / permission sets"). Pure data; grants.hpp applies it.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace mw::api {

enum class Area : std::uint8_t {
    // Of the account
    account_settings,
    audit_logs,
    auth_provider,
    billing,
    connections,
    cost,
    groups,
    invitations,
    ip_restrictions,
    licenses,
    marketplace,
    members,
    project_create,
    public_models,
    scim,
    service_tokens,
    webhooks,
    // Of a project
    credentials,
    data_platform,
    develop,
    environments,
    jobs,
    metadata,
    notifications,
    permissions,
    projects,
    repositories,
    runs,
    semantic_layer,
    variables,
};
inline constexpr std::size_t kAreas = static_cast<std::size_t>(Area::variables) + 1;

enum class Access : std::uint8_t { none, read, write };

// In the words of an error: "service tokens".
std::string_view name_of(Area area);
bool is_of_project(Area area);

struct PermissionSet {
    std::string_view name;   // "job_admin"
    std::string_view label;  // "Job admin"
    bool of_account;         // a grant of it is for all projects, whichever it names
    std::span<const Area> writes;
    std::span<const Area> reads;
    std::span<const Area> by_environment;  // read, and written in environments of some categories

    // `by_environment` counts as write access here.
    Access access(Area area) const;
    bool depends_on_environment(Area area) const;
};

std::span<const PermissionSet> permission_sets();
// nullptr for a name that is none.
const PermissionSet* find_permission_set(std::string_view name);

// The categories that `writable_environment_categories` names.
std::span<const std::string_view> environment_categories();

}  // namespace mw::api
