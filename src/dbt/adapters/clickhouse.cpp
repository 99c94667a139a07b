#include <array>

#include "dbt/adapters/tables.hpp"

namespace mw::dbt {
namespace {

using enum FieldType;

// `database` is not among them: the adapter wants it to be the schema, or left out.
constexpr auto kFields = std::to_array<AdapterField>({
    {.key = "host", .names = "host hostname", .required = true},
    {.key = "port", .type = integer},
    {.key = "user", .names = "user username", .required = true},
    {.key = "password", .secret = true},
    {.key = "driver"},
    {.key = "secure", .type = boolean},
    {.key = "verify", .type = boolean},
    {.key = "cluster"},
    {.key = "cluster_mode", .type = boolean},
    {.key = "client_cert"},
    {.key = "client_cert_key"},
    {.key = "database_engine"},
    {.key = "custom_settings", .type = object},
    {.key = "use_lw_deletes", .type = boolean},
    {.key = "connect_timeout", .type = integer},
    {.key = "send_receive_timeout", .type = integer},
    {.key = "retries", .type = integer},
});

}  // namespace

const Adapter kClickhouse{.name = "clickhouse", .type = "clickhouse", .fields = kFields};

}  // namespace mw::dbt
