#include "roles/app/public_endpoints.hpp"

#include "api/openapi.hpp"
#include "features/account_features/feature_api.hpp"
#include "features/accounts/account_api.hpp"
#include "features/artifacts/artifact_api.hpp"
#include "features/audit_logs/audit_log_api.hpp"
#include "features/chat/chat_api.hpp"
#include "features/compare_changes/comparison_api.hpp"
#include "features/connection_tests/connection_test_api.hpp"
#include "features/connections/connection_api.hpp"
#include "features/connections/encryption.hpp"
#include "features/credentials/credentials_api.hpp"
#include "features/credentials/user_credentials.hpp"
#include "features/discovery/discovery_api.hpp"
#include "features/docs_site/docs_site_api.hpp"
#include "features/environments/environment_api.hpp"
#include "features/git_hosts/endpoints.hpp"
#include "features/groups/group_api.hpp"
#include "features/history/history_api.hpp"
#include "features/integrations/integration_api.hpp"
#include "features/invites/invite_api.hpp"
#include "features/ip_restrictions/ip_restriction_api.hpp"
#include "features/jobs/job_api.hpp"
#include "features/license_maps/license_map.hpp"
#include "features/live/live_api.hpp"
#include "features/mail/mail_api.hpp"
#include "features/managed_repositories/managed_repository_api.hpp"
#include "features/model_notifications/model_notification_api.hpp"
#include "features/notifications/notification.hpp"
#include "features/oauth_configurations/oauth_configuration.hpp"
#include "features/passwords/password_api.hpp"
#include "features/profiles/profile_api.hpp"
#include "features/projects/project_api.hpp"
#include "features/pull_requests/pull_request_api.hpp"
#include "features/repositories/repository_api.hpp"
#include "features/runs/run_api.hpp"
#include "features/runs/run_service.hpp"
#include "features/scim/scim_api.hpp"
#include "features/second_factors/second_factor_api.hpp"
#include "features/service_tokens/token_api.hpp"
#include "features/sign_on/provider_api.hpp"
#include "features/sign_on/sign_on_api.hpp"
#include "features/ssh_host_keys/host_key.hpp"
#include "features/users/user_api.hpp"
#include "features/variables/variable_api.hpp"
#include "features/webhooks/webhook_api.hpp"

namespace mw::app {
namespace {

// Where projects' code comes from.
void add_code_endpoints(api::Api& api, const EndpointParts& parts) {
    auto& pool = parts.pool;
    repositories::add_repository_endpoints(api, pool, parts.sealer, parts.public_url);
    managed_repositories::add_managed_repository_endpoints(api, pool, parts.repositories,
                                                           parts.public_url);
    git_hosts::add_endpoints(api, pool, parts.sealer, parts.blocking, parts.git_hosts,
                             parts.public_url);
    pull_requests::add_pull_request_endpoints(api, pool);
    ssh_host_keys::add_host_key_endpoints(api, pool);
}

}  // namespace

void add_public_endpoints(api::Api& api, EndpointParts parts) {
    auto& pool = parts.pool;
    accounts::add_account_endpoints(api, pool);
    users::add_user_endpoints(api, pool);
    auto outbox =
        parts.mailer.settings() ? std::optional(mail::Outbox(parts.sealer)) : std::nullopt;
    mail::add_mail_endpoints(api, pool, parts.mailer, parts.public_url);
    chat::add_chat_endpoints(api, pool, parts.messenger);
    invites::add_invite_endpoints(api, pool, parts.blocking, parts.public_url, outbox);
    passwords::add_password_endpoints(api, pool, parts.blocking, parts.public_url, outbox);
    sign_on::add_provider_endpoints(api, pool, parts.sealer, parts.blocking, parts.public_url);
    sign_on::add_sign_on_endpoints(api, parts.executor,
                                   {.pool = pool,
                                    .sealer = parts.sealer,
                                    .blocking = parts.blocking,
                                    .public_url = parts.public_url,
                                    .networks = parts.sign_on_networks});
    second_factors::add_second_factor_endpoints(api, pool, parts.sealer, parts.blocking);
    groups::add_group_endpoints(api, pool);
    license_maps::add_license_map_endpoints(api, pool);
    scim::add_scim_user_endpoints(api, pool);
    scim::add_scim_group_endpoints(api, pool);
    scim::add_scim_schema_endpoints(api);
    scim::add_scim_config_endpoints(api, pool);
    service_tokens::add_service_token_endpoints(api, pool);
    service_tokens::add_personal_token_endpoints(api, pool);
    audit_logs::add_audit_log_endpoints(api, pool);
    ip_restrictions::add_ip_restriction_endpoints(api, pool);
    account_features::add_feature_endpoints(api, pool);
    account_features::add_absent_endpoints(api);
    notifications::add_notification_endpoints(api, pool);
    webhooks::add_webhook_endpoints(api, pool, parts.sealer, parts.webhook_addresses);
    projects::add_project_endpoints(api, pool, runs::cancel_queued_runs, parts.public_url);
    add_code_endpoints(api, parts);
    connections::add_connection_endpoints(api, pool, parts.sealer);
    connections::add_encryption_endpoints(api, pool, parts.sealer);
    oauth_configurations::add_oauth_configuration_endpoints(api, pool, parts.sealer);
    connections::add_adapter_schema_endpoint(api);
    credentials::add_credentials_endpoints(api, pool, parts.sealer);
    credentials::add_user_credentials_endpoints(api, pool);
    integrations::add_integration_endpoints(api, pool, parts.sealer);
    model_notifications::add_model_notification_endpoints(api, pool);
    profiles::add_profile_endpoints(api, pool);
    variables::add_variable_endpoints(api, pool, parts.sealer);
    variables::add_variable_bulk_endpoints(api, pool, parts.sealer);
    environments::add_environment_endpoints(api, pool);
    jobs::add_job_endpoints(
        api, pool,
        {.add_recent =
             [&views = parts.views](Id account_id, Id job_id, std::set<std::string> asked,
                                    boost::json::object& json) {
                 return views.add_recent_runs(account_id, job_id, std::move(asked), json);
             },
         .cancel_queued = runs::cancel_queued_runs});
    runs::add_run_endpoints(api, pool, parts.views);
    artifacts::add_artifact_endpoints(api, pool, parts.objects);
    compare_changes::add_comparison_endpoint(api, pool, parts.objects);
    docs_site::add_docs_site_endpoints(api, pool, parts.objects);
    discovery::add_node_search_endpoint(api, pool);
    discovery::add_discovery_endpoint(api, pool, parts.objects, parts.blocking);
    history::add_history_endpoints(api, pool);
    live::add_live_endpoints(api, pool, parts.logs, parts.hub);
    connection_tests::add_connection_test_endpoints(api, pool);
    api::add_openapi_endpoint(api);
}

}  // namespace mw::app
