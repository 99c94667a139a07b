#include "features/ssh_host_keys/host_key_store.hpp"

#include "features/audit/audit_store.hpp"
#include "infra/crypto/ssh_fingerprint.hpp"

namespace mw::ssh_host_keys {
namespace {

const pg::Query kFind{"ssh_host_keys.find_pinned", R"(
SELECT hostname, port, key_type, public_key FROM ssh_host_keys
WHERE account_id = $1 AND state = 1 ORDER BY hostname, port)"};

const pg::Query kInsert{"ssh_host_keys.insert", R"(
INSERT INTO ssh_host_keys (account_id, hostname, port, key_type, public_key)
VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (account_id, hostname, port) WHERE state = 1 DO NOTHING RETURNING id)"};

}  // namespace

boost::asio::awaitable<result<std::vector<SeenKey>>> find_pinned(pg::Connection& connection,
                                                                 Id account_id) {
    MW_CO_TRY(auto rows, co_await connection.run(kFind, account_id));
    co_return rows.all<SeenKey>();
}

boost::asio::awaitable<result<>> pin(pg::Connection& tx, Id account_id, std::string actor,
                                     std::vector<SeenKey> keys) {
    for (const auto& key : keys) {
        MW_CO_TRY(auto rows, co_await tx.run(kInsert, account_id, key.hostname, key.port,
                                             key.key_type, key.public_key));
        if (rows.empty()) continue;
        MW_CO_CHECK(co_await audit::record_system(
            tx, account_id, actor,
            {.event = "ssh_host_key.created",
             .subject_type = "ssh_host_key",
             .subject_id = rows.get<Id>(0, "id"),
             .data = {{"hostname", key.hostname},
                      {"port", key.port},
                      {"fingerprint", crypto::ssh_fingerprint(key.public_key)}}}));
    }
    co_return result<>{};
}

}  // namespace mw::ssh_host_keys
