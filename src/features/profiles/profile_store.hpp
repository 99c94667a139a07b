// Which environments use a profile or extended attributes.
#pragma once

#include <boost/describe.hpp>
#include <optional>
#include <string>
#include <vector>

#include "base/ids.hpp"
#include "infra/pg/connection.hpp"

namespace mw::profiles {

struct Binding {
    Id id = 0;
    std::string name;
    std::string type;
    std::optional<std::string> deployment_type;
};
BOOST_DESCRIBE_STRUCT(Binding, (), (id, name, type, deployment_type))

boost::asio::awaitable<result<std::vector<Binding>>> environments_of_profile(
    pg::Connection& connection, Id account_id, Id profile_id);
boost::asio::awaitable<result<std::vector<std::string>>> uses_of_attributes(
    pg::Connection& connection, Id account_id, Id id);

}  // namespace mw::profiles
