#include "features/connections/connection_store.hpp"

#include <boost/json/serialize.hpp>

namespace mw::connections {
namespace {

const pg::Query kFind{"connections.find", R"(
SELECT id, account_id, name, adapter_version, config, sealed_config, state, created_at, updated_at
FROM connections WHERE account_id = $1 AND id = $2 AND state = 1)"};

const pg::Query kInsert{"connections.insert", R"(
INSERT INTO connections (account_id, name, adapter_version, config)
VALUES ($1, $2, $3, $4::jsonb) RETURNING id)"};

const pg::Query kSetSealed{"connections.set_sealed",
                           "UPDATE connections SET sealed_config = $2::bytea WHERE id = $1"};

}  // namespace

std::string sealing_context(Id id) {
    return "connections:" + std::to_string(id);
}

boost::asio::awaitable<result<std::optional<Connection>>> find_connection(pg::Pool& pool,
                                                                          Id account_id, Id id) {
    MW_CO_TRY(auto rows, co_await pool.run(kFind, account_id, id));
    co_return rows.first<Connection>();
}

boost::asio::awaitable<result<Id>> insert_connection(pg::Connection& connection,
                                                     const crypto::Sealer& sealer,
                                                     NewConnection values) {
    MW_CO_TRY(auto rows, co_await connection.run(kInsert, values.account_id, values.name,
                                                 values.adapter_version, values.config));
    auto id = rows.get<Id>(0, "id");
    if (!values.secret_config.empty()) {
        Secret plain(boost::json::serialize(values.secret_config));
        MW_CO_CHECK(co_await connection.run(kSetSealed, id,
                                            pg::Bytes{sealer.seal(plain, sealing_context(id))}));
    }
    co_return id;
}

}  // namespace mw::connections
