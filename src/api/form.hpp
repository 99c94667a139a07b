// Bodies that are forms (application/x-www-form-urlencoded), which dbt Cloud's API takes like JSON.
#pragma once

#include <string_view>

#include "base/json_reader.hpp"
#include "infra/http/server/message.hpp"

namespace mw::api {

// Whether the body is a form. One that the client calls a form but that begins with `{` is not:
// that is what a forgotten Content-Type looks like with curl.
bool is_form(const http::Request& request);

// A repeated key, and `key[]` or `key[0]`, is a list; `settings.threads` is inside an object.
// Errors: invalid_argument when it is too long or deep, no UTF-8, or a key is two things at once.
result<RequestBody> parse_form(std::string_view text);

}  // namespace mw::api
