// Another system that an account or a project works with, as stored.
#pragma once

#include <boost/describe.hpp>
#include <boost/json/object.hpp>
#include <optional>
#include <string>

#include "base/ids.hpp"
#include "base/time.hpp"
#include "infra/pg/value.hpp"

namespace mw::integrations {

struct Integration {
    Id id = 0;
    Id account_id = 0;
    std::optional<Id> project_id;
    std::string kind;
    std::string name;
    std::optional<std::string> adapter_version;
    std::optional<Id> environment_id;
    std::optional<Id> connection_id;
    boost::json::object config;  // nothing secret
    std::optional<pg::Bytes> sealed_config;
    int state = 1;
    Timestamp created_at;
    Timestamp updated_at;
};
BOOST_DESCRIBE_STRUCT(Integration, (),
                      (id, account_id, project_id, kind, name, adapter_version, environment_id,
                       connection_id, config, sealed_config, state, created_at, updated_at))

}  // namespace mw::integrations
