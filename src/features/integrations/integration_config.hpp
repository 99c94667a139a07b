// The configuration of an integration as clients send it. Pure.
#pragma once

#include <boost/json/object.hpp>
#include <string_view>

#include "base/json_reader.hpp"
#include "features/integrations/integration.hpp"

namespace mw::integrations {

// What a kind calls its configuration: "config", "values", or empty when its fields stand in the
// body itself.
// Onto `integration.config` key by key; gives the secret fields that were sent. An empty or null
// secret was sent back by a client that was not shown it. Errors: name the field.
result<boost::json::object> read_config(const RequestBody& body, std::string_view field,
                                        Integration& integration);

}  // namespace mw::integrations
