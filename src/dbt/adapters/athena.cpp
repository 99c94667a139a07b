#include <array>

#include "dbt/adapters/tables.hpp"

namespace mw::dbt {
namespace {

using enum FieldType;

constexpr auto kFields = std::to_array<AdapterField>({
    {.key = "region_name", .required = true},
    {.key = "database", .names = "database catalog", .required = true},
    {.key = "s3_staging_dir", .required = true},
    {.key = "s3_data_dir"},
    {.key = "s3_data_naming"},
    {.key = "s3_tmp_table_dir"},
    {.key = "work_group"},
    {.key = "spark_work_group"},
    {.key = "endpoint_url"},
    {.key = "aws_profile_name"},
    {.key = "aws_access_key_id"},
    {.key = "aws_secret_access_key", .secret = true},
    {.key = "aws_session_token", .secret = true},
    {.key = "assume_role_arn"},
    {.key = "assume_role_external_id"},
    {.key = "poll_interval", .type = number},
    {.key = "num_retries", .type = integer},
    {.key = "num_boto3_retries", .type = integer},
    {.key = "num_iceberg_retries", .type = integer},
});

// Without keys the adapter signs in as the machine: an instance's role, say.
constexpr auto kSignIns = std::to_array<SignIn>({
    {.names = "keys",
     .needs = "aws_access_key_id aws_secret_access_key",
     .may = "aws_session_token assume_role_arn assume_role_external_id"},
    {.names = "machine", .may = "aws_profile_name assume_role_arn assume_role_external_id"},
});

}  // namespace

const Adapter kAthena{.name = "athena", .type = "athena", .fields = kFields, .sign_ins = kSignIns};

}  // namespace mw::dbt
