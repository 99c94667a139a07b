#include <array>

#include "dbt/adapters/tables.hpp"

namespace mw::dbt {
namespace {

using enum FieldType;

constexpr auto kApacheFields = std::to_array<AdapterField>({
    {.key = "method"},
    {.key = "host", .required = true},
    {.key = "port", .type = integer, .required = true, .fallback = "443"},
    {.key = "cluster"},
    {.key = "organization"},
    {.key = "token", .secret = true},
    {.key = "user"},
    {.key = "password", .secret = true},
    {.key = "auth"},
    {.key = "kerberos_service_name"},
    {.key = "use_ssl", .type = boolean},
    {.key = "connect_timeout", .type = integer},
    {.key = "connect_retries", .type = integer},
    {.key = "server_side_parameters", .type = object},
});

constexpr auto kApacheSignIns = std::to_array<SignIn>({
    {.names = "http", .sets = "method=http", .needs = "cluster token", .may = "organization user"},
    {.names = "thrift",
     .sets = "method=thrift",
     .may = "user password auth kerberos_service_name use_ssl"},
});

constexpr auto kDatabricksFields = std::to_array<AdapterField>({
    {.key = "method"},
    {.key = "host", .required = true},
    {.key = "port", .type = integer, .required = true, .fallback = "443"},
    {.key = "token", .required = true, .secret = true},
    {.key = "cluster"},
    {.key = "endpoint"},
    {.key = "organization"},
    {.key = "user"},
    {.key = "driver", .fallback = "/opt/simba/spark/lib/64/libsparkodbc_sb64.so"},
    {.key = "connect_timeout", .type = integer},
    {.key = "connect_retries", .type = integer},
    {.key = "server_side_parameters", .type = object},
});

// An ODBC connection goes to a cluster or to an SQL endpoint: dbt wants the one or the other.
constexpr auto kDatabricksSignIns = std::to_array<SignIn>({
    {.names = "odbc", .sets = "method=odbc", .may = "driver endpoint"},
    {.names = "http", .sets = "method=http", .needs = "cluster"},
});

}  // namespace

const Adapter kApacheSpark{.name = "apache_spark",
                           .type = "spark",
                           .fields = kApacheFields,
                           .sign_in_field = "method",
                           .sign_ins = kApacheSignIns};

const Adapter kDatabricksSpark{.name = "databricks_spark",
                               .type = "spark",
                               .fields = kDatabricksFields,
                               .sign_in_field = "method",
                               .sign_ins = kDatabricksSignIns};

}  // namespace mw::dbt
