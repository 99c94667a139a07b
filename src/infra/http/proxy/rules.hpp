// What the edge lets through: pure functions over a request's line and headers.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mw::proxy {

// In the order they came, names as they came.
using HeaderList = std::vector<std::pair<std::string, std::string>>;

struct RequestHead {
    std::string method;
    std::string target;
    unsigned version = 11;  // 10 or 11
    HeaderList headers;
};

enum class Destination {
    app,
    files,
    nowhere,  // 404
};

// What a target asks for, once decoded.
struct Target {
    Destination destination = Destination::nowhere;
    std::string path;  // percent-decoded, without the query; begins with "/"
};

// Empty for a target that no honest client sends: not origin-form, dot segments in any spelling,
// backslashes, control characters, broken escapes.
std::optional<Target> parse_target(std::string_view target);

// The reason to refuse the request with 400, or empty. Catches every shape on which two
// servers could disagree about where a request ends, and headers that would confuse the app.
std::string_view refuse_reason(const RequestHead& head);

bool same_name(std::string_view left, std::string_view right);
// The first of that name; empty when there is none.
std::string_view find_header(const HeaderList& headers, std::string_view name);
// Whether a comma-separated header holds the token, in any case.
bool has_token(const HeaderList& headers, std::string_view name, std::string_view token);

// Asks to open a WebSocket, in the only way that there is.
bool is_websocket_upgrade(const RequestHead& head);

// Drops the hop-by-hop headers, those that Connection names, and body framing: each hop has its
// own.
HeaderList end_to_end_headers(const HeaderList& headers);

// What the app gets: end-to-end headers, without what a client may not say about itself, with
// X-Forwarded-For/-Proto/-Host and X-Request-Id.
HeaderList headers_for_app(const RequestHead& head, std::string_view client_address,
                           std::string_view request_id);

// The client's X-Request-Id if it is a harmless one, else a new one.
std::string request_id_for(const HeaderList& headers);

// Headers that every answer carries; the app's own of the same name win.
const HeaderList& security_headers();
// Strict-Transport-Security belongs to real names only: for localhost it would force TLS on
// everything else that runs there.
bool wants_hsts(std::string_view host);

}  // namespace mw::proxy
