// /api/v2/accounts/{account_id}/encryptions/: the key pair with which a connection goes through an
// SSH tunnel. The private key never leaves; the public one is for the tunnel's host.
#pragma once

#include <boost/describe.hpp>
#include <optional>
#include <string>

#include "api/api.hpp"
#include "base/ids.hpp"
#include "base/time.hpp"
#include "infra/crypto/sealed.hpp"
#include "infra/pg/pool.hpp"

namespace mw::connections {

struct Encryption {
    Id id = 0;
    Id account_id = 0;
    Id connection_id = 0;
    std::string username;
    std::string hostname;
    int port = 22;
    std::string public_key;
    std::optional<pg::Bytes> sealed_private_key;
    int state = 1;
    Timestamp created_at;
    Timestamp updated_at;
};
BOOST_DESCRIBE_STRUCT(Encryption, (),
                      (id, account_id, connection_id, username, hostname, port, public_key,
                       sealed_private_key, state, created_at, updated_at))

// Under what name the private key is sealed.
std::string tunnel_sealing_context(Id id);

void add_encryption_endpoints(api::Api& api, pg::Pool& pool, const crypto::Sealer& sealer);

}  // namespace mw::connections
