#include <array>

#include "dbt/adapters/tables.hpp"

namespace mw::dbt {
namespace {

using enum FieldType;

constexpr auto kFields = std::to_array<AdapterField>({
    {.key = "host", .names = "hostname", .required = true},
    {.key = "port", .type = integer, .required = true, .fallback = "5439"},
    {.key = "dbname", .names = "dbname database", .required = true},
    {.key = "user", .names = "username"},
    {.key = "password", .names = "password pass", .secret = true},
    {.key = "method"},
    {.key = "cluster_id"},
    {.key = "iam_profile"},
    {.key = "access_key_id"},
    {.key = "secret_access_key", .secret = true},
    {.key = "token_endpoint", .type = object, .secret = true},
    {.key = "region"},
    {.key = "role"},
    {.key = "sslmode"},
    {.key = "autocreate", .type = boolean},
    {.key = "db_groups", .type = list},
    {.key = "ra3_node", .type = boolean},
    {.key = "autocommit", .type = boolean},
    {.key = "connect_timeout", .type = integer},
    {.key = "retries", .type = integer},
    {.key = "is_serverless", .type = boolean},
    {.key = "serverless_work_group"},
    {.key = "serverless_acct_id"},
});

// A cluster's user signs in by its name or, with IAM, gets a password of AWS. The browser's way is
// none for a run.
constexpr auto kSignIns = std::to_array<SignIn>({
    {.names = "password database", .sets = "method=database", .needs = "user password"},
    {.names = "iam",
     .sets = "method=iam",
     .needs = "user",
     .may = "access_key_id secret_access_key iam_profile cluster_id"},
    {.names = "iam_role", .sets = "method=iam_role", .may = "iam_profile cluster_id"},
    {.names = "external_oauth oauth_token_identity_center",
     .sets = "method=oauth_token_identity_center",
     .needs = "token_endpoint"},
});

}  // namespace

const Adapter kRedshift{.name = "redshift",
                        .type = "redshift",
                        .fields = kFields,
                        .sign_in_field = "auth_type",
                        .sign_ins = kSignIns};

}  // namespace mw::dbt
