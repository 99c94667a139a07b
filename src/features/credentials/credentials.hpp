// Credentials of a project, as stored.
#pragma once

#include <boost/describe.hpp>
#include <boost/json/object.hpp>
#include <optional>
#include <string>

#include "base/ids.hpp"
#include "base/time.hpp"
#include "infra/pg/value.hpp"

namespace mw::credentials {

struct Credentials {
    Id id = 0;
    Id account_id = 0;
    Id project_id = 0;
    std::string type;
    std::string adapter_version;  // "databricks_v0"; empty for those made before it was asked
    std::string schema;
    std::string target_name = "default";
    int threads = 4;
    boost::json::object fields;  // nothing secret
    std::optional<pg::Bytes> sealed_fields;

    // "databricks", or what the type says.
    std::string adapter() const {
        return adapter_version.empty() ? type
                                       : adapter_version.substr(0, adapter_version.rfind('_'));
    }
    int state = 1;
    Timestamp created_at;
    Timestamp updated_at;
};
BOOST_DESCRIBE_STRUCT(Credentials, (),
                      (id, account_id, project_id, type, adapter_version, schema, target_name,
                       threads, fields, sealed_fields, state, created_at, updated_at))

struct NewCredentials {
    Id account_id = 0;
    Id project_id = 0;
    std::string type;
    std::string schema;
    int threads = 4;
    boost::json::object fields;
    boost::json::object secret_fields;  // sealed before they are stored
};

// The object of the contract: of the four old types flat, else with credential_details. Shows no
// secret.
boost::json::object credentials_json(const Credentials& credentials);

}  // namespace mw::credentials
