#include "api/permission_sets.hpp"

#include <algorithm>
#include <array>

namespace mw::api {
namespace {

using enum Area;

constexpr Area kEverything[] = {account_settings, audit_logs,    auth_provider, billing,
                                connections,      cost,          groups,        invitations,
                                ip_restrictions,  licenses,      marketplace,   members,
                                project_create,   public_models, scim,          service_tokens,
                                webhooks,         credentials,   data_platform, develop,
                                environments,     jobs,          metadata,      notifications,
                                permissions,      projects,      repositories,  runs,
                                semantic_layer,   variables};

// What somebody works with who builds a project.
#define MW_WORK                                                                       \
    credentials, data_platform, develop, environments, jobs, notifications, projects, \
        repositories, runs, semantic_layer, variables
// What somebody sees who only looks on.
#define MW_VIEW                                                                        \
    credentials, data_platform, environments, jobs, metadata, notifications, projects, \
        repositories, runs, semantic_layer, variables

constexpr Area kNothing[] = {public_models};

constexpr Area kAccountAdminWrites[] = {
    account_settings, auth_provider,   billing,     connections, cost,           groups,
    invitations,      ip_restrictions, licenses,    members,     project_create, scim,
    service_tokens,   webhooks,        permissions, MW_WORK};
constexpr Area kAccountAdminReads[] = {audit_logs, public_models, metadata};

constexpr Area kAccountViewerReads[] = {
    account_settings, audit_logs,  auth_provider,   billing,     cost,
    groups,           invitations, ip_restrictions, licenses,    members,
    public_models,    scim,        service_tokens,  permissions, MW_VIEW};

constexpr Area kAdminWrites[] = {invitations, licenses, members, webhooks, permissions, MW_WORK};
constexpr Area kAdminReads[] = {account_settings, connections, groups, public_models, metadata};

constexpr Area kAnalystWrites[] = {credentials, variables, data_platform, develop, projects};
constexpr Area kAnalystReads[] = {connections,  invitations, licenses,      public_models,
                                  environments, metadata,    notifications, semantic_layer};
constexpr Area kAnalystReadReads[] = {connections, invitations, licenses, public_models, MW_VIEW};

constexpr Area kBillingWrites[] = {billing};
constexpr Area kCostWrites[] = {cost};
constexpr Area kCostReads[] = {public_models, projects, environments, metadata};
constexpr Area kCostViewerReads[] = {cost, public_models, projects, environments, metadata};

constexpr Area kDatabaseAdminWrites[] = {credentials, variables, data_platform, projects,
                                         semantic_layer};
constexpr Area kDatabaseAdminReads[] = {
    account_settings, connections,  groups,   invitations,   licenses,    members,
    public_models,    environments, metadata, notifications, permissions, repositories};

constexpr Area kDeveloperWrites[] = {webhooks,      credentials, variables,
                                     data_platform, develop,     projects};
constexpr Area kDeveloperReads[] = {connections,   groups,        invitations,  licenses,
                                    members,       public_models, environments, metadata,
                                    notifications, permissions,   repositories, semantic_layer};

constexpr Area kFusionWrites[] = {environments, jobs};
constexpr Area kFusionReads[] = {account_settings, public_models, metadata, projects, runs};

constexpr Area kGitAdminWrites[] = {variables, projects, repositories};
constexpr Area kGitAdminReads[] = {account_settings, connections,   groups,        invitations,
                                   licenses,         members,       public_models, credentials,
                                   data_platform,    environments,  metadata,      notifications,
                                   permissions,      semantic_layer};

constexpr Area kJobAdminWrites[] = {credentials, variables,     data_platform, environments,
                                    jobs,        notifications, runs};
constexpr Area kJobAdminReads[] = {connections, invitations, licenses,      public_models,
                                   metadata,    projects,    semantic_layer};
constexpr Area kJobCreatorWrites[] = {jobs};
constexpr Area kJobCreatorReads[] = {public_models, environments, metadata,
                                     projects,      runs,         variables};
constexpr Area kJobRunnerWrites[] = {runs};
constexpr Area kJobRunnerReads[] = {public_models, jobs};
constexpr Area kJobViewerReads[] = {invitations, licenses, public_models, environments,
                                    jobs,        metadata, notifications, projects,
                                    runs,        variables};

constexpr Area kMarketplaceWrites[] = {marketplace};

constexpr Area kMemberWrites[] = {account_settings, connections, invitations,
                                  project_create,   webhooks,    MW_WORK};
constexpr Area kMemberReads[] = {cost,          groups,   licenses,   members,
                                 public_models, metadata, permissions};

constexpr Area kMetadataReads[] = {public_models, metadata};

constexpr Area kNotificationWrites[] = {notifications};
constexpr Area kNotificationReads[] = {public_models, environments, jobs, projects};

constexpr Area kProjectCreatorWrites[] = {connections,    invitations, licenses, members,
                                          project_create, permissions, MW_WORK};
constexpr Area kProjectCreatorReads[] = {account_settings, groups, public_models, metadata};

constexpr Area kReadonlyReads[] = {connections, public_models, MW_VIEW};

constexpr Area kScimWrites[] = {scim};

constexpr Area kSecurityWrites[] = {auth_provider, groups,  invitations, ip_restrictions,
                                    licenses,      members, permissions, scim};
constexpr Area kSecurityReads[] = {account_settings, audit_logs, public_models,
                                   service_tokens,   projects,   semantic_layer};

constexpr Area kSemanticLayerWrites[] = {semantic_layer};

constexpr Area kStakeholderReads[] = {connections, groups,        invitations,
                                      members,     public_models, MW_VIEW};

constexpr Area kTeamAdminWrites[] = {variables, projects};
constexpr Area kTeamAdminReads[] = {account_settings, connections,  groups,        invitations,
                                    licenses,         members,      public_models, credentials,
                                    data_platform,    environments, metadata,      notifications,
                                    permissions,      repositories, semantic_layer};

constexpr Area kWebhookWrites[] = {webhooks};

constexpr Area kJobsAndRuns[] = {jobs, runs};

constexpr bool kOfAccount = true;
constexpr bool kOfProject = false;

constexpr std::array kSets = {
    PermissionSet{
        "account_admin", "Account admin", kOfAccount, kAccountAdminWrites, kAccountAdminReads, {}},
    PermissionSet{"account_viewer", "Account viewer", kOfAccount, {}, kAccountViewerReads, {}},
    PermissionSet{"admin", "Admin", kOfProject, kAdminWrites, kAdminReads, {}},
    PermissionSet{"analyst", "Analyst", kOfProject, kAnalystWrites, kAnalystReads, kJobsAndRuns},
    PermissionSet{"analyst_read", "Analyst (read only)", kOfProject, {}, kAnalystReadReads, {}},
    PermissionSet{"billing_admin", "Billing admin", kOfAccount, kBillingWrites, kNothing, {}},
    PermissionSet{
        "cost_insights_admin", "Cost insights admin", kOfAccount, kCostWrites, kCostReads, {}},
    PermissionSet{
        "cost_insights_viewer", "Cost insights viewer", kOfProject, {}, kCostViewerReads, {}},
    PermissionSet{
        "cost_management_admin", "Cost management admin", kOfAccount, kCostWrites, kCostReads, {}},
    PermissionSet{
        "cost_management_viewer", "Cost management viewer", kOfProject, {}, kCostViewerReads, {}},
    PermissionSet{"database_admin", "Database admin", kOfProject, kDatabaseAdminWrites,
                  kDatabaseAdminReads, kJobsAndRuns},
    PermissionSet{"developer", "Developer", kOfProject, kDeveloperWrites, kDeveloperReads,
                  kJobsAndRuns},
    PermissionSet{"fusion_admin", "Fusion admin", kOfAccount, kFusionWrites, kFusionReads, {}},
    PermissionSet{"git_admin", "Git admin", kOfProject, kGitAdminWrites, kGitAdminReads,
                  kJobsAndRuns},
    PermissionSet{"job_admin", "Job admin", kOfProject, kJobAdminWrites, kJobAdminReads, {}},
    PermissionSet{
        "job_creator", "Job creator", kOfProject, kJobCreatorWrites, kJobCreatorReads, {}},
    PermissionSet{"job_runner", "Job runner", kOfProject, kJobRunnerWrites, kJobRunnerReads, {}},
    PermissionSet{"job_viewer", "Job viewer", kOfProject, {}, kJobViewerReads, {}},
    PermissionSet{"manage_marketplace_apps",
                  "Manage marketplace apps",
                  kOfAccount,
                  kMarketplaceWrites,
                  {},
                  {}},
    PermissionSet{"member", "Member", kOfAccount, kMemberWrites, kMemberReads, {}},
    PermissionSet{"metadata_only", "Metadata only", kOfProject, {}, kMetadataReads, {}},
    PermissionSet{"notification_manager",
                  "Notification manager",
                  kOfProject,
                  kNotificationWrites,
                  kNotificationReads,
                  {}},
    PermissionSet{"owner", "Owner", kOfAccount, kEverything, {}, {}},
    PermissionSet{"project_creator",
                  "Project creator",
                  kOfAccount,
                  kProjectCreatorWrites,
                  kProjectCreatorReads,
                  {}},
    PermissionSet{"readonly", "Read-only", kOfProject, {}, kReadonlyReads, {}},
    PermissionSet{"scim_only", "SCIM only", kOfAccount, kScimWrites, {}, {}},
    PermissionSet{
        "security_admin", "Security admin", kOfAccount, kSecurityWrites, kSecurityReads, {}},
    PermissionSet{"semantic_layer_only",
                  "Semantic Layer only",
                  kOfProject,
                  kSemanticLayerWrites,
                  kNothing,
                  {}},
    PermissionSet{"stakeholder", "Stakeholder", kOfProject, {}, kStakeholderReads, {}},
    PermissionSet{"team_admin", "Team admin", kOfProject, kTeamAdminWrites, kTeamAdminReads,
                  kJobsAndRuns},
    PermissionSet{"webhooks_only", "Webhooks only", kOfProject, kWebhookWrites, kNothing, {}},
};

constexpr std::array<std::string_view, kAreas> kNames = {"account settings",
                                                         "audit logs",
                                                         "auth provider",
                                                         "billing",
                                                         "connections",
                                                         "cost insights",
                                                         "groups",
                                                         "invitations",
                                                         "IP restrictions",
                                                         "licenses",
                                                         "marketplace apps",
                                                         "members",
                                                         "creating projects",
                                                         "public models",
                                                         "SCIM",
                                                         "service tokens",
                                                         "webhooks",
                                                         "environment credentials",
                                                         "data platform configurations",
                                                         "development",
                                                         "environments",
                                                         "jobs",
                                                         "metadata",
                                                         "notifications",
                                                         "permissions",
                                                         "projects",
                                                         "repositories",
                                                         "runs",
                                                         "semantic layer",
                                                         "environment variables"};

constexpr std::array<std::string_view, 5> kCategories = {"all", "development", "staging",
                                                         "production", "other"};

bool has(std::span<const Area> areas, Area area) {
    return std::ranges::find(areas, area) != areas.end();
}

}  // namespace

std::string_view name_of(Area area) {
    return kNames[static_cast<std::size_t>(area)];
}

bool is_of_project(Area area) {
    return area >= Area::credentials;
}

Access PermissionSet::access(Area area) const {
    if (has(writes, area) || has(by_environment, area)) return Access::write;
    return has(reads, area) ? Access::read : Access::none;
}

bool PermissionSet::depends_on_environment(Area area) const {
    return has(by_environment, area);
}

std::span<const PermissionSet> permission_sets() {
    return kSets;
}

const PermissionSet* find_permission_set(std::string_view name) {
    auto found = std::ranges::find(kSets, name, &PermissionSet::name);
    return found == kSets.end() ? nullptr : &*found;
}

std::span<const std::string_view> environment_categories() {
    return kCategories;
}

}  // namespace mw::api
