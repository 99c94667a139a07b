#include <array>

#include "dbt/adapters/tables.hpp"

namespace mw::dbt {
namespace {

using enum FieldType;

constexpr auto kFields = std::to_array<AdapterField>({
    {.key = "host", .names = "hostname", .required = true},
    {.key = "port", .type = integer, .required = true, .fallback = "5432"},
    {.key = "dbname", .names = "dbname database", .required = true},
    {.key = "user", .names = "username", .required = true},
    {.key = "password", .names = "password pass", .required = true, .secret = true},
    {.key = "role"},
    {.key = "search_path"},
    {.key = "sslmode"},
    {.key = "sslcert"},
    {.key = "sslkey"},
    {.key = "sslrootcert"},
    {.key = "connect_timeout", .type = integer},
    {.key = "keepalives_idle", .type = integer},
    {.key = "retries", .type = integer},
});

}  // namespace

const Adapter kPostgres{.name = "postgres", .type = "postgres", .fields = kFields};

}  // namespace mw::dbt
