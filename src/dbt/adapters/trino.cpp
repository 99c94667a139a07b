#include <array>

#include "dbt/adapters/tables.hpp"

namespace mw::dbt {
namespace {

using enum FieldType;

constexpr auto kFields = std::to_array<AdapterField>({
    {.key = "method"},
    {.key = "host", .required = true},
    {.key = "port", .type = integer, .required = true, .fallback = "443"},
    {.key = "database", .names = "database catalog", .required = true},
    {.key = "user", .names = "user username"},
    {.key = "password", .secret = true},
    {.key = "jwt_token", .secret = true},
    {.key = "client_certificate"},
    {.key = "client_private_key"},
    {.key = "keytab"},
    {.key = "principal"},
    {.key = "krb5_config"},
    {.key = "service_name"},
    {.key = "impersonation_user"},
    {.key = "http_scheme"},
    {.key = "http_headers", .type = object, .secret = true},
    {.key = "session_properties", .type = object},
    {.key = "roles", .type = object},
    {.key = "cert"},
    {.key = "prepared_statements_enabled", .type = boolean},
    {.key = "retries", .type = integer},
    {.key = "timezone"},
});

// The certificate and its key are paths of files. The ways through a browser are none for a run.
constexpr auto kSignIns = std::to_array<SignIn>({
    {.names = "ldap", .sets = "method=ldap", .needs = "user password", .may = "impersonation_user"},
    {.names = "jwt", .sets = "method=jwt", .needs = "jwt_token", .may = "user"},
    {.names = "certificate",
     .sets = "method=certificate",
     .needs = "client_certificate client_private_key",
     .may = "user"},
    {.names = "kerberos",
     .sets = "method=kerberos",
     .needs = "user keytab krb5_config principal",
     .may = "service_name"},
    {.names = "none", .sets = "method=none", .needs = "user", .may = "http_scheme"},
});

}  // namespace

const Adapter kTrino{.name = "trino",
                     .type = "trino",
                     .fields = kFields,
                     .sign_in_field = "method",
                     .sign_ins = kSignIns};

}  // namespace mw::dbt
