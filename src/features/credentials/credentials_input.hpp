// Credentials as clients send them: flat for the four old types, in credential_details for every
// other adapter (contract 1, "Credentials"). Pure.
#pragma once

#include <boost/json/object.hpp>

#include "base/json_reader.hpp"
#include "features/credentials/credentials.hpp"

namespace mw::credentials {

// Onto `credentials`; what is left out stays. Gives the secret fields that were sent. Errors: name
// the field.
result<boost::json::object> read_credentials(const RequestBody& body, bool is_new,
                                             Credentials& credentials);

}  // namespace mw::credentials
