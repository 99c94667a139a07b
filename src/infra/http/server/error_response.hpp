// The one place where an Error becomes HTTP: status code and dbt Cloud's error envelope
// (contract 3.7). The detail stays in the log, under an id that the answer names.
#pragma once

#include <string_view>

#include "base/error.hpp"
#include "infra/http/server/message.hpp"

namespace mw::http {

int status_of(Errc code);

// Logs internal errors with `request_id`, and answers without their detail.
Response error_response(const Error& error, std::string_view request_id);

}  // namespace mw::http
