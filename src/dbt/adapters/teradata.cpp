#include <array>

#include "dbt/adapters/tables.hpp"

namespace mw::dbt {
namespace {

using enum FieldType;

// The adapter wants the port as text.
constexpr auto kFields = std::to_array<AdapterField>({
    {.key = "host", .names = "host server", .required = true},
    {.key = "port"},
    {.key = "tmode", .fallback = "ANSI"},
    {.key = "logmech"},
    {.key = "logdata", .secret = true},
    {.key = "user", .names = "user username UID", .required = true},
    {.key = "password", .names = "password PWD", .required = true, .secret = true},
    {.key = "charset"},
    {.key = "sslmode"},
    {.key = "retries", .type = integer},
    {.key = "retry_timeout", .type = integer},
    {.key = "connect_timeout", .type = integer},
    {.key = "request_timeout", .type = integer},
});

}  // namespace

const Adapter kTeradata{.name = "teradata", .type = "teradata", .fields = kFields};

}  // namespace mw::dbt
