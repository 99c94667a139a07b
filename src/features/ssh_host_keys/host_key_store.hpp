// Host keys between the table and the workers.
#pragma once

#include <boost/describe.hpp>
#include <string>
#include <vector>

#include "base/ids.hpp"
#include "infra/pg/connection.hpp"

namespace mw::ssh_host_keys {

struct SeenKey {
    std::string hostname;
    int port = 22;
    std::string key_type;
    std::string public_key;  // base64
};
BOOST_DESCRIBE_STRUCT(SeenKey, (), (hostname, port, key_type, public_key))

boost::asio::awaitable<result<std::vector<SeenKey>>> find_pinned(pg::Connection& connection,
                                                                 Id account_id);

// Kept, unless there is one for that host and port; with an entry in the audit log that names
// `actor`.
boost::asio::awaitable<result<>> pin(pg::Connection& tx, Id account_id, std::string actor,
                                     std::vector<SeenKey> keys);

}  // namespace mw::ssh_host_keys
