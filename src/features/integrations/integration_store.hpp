// What the resource's own SQL does not do: secrets of integrations, what of a lineage tool is
// watched, and what a token mapping may name.
#pragma once

#include <boost/describe.hpp>
#include <string>
#include <vector>

#include "base/ids.hpp"
#include "infra/pg/connection.hpp"

namespace mw::integrations {

boost::asio::awaitable<result<>> set_secrets(pg::Connection& tx, Id id, pg::Bytes sealed);

// A collection of a lineage tool that is watched.
struct Selection {
    std::string identifier;
    std::string name;
    std::string type;  // "folder", "dashboard"
};
BOOST_DESCRIBE_STRUCT(Selection, (), (identifier, name, type))

boost::asio::awaitable<result<bool>> has_lineage(pg::Connection& connection, Id account_id,
                                                 Id project_id, Id id);
boost::asio::awaitable<result<std::vector<Selection>>> selections_of(pg::Connection& connection,
                                                                     Id integration_id);
// False: it was watched already (its name is the new one), or was not.
boost::asio::awaitable<result<bool>> add_selection(pg::Connection& tx, Id integration_id,
                                                   const Selection& selection);
boost::asio::awaitable<result<bool>> remove_selection(pg::Connection& tx, Id integration_id,
                                                      const std::string& identifier);

// Whether these are semantic layer credentials of the project, and a service token.
struct Known {
    bool credentials = false;
    bool token = false;
};
BOOST_DESCRIBE_STRUCT(Known, (), (credentials, token))
boost::asio::awaitable<result<Known>> known_of(pg::Connection& connection, Id account_id,
                                               Id project_id, Id credentials_id, Id token_id);

}  // namespace mw::integrations
