#include <array>

#include "dbt/adapters/tables.hpp"

namespace mw::dbt {
namespace {

using enum FieldType;

constexpr auto kFields = std::to_array<AdapterField>({
    {.key = "account", .part = Part::connection, .required = true},
    {.key = "database", .required = true},
    {.key = "warehouse", .required = true},
    {.key = "role"},
    {.key = "user", .names = "user username", .part = Part::credentials},
    {.key = "password", .part = Part::credentials, .secret = true},
    {.key = "authenticator"},
    {.key = "private_key", .part = Part::credentials, .secret = true},
    {.key = "private_key_path", .part = Part::credentials},
    {.key = "private_key_passphrase", .part = Part::credentials, .secret = true},
    {.key = "token", .names = "token _refresh_token", .part = Part::credentials, .secret = true},
    {.key = "oauth_client_id", .part = Part::connection, .secret = true},
    {.key = "oauth_client_secret", .part = Part::connection, .secret = true},
    {.key = "client_session_keep_alive", .type = boolean},
    {.key = "query_tag"},
    {.key = "connect_retries", .type = integer},
    {.key = "connect_timeout", .type = integer},
    {.key = "retry_on_database_errors", .type = boolean},
    {.key = "retry_all", .type = boolean},
    {.key = "reuse_connections", .type = boolean},
});

// With an OAuth client the token is a refresh token, without one an access token.
constexpr auto kSignIns = std::to_array<SignIn>({
    {.names = "password", .needs = "user password"},
    {.names = "keypair",
     .needs = "user private_key|private_key_path",
     .may = "private_key_passphrase"},
    {.names = "sso external_oauth oauth",
     .sets = "authenticator=oauth",
     .needs = "token",
     .may = "user oauth_client_id oauth_client_secret"},
    {.names = "programmatic_access_token",
     .sets = "authenticator=programmatic_access_token",
     .needs = "user token"},
});

}  // namespace

const Adapter kSnowflake{.name = "snowflake",
                         .type = "snowflake",
                         .fields = kFields,
                         .sign_in_field = "auth_type",
                         .sign_ins = kSignIns};

}  // namespace mw::dbt
