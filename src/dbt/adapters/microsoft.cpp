#include <fmt/format.h>

#include <array>
#include <string>

#include "dbt/adapters/tables.hpp"

namespace mw::dbt {
namespace {

using enum FieldType;

constexpr std::int64_t kUsualPort = 1433;

// What Fabric has in `server`, Synapse has in `host`.
constexpr auto kFields = std::to_array<AdapterField>({
    {.key = "driver", .fallback = "ODBC Driver 18 for SQL Server"},
    {.key = "host", .names = "server", .required = true},
    {.key = "port", .type = integer},
    {.key = "database", .required = true},
    {.key = "authentication", .names = "authentication auth"},
    {.key = "user", .names = "user username UID"},
    {.key = "password", .names = "password pass PWD", .secret = true},
    {.key = "tenant_id"},
    {.key = "client_id", .names = "client_id app_id"},
    {.key = "client_secret", .names = "client_secret app_secret", .secret = true},
    {.key = "access_token", .secret = true},
    {.key = "schema_authorization", .names = "schema_authorization schema_auth"},
    {.key = "encrypt", .type = boolean},
    {.key = "trust_cert", .names = "trust_cert TrustServerCertificate", .type = boolean},
    {.key = "retries", .type = integer},
    {.key = "login_timeout", .type = integer},
    {.key = "query_timeout", .type = integer},
});

constexpr SignIn kServicePrincipal{.names = "ServicePrincipal ActiveDirectoryServicePrincipal",
                                   .sets = "authentication=ActiveDirectoryServicePrincipal",
                                   .needs = "tenant_id client_id client_secret"};
constexpr SignIn kEntraPassword{.names = "ActiveDirectoryPassword",
                                .sets = "authentication=ActiveDirectoryPassword",
                                .needs = "user password"};
constexpr SignIn kSqlPassword{
    .names = "sql SQL", .sets = "authentication=sql", .needs = "user password"};
// What the machine is signed in as.
constexpr SignIn kMachine{.names = "environment ActiveDirectoryMsi msi",
                          .sets = "authentication=environment"};

// Fabric knows no accounts of its own, only Microsoft Entra's.
constexpr auto kFabricSignIns =
    std::to_array<SignIn>({kServicePrincipal, kEntraPassword, kMachine});
constexpr auto kSynapseSignIns =
    std::to_array<SignIn>({kServicePrincipal, kSqlPassword, kEntraPassword, kMachine});

// The adapters have no field for the port; ODBC takes it behind the host's name.
void port_into_host(boost::json::object& output) {
    const auto* port = output.if_contains("port");
    if (!port) return;
    if (auto& host = output.at("host"); host.is_string() && port->is_int64()) {
        std::string_view name = host.get_string();
        if (port->get_int64() != kUsualPort && !name.contains(','))
            host = fmt::format("{},{}", name, port->get_int64());
    }
    output.erase("port");
}

}  // namespace

const Adapter kFabric{.name = "fabric",
                      .type = "fabric",
                      .fields = kFields,
                      .sign_in_field = "authentication",
                      .sign_ins = kFabricSignIns,
                      .finish = port_into_host};

const Adapter kSynapse{.name = "synapse",
                       .type = "synapse",
                       .fields = kFields,
                       .sign_in_field = "authentication",
                       .sign_ins = kSynapseSignIns,
                       .finish = port_into_host};

}  // namespace mw::dbt
