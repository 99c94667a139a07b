#include "infra/http/proxy/rules.hpp"

#include <algorithm>
#include <array>
#include <cctype>

#include "infra/crypto/random.hpp"

namespace mw::proxy {
namespace {

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

int hex_value(char c) {
    if (is_digit(c)) return c - '0';
    c = lower(c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

// Empty for a broken escape.
std::optional<std::string> percent_decode(std::string_view text) {
    std::string decoded;
    decoded.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            decoded += text[i];
            continue;
        }
        if (i + 2 >= text.size()) return std::nullopt;
        int high = hex_value(text[i + 1]), low = hex_value(text[i + 2]);
        if (high < 0 || low < 0) return std::nullopt;
        decoded += static_cast<char>(high * 16 + low);
        i += 2;
    }
    return decoded;
}

bool has_dot_segment(std::string_view path) {
    for (std::size_t begin = 0; begin <= path.size();) {
        auto end = std::min(path.find('/', begin), path.size());
        auto segment = path.substr(begin, end - begin);
        if (segment == "." || segment == "..") return true;
        begin = end + 1;
    }
    return false;
}

bool is_under(std::string_view path, std::string_view folder) {
    return path.starts_with(folder) && (path.size() == folder.size() || path[folder.size()] == '/');
}

Destination destination_of(std::string_view path) {
    if (is_under(path, "/internal")) return Destination::nowhere;
    for (std::string_view folder :
         {"/api", "/beta", "/complete", "/enterprise-login", "/git", "/graphql", "/health"})
        if (is_under(path, folder)) return Destination::app;
    return Destination::files;
}

std::size_t count_headers(const HeaderList& headers, std::string_view name) {
    return static_cast<std::size_t>(std::ranges::count_if(
        headers, [&](const auto& header) { return same_name(header.first, name); }));
}

bool is_host(std::string_view host) {
    return !host.empty() && host.size() <= 255 && std::ranges::all_of(host, [](char c) {
        return is_digit(c) || (lower(c) >= 'a' && lower(c) <= 'z') ||
               std::string_view("-._:[]").find(c) != std::string_view::npos;
    });
}

std::string_view refuse_framing(const RequestHead& head) {
    auto lengths = count_headers(head.headers, "Content-Length");
    auto codings = count_headers(head.headers, "Transfer-Encoding");
    if (lengths > 1) return "more than one Content-Length";
    if (codings > 1) return "more than one Transfer-Encoding";
    if (lengths == 1 && codings == 1) return "Content-Length and Transfer-Encoding";
    if (codings == 1) {
        if (head.version < 11) return "Transfer-Encoding in HTTP/1.0";
        if (!same_name(find_header(head.headers, "Transfer-Encoding"), "chunked"))
            return "a Transfer-Encoding other than chunked";
    }
    if (lengths == 1) {
        auto length = find_header(head.headers, "Content-Length");
        if (length.empty() || length.size() > 18 || !std::ranges::all_of(length, is_digit))
            return "a Content-Length that is not a number";
    }
    return {};
}

// The client may not claim to be a proxy, nor name headers that Connection would then remove.
bool is_for_us_to_say(std::string_view name) {
    constexpr std::array<std::string_view, 8> kNames{
        "forwarded",        "x-forwarded-for",    "x-forwarded-host", "x-forwarded-proto",
        "x-forwarded-port", "x-forwarded-server", "x-real-ip",        "x-request-id"};
    return std::ranges::any_of(kNames, [&](auto known) { return same_name(name, known); });
}

}  // namespace

bool same_name(std::string_view left, std::string_view right) {
    return std::ranges::equal(left, right, {}, lower, lower);
}

std::string_view find_header(const HeaderList& headers, std::string_view name) {
    for (const auto& [known, value] : headers)
        if (same_name(known, name)) return value;
    return {};
}

bool has_token(const HeaderList& headers, std::string_view name, std::string_view token) {
    for (const auto& [known, value] : headers) {
        if (!same_name(known, name)) continue;
        std::string_view rest = value;
        while (!rest.empty()) {
            auto comma = std::min(rest.find(','), rest.size());
            auto item = rest.substr(0, comma);
            rest.remove_prefix(std::min(comma + 1, rest.size()));
            while (item.starts_with(' ') || item.starts_with('\t'))
                item.remove_prefix(1);
            while (item.ends_with(' ') || item.ends_with('\t'))
                item.remove_suffix(1);
            if (same_name(item, token)) return true;
        }
    }
    return false;
}

std::optional<Target> parse_target(std::string_view target) {
    auto raw = target.substr(0, target.find('?'));
    if (!raw.starts_with('/') || raw.find('#') != raw.npos) return std::nullopt;
    auto path = percent_decode(raw);
    if (!path) return std::nullopt;
    bool odd = std::ranges::any_of(*path, [](unsigned char c) { return c < 0x20 || c == 0x7F; });
    if (odd || path->find('\\') != path->npos || has_dot_segment(*path)) return std::nullopt;
    // "//internal" must not come out as "/internal" at a reader that merges slashes.
    if (path->starts_with("//")) return std::nullopt;
    auto destination = destination_of(*path);
    return Target{destination, std::move(*path)};
}

std::string_view refuse_reason(const RequestHead& head) {
    if (head.version != 10 && head.version != 11) return "an unknown HTTP version";
    if (auto reason = refuse_framing(head); !reason.empty()) return reason;
    auto hosts = count_headers(head.headers, "Host");
    if (hosts > 1 || (hosts == 0 && head.version == 11)) return "not exactly one Host";
    if (hosts == 1 && !is_host(find_header(head.headers, "Host"))) return "an unusable Host";
    return {};
}

bool is_websocket_upgrade(const RequestHead& head) {
    return head.method == "GET" && head.version == 11 &&
           has_token(head.headers, "Connection", "upgrade") &&
           has_token(head.headers, "Upgrade", "websocket") &&
           find_header(head.headers, "Content-Length").empty() &&
           find_header(head.headers, "Transfer-Encoding").empty();
}

HeaderList end_to_end_headers(const HeaderList& headers) {
    constexpr std::array<std::string_view, 11> kHopByHop{"connection",
                                                         "keep-alive",
                                                         "proxy-connection",
                                                         "proxy-authenticate",
                                                         "proxy-authorization",
                                                         "te",
                                                         "trailer",
                                                         "transfer-encoding",
                                                         "upgrade",
                                                         "expect",
                                                         "content-length"};
    HeaderList kept;
    for (const auto& [name, value] : headers) {
        bool hop =
            std::ranges::any_of(kHopByHop, [&](auto known) { return same_name(name, known); });
        // Connection may not take away what the app decides on.
        bool vital = same_name(name, "host") || same_name(name, "authorization") ||
                     same_name(name, "cookie") || same_name(name, "x-millwright-csrf");
        if (hop || (!vital && has_token(headers, "Connection", name))) continue;
        kept.emplace_back(name, value);
    }
    return kept;
}

HeaderList headers_for_app(const RequestHead& head, std::string_view client_address,
                           std::string_view request_id) {
    auto headers = end_to_end_headers(head.headers);
    std::erase_if(headers, [](const auto& header) { return is_for_us_to_say(header.first); });
    if (auto host = find_header(head.headers, "Host"); !host.empty())
        headers.emplace_back("X-Forwarded-Host", host);
    headers.emplace_back("X-Forwarded-For", client_address);
    headers.emplace_back("X-Forwarded-Proto", "https");
    headers.emplace_back("X-Request-Id", request_id);
    return headers;
}

std::string request_id_for(const HeaderList& headers) {
    auto given = find_header(headers, "X-Request-Id");
    bool harmless =
        given.size() >= 8 && given.size() <= 64 && std::ranges::all_of(given, [](char c) {
            return is_digit(c) || (lower(c) >= 'a' && lower(c) <= 'z') || c == '-' || c == '_' ||
                   c == '.';
        });
    return harmless ? std::string(given) : crypto::random_hex(16);
}

const HeaderList& security_headers() {
    static const HeaderList headers{
        {"Content-Security-Policy",
         "default-src 'self'; style-src 'self' 'unsafe-inline'; connect-src 'self' wss:; "
         "img-src 'self' data:; font-src 'self'; object-src 'none'; base-uri 'none'; "
         "form-action 'self'; frame-ancestors 'none'"},
        {"X-Content-Type-Options", "nosniff"},
        {"X-Frame-Options", "DENY"},
        {"Referrer-Policy", "same-origin"},
        {"Cross-Origin-Opener-Policy", "same-origin"},
    };
    return headers;
}

bool wants_hsts(std::string_view host) {
    auto name = host.substr(0, host.find(':'));
    bool address = host.starts_with('[') ||
                   std::ranges::all_of(name, [](char c) { return is_digit(c) || c == '.'; });
    return !name.empty() && !address && !same_name(name, "localhost");
}

}  // namespace mw::proxy
