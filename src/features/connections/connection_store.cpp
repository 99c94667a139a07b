#include "features/connections/connection_store.hpp"

#include "infra/crypto/sealed_json.hpp"

namespace mw::connections {
namespace {

const pg::Query kFind{"connections.find", R"(
SELECT id, account_id, name, adapter_version, config, sealed_config, is_ssh_tunnel_enabled,
       private_link_endpoint_id, oauth_configuration_id, state, created_at, updated_at
FROM connections WHERE account_id = $1 AND id = $2 AND state = 1)"};

const pg::Query kInsert{"connections.insert", R"(
INSERT INTO connections (account_id, name, adapter_version, config)
VALUES ($1, $2, $3, $4::jsonb) RETURNING id)"};

const pg::Query kSetSealed{"connections.set_sealed",
                           "UPDATE connections SET sealed_config = $2::bytea WHERE id = $1"};

const pg::Query kUses{"connections.uses", R"(
SELECT 'environment ' || e.name AS name FROM environments e
JOIN projects p ON p.id = e.project_id AND p.state = 1
WHERE e.account_id = $1 AND e.connection_id = $2 AND e.state = 1
UNION ALL
SELECT 'profile ' || key FROM profiles
WHERE account_id = $1 AND connection_id = $2 AND state = 1)"};

const pg::Query kOfProject{"connections.of_project", R"(
SELECT id, account_id, name, adapter_version, config, sealed_config, is_ssh_tunnel_enabled,
       private_link_endpoint_id, oauth_configuration_id, state, created_at, updated_at
FROM connections c WHERE c.account_id = $1 AND c.state = 1
  AND (EXISTS (SELECT 1 FROM projects p WHERE p.id = $2 AND p.connection_id = c.id)
    OR EXISTS (SELECT 1 FROM environments e
               WHERE e.project_id = $2 AND e.connection_id = c.id AND e.state = 1))
ORDER BY c.id)"};

const pg::Query kAdopt{"connections.adopt", R"(
UPDATE projects SET connection_id = $3, updated_at = now()
WHERE account_id = $1 AND id = $2 AND connection_id IS NULL)"};

const pg::Query kCatalog{"connections.catalog", R"(
SELECT filters FROM connection_catalog_configs WHERE connection_id = $1)"};

const pg::Query kSetCatalog{"connections.set_catalog", R"(
INSERT INTO connection_catalog_configs (connection_id, filters) VALUES ($1, $2::jsonb)
ON CONFLICT (connection_id) DO UPDATE SET filters = excluded.filters, updated_at = now())"};

}  // namespace

boost::asio::awaitable<result<boost::json::object>> catalog_filters(pg::Connection& connection,
                                                                    Id id) {
    MW_CO_TRY(auto rows, co_await connection.run(kCatalog, id));
    if (rows.empty()) co_return boost::json::object{};
    co_return rows.get<boost::json::object>(0, "filters");
}

boost::asio::awaitable<result<>> set_catalog_filters(pg::Connection& tx, Id id,
                                                     boost::json::object filters) {
    MW_CO_CHECK(co_await tx.run(kSetCatalog, id, filters));
    co_return result<>{};
}

boost::asio::awaitable<result<>> set_sealed(pg::Connection& connection, Id id, pg::Bytes sealed) {
    MW_CO_CHECK(co_await connection.run(kSetSealed, id, sealed));
    co_return result<>{};
}

boost::asio::awaitable<result<std::vector<std::string>>> find_uses(pg::Connection& connection,
                                                                   Id account_id, Id id) {
    MW_CO_TRY(auto rows, co_await connection.run(kUses, account_id, id));
    co_return rows.column<std::string>("name");
}

boost::asio::awaitable<result<std::vector<Connection>>> connections_of_project(
    pg::Connection& connection, Id account_id, Id project_id) {
    MW_CO_TRY(auto rows, co_await connection.run(kOfProject, account_id, project_id));
    co_return rows.all<Connection>();
}

boost::asio::awaitable<result<>> adopt(pg::Connection& tx, Id account_id, Id project_id, Id id) {
    MW_CO_CHECK(co_await tx.run(kAdopt, account_id, project_id, id));
    co_return result<>{};
}

std::string sealing_context(Id id) {
    return "connections:" + std::to_string(id);
}

boost::asio::awaitable<result<std::optional<Connection>>> find_connection(pg::Pool& pool,
                                                                          Id account_id, Id id) {
    MW_CO_TRY(auto rows, co_await pool.run(kFind, account_id, id));
    co_return rows.first<Connection>();
}

boost::asio::awaitable<result<std::optional<Connection>>> find_connection(
    pg::Connection& connection, Id account_id, Id id) {
    MW_CO_TRY(auto rows, co_await connection.run(kFind, account_id, id));
    co_return rows.first<Connection>();
}

boost::asio::awaitable<result<Id>> insert_connection(pg::Connection& connection,
                                                     const crypto::Sealer& sealer,
                                                     NewConnection values) {
    MW_CO_TRY(auto rows, co_await connection.run(kInsert, values.account_id, values.name,
                                                 values.adapter_version, values.config));
    auto id = rows.get<Id>(0, "id");
    if (!values.secret_config.empty()) {
        MW_CO_CHECK(co_await set_sealed(
            connection, id,
            pg::Bytes{crypto::seal_json(sealer, values.secret_config, sealing_context(id))}));
    }
    co_return id;
}

}  // namespace mw::connections
