// Everything that is wrong with a request before it is executed (section 5). Pure.
#pragma once

#include "graphql/schema/schema.hpp"

namespace mw::graphql {

// Empty: it may be executed. At most a hundred errors.
std::vector<RequestError> validate(const Schema& schema, const Document& document);

}  // namespace mw::graphql
