// Answers of the edge itself, as text ready to be sent.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "infra/http/proxy/rules.hpp"
#include "infra/http/proxy/static_files.hpp"

namespace mw::proxy {

// dbt Cloud's error envelope, as the app's clients expect it; with Retry-After when it is 503.
StaticResponse envelope(int status, std::string_view user_message);

// Where to go instead of plain HTTP on the TLS port: 308 for a browser's GET, else 400.
StaticResponse use_https(std::string_view method, std::string_view host, std::string_view target);

// The status line and headers: the answer's own, Content-Length, Connection, X-Request-Id and
// the security headers.
std::string format_head(const StaticResponse& answer, bool keep_alive, std::string_view request_id,
                        std::string_view host);

}  // namespace mw::proxy
