#include "features/connections/encryption_store.hpp"

namespace mw::connections {
namespace {

const pg::Query kSetKey{"encryptions.set_key", R"(
UPDATE encryptions SET public_key = $2, sealed_private_key = $3::bytea WHERE id = $1)"};

const pg::Query kFind{"encryptions.find_tunnel", R"(
SELECT id, account_id, connection_id, username, hostname, port, public_key, sealed_private_key,
       state, created_at, updated_at
FROM encryptions WHERE account_id = $1 AND connection_id = $2 AND state = 1
ORDER BY id DESC LIMIT 1)"};

}  // namespace

boost::asio::awaitable<result<>> set_tunnel_key(pg::Connection& tx, const Encryption& tunnel) {
    MW_CO_CHECK(co_await tx.run(kSetKey, tunnel.id, tunnel.public_key, tunnel.sealed_private_key));
    co_return result<>{};
}

boost::asio::awaitable<result<std::optional<Encryption>>> find_tunnel(pg::Pool& pool, Id account_id,
                                                                      Id connection_id) {
    MW_CO_TRY(auto rows, co_await pool.run(kFind, account_id, connection_id));
    co_return rows.first<Encryption>();
}

}  // namespace mw::connections
