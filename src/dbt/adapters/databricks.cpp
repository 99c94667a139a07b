#include <array>

#include "dbt/adapters/tables.hpp"

namespace mw::dbt {
namespace {

using enum FieldType;

constexpr auto kFields = std::to_array<AdapterField>({
    {.key = "host", .required = true},
    {.key = "http_path", .required = true},
    {.key = "catalog", .names = "catalog database"},
    {.key = "auth_type"},
    {.key = "token", .secret = true},
    {.key = "client_id", .secret = true},
    {.key = "client_secret", .secret = true},
    {.key = "azure_client_id", .secret = true},
    {.key = "azure_client_secret", .secret = true},
    {.key = "oauth_scopes", .names = "scopes", .type = list},
    {.key = "session_properties", .type = object},
    {.key = "connection_parameters", .type = object},
    {.key = "compute", .type = object},
    {.key = "connect_retries", .type = integer},
    {.key = "connect_timeout", .type = integer},
    {.key = "retry_all", .type = boolean},
});

// The connection's OAuth client is for people at first; a run uses it when it has no token.
constexpr auto kSignIns = std::to_array<SignIn>({
    {.names = "token", .needs = "token"},
    {.names = "oauth",
     .sets = "auth_type=oauth",
     .needs = "client_id client_secret",
     .may = "oauth_scopes"},
    {.names = "oauth-azure",
     .sets = "auth_type=oauth",
     .needs = "azure_client_id azure_client_secret",
     .may = "oauth_scopes"},
});

}  // namespace

const Adapter kDatabricks{.name = "databricks",
                          .type = "databricks",
                          .fields = kFields,
                          .sign_in_field = "auth_type",
                          .sign_ins = kSignIns};

}  // namespace mw::dbt
