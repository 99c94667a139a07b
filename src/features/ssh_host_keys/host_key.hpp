// An SSH host key that an account's runs have seen, as stored, and
// /api/v3/accounts/{account_id}/ssh-host-keys/.
#pragma once

#include <boost/describe.hpp>
#include <string>

#include "api/api.hpp"
#include "base/ids.hpp"
#include "base/time.hpp"
#include "infra/pg/pool.hpp"

namespace mw::ssh_host_keys {

struct HostKey {
    Id id = 0;
    Id account_id = 0;
    std::string hostname;
    int port = 22;
    std::string key_type;    // "ssh-ed25519"
    std::string public_key;  // base64
    int state = 1;
    Timestamp created_at;
    Timestamp updated_at;
};
BOOST_DESCRIBE_STRUCT(HostKey, (),
                      (id, account_id, hostname, port, key_type, public_key, state, created_at,
                       updated_at))

void add_host_key_endpoints(api::Api& api, pg::Pool& pool);

}  // namespace mw::ssh_host_keys
