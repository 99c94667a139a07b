// The configuration of a connection as clients send it: what is secret apart from the rest. Pure.
#pragma once

#include <boost/json/object.hpp>
#include <string_view>

#include "base/json_reader.hpp"
#include "features/connections/connection.hpp"

namespace mw::connections {

// Onto `connection`: its adapter, and its plain configuration key by key (null takes one away).
// Gives the secret fields that were sent; a secret that is null was sent back by a client that was
// not shown it. `field` is what clients call it all: "config", or "details" of old. Errors: name
// the field.
result<boost::json::object> read_config(const RequestBody& body, std::string_view field,
                                        bool is_new, Connection& connection);

}  // namespace mw::connections
