#include <array>

#include "dbt/adapters/tables.hpp"

namespace mw::dbt {
namespace {

using enum FieldType;

// Of a service account the API has the parts, and the profile the JSON file that Google gives out.
// `client_id` and `token_uri` are names of both: in the API the service account's, in a profile
// the OAuth client's.
constexpr auto kFields = std::to_array<AdapterField>({
    {.key = "project",
     .names = "gcp_project_id project_id project database",
     .part = Part::connection,
     .required = true},
    {.key = "method"},
    {.key = "keyfile_json", .type = object, .secret = true},
    {.key = "keyfile_json.type", .fallback = "service_account"},
    {.key = "keyfile_json.private_key_id", .names = "private_key_id"},
    {.key = "keyfile_json.private_key", .names = "private_key", .secret = true},
    {.key = "keyfile_json.client_email", .names = "client_email"},
    {.key = "keyfile_json.client_id", .names = "client_id"},
    {.key = "keyfile_json.auth_uri", .names = "auth_uri"},
    {.key = "keyfile_json.token_uri",
     .names = "token_uri",
     .fallback = "https://oauth2.googleapis.com/token"},
    {.key = "keyfile_json.auth_provider_x509_cert_url", .names = "auth_provider_x509_cert_url"},
    {.key = "keyfile_json.client_x509_cert_url", .names = "client_x509_cert_url"},
    {.key = "token", .secret = true},
    {.key = "refresh_token", .names = "refresh_token _refresh_token", .secret = true},
    {.key = "client_id", .names = "application_id", .secret = true},
    {.key = "client_secret", .names = "application_secret client_secret", .secret = true},
    {.key = "token_uri", .fallback = "https://oauth2.googleapis.com/token"},
    {.key = "workload_pool_provider_path"},
    {.key = "service_account_impersonation_url"},
    {.key = "token_endpoint", .type = object, .secret = true},
    {.key = "execution_project"},
    {.key = "quota_project"},
    {.key = "location"},
    {.key = "priority"},
    {.key = "api_endpoint"},
    {.key = "maximum_bytes_billed", .type = integer},
    {.key = "impersonate_service_account"},
    {.key = "job_retries", .names = "retries", .type = integer},
    {.key = "job_retry_deadline_seconds", .type = integer},
    {.key = "job_creation_timeout_seconds", .type = integer},
    {.key = "job_execution_timeout_seconds",
     .names = "job_execution_timeout_seconds timeout_seconds",
     .type = integer},
    {.key = "scopes", .type = list},
    {.key = "gcs_bucket"},
    {.key = "dataproc_region", .names = "dataproc_region compute_region"},
    {.key = "dataproc_cluster_name"},
});

// `oauth` is what the machine itself is signed in as (application default credentials).
constexpr auto kSignIns = std::to_array<SignIn>({
    {.names = "service-account-json",
     .sets = "method=service-account-json",
     .needs = "keyfile_json.private_key keyfile_json.client_email",
     .may = "keyfile_json keyfile_json.type keyfile_json.private_key_id "
            "keyfile_json.client_id keyfile_json.auth_uri keyfile_json.token_uri "
            "keyfile_json.auth_provider_x509_cert_url keyfile_json.client_x509_cert_url"},
    {.names = "oauth-secrets",
     .sets = "method=oauth-secrets",
     .needs = "refresh_token client_id client_secret",
     .may = "token token_uri"},
    {.names = "external-oauth-wif",
     .sets = "method=external-oauth-wif",
     .needs = "workload_pool_provider_path token_endpoint",
     .may = "service_account_impersonation_url"},
    {.names = "oauth", .sets = "method=oauth"},
});

// As in the file that Google gives out.
void name_the_project(boost::json::object& output) {
    auto project = output.at("project");
    auto* file = output.if_contains("keyfile_json");
    if (file && file->is_object()) file->get_object().emplace("project_id", std::move(project));
}

}  // namespace

const Adapter kBigquery{.name = "bigquery",
                        .type = "bigquery",
                        .fields = kFields,
                        .sign_in_field = "deployment_env_auth_type",
                        .sign_ins = kSignIns,
                        .finish = name_the_project};

}  // namespace mw::dbt
