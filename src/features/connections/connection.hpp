// A warehouse connection, as stored.
#pragma once

#include <boost/describe.hpp>
#include <boost/json/object.hpp>
#include <optional>
#include <string>

#include "base/ids.hpp"
#include "base/time.hpp"
#include "infra/pg/value.hpp"

namespace mw::connections {

struct Connection {
    Id id = 0;
    Id account_id = 0;
    std::string name;
    std::string adapter_version;  // "duckdb_v0", "postgres_v0"
    boost::json::object config;   // nothing secret
    std::optional<pg::Bytes> sealed_config;
    bool is_ssh_tunnel_enabled = false;
    std::optional<std::string> private_link_endpoint_id;
    std::optional<Id> oauth_configuration_id;
    int state = 1;
    Timestamp created_at;
    Timestamp updated_at;

    // "duckdb" of "duckdb_v0".
    std::string adapter() const { return adapter_version.substr(0, adapter_version.rfind('_')); }
};
BOOST_DESCRIBE_STRUCT(Connection, (),
                      (id, account_id, name, adapter_version, config, sealed_config,
                       is_ssh_tunnel_enabled, private_link_endpoint_id, oauth_configuration_id,
                       state, created_at, updated_at))

struct NewConnection {
    Id account_id = 0;
    std::string name;
    std::string adapter_version;
    boost::json::object config;
    boost::json::object secret_config;  // sealed before it is stored
};

// A connection as the account's own list has it.
boost::json::object connection_detail_json(const Connection& connection);

// The object that projects and environments show as `connection`; holds nothing secret.
boost::json::object connection_json(const Connection& connection);

}  // namespace mw::connections
