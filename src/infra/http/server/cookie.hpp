// Cookies of a request (RFC 6265).
#pragma once

#include <string_view>

#include "infra/http/server/message.hpp"

namespace mw::http {

// The value of a cookie, empty if the request has none of that name.
std::string_view cookie_value(const Request& request, std::string_view name);

}  // namespace mw::http
