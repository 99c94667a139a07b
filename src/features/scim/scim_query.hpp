// What a SCIM list is asked: a page, and the filter that identity providers send. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "infra/http/server/message.hpp"

namespace mw::scim {

struct Query {
    std::int64_t start_index = 1;
    std::int64_t count = 100;
    std::optional<std::string> value;  // of the one attribute that may be filtered by
    std::optional<std::string> external_id;
};

// `attribute`: "userName" or "displayName"; also understood is externalId. Only `eq` is. Errors:
// name the parameter.
result<Query> read_query(const http::Request& request, std::string_view attribute);

}  // namespace mw::scim
