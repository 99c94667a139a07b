#include "infra/http/proxy/answer.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <iterator>

namespace mw::proxy {
namespace {

constexpr std::string_view kRetryAfterSeconds = "2";
constexpr std::string_view kHsts = "max-age=31536000";

std::string_view reason_phrase(int status) {
    switch (status) {
        case 200:
            return "OK";
        case 304:
            return "Not Modified";
        case 308:
            return "Permanent Redirect";
        case 400:
            return "Bad Request";
        case 404:
            return "Not Found";
        case 405:
            return "Method Not Allowed";
        case 408:
            return "Request Timeout";
        case 413:
            return "Payload Too Large";
        case 431:
            return "Request Header Fields Too Large";
        case 502:
            return "Bad Gateway";
        case 503:
            return "Service Unavailable";
        case 504:
            return "Gateway Timeout";
        default:
            return "Status";
    }
}

}  // namespace

StaticResponse envelope(int status, std::string_view user_message) {
    namespace json = boost::json;
    StaticResponse response;
    response.status = status;
    response.headers = {{"Content-Type", "application/json"}, {"Cache-Control", "no-store"}};
    if (status == 503) response.headers.emplace_back("Retry-After", kRetryAfterSeconds);
    response.body = std::make_shared<const std::string>(
        json::serialize(json::object{{"status",
                                      {{"code", status},
                                       {"is_success", false},
                                       {"user_message", user_message},
                                       {"developer_message", ""}}},
                                     {"data", nullptr}}));
    return response;
}

StaticResponse use_https(std::string_view method, std::string_view host, std::string_view target) {
    bool may_redirect = (method == "GET" || method == "HEAD") && !host.empty();
    auto response = plain_page(may_redirect ? 308 : 400,
                               "This port speaks HTTPS: use https:// instead of http://.");
    if (may_redirect)
        response.headers.emplace_back("Location", fmt::format("https://{}{}", host, target));
    return response;
}

std::string format_head(const StaticResponse& answer, bool keep_alive, std::string_view request_id,
                        std::string_view host) {
    std::string head =
        fmt::format("HTTP/1.1 {} {}\r\n", answer.status, reason_phrase(answer.status));
    auto add = [&](std::string_view name, std::string_view value) {
        fmt::format_to(std::back_inserter(head), "{}: {}\r\n", name, value);
    };
    for (const auto& [name, value] : answer.headers)
        add(name, value);
    for (const auto& [name, value] : security_headers())
        add(name, value);
    if (wants_hsts(host)) add("Strict-Transport-Security", kHsts);
    if (answer.body) add("Content-Length", fmt::to_string(answer.body->size()));
    if (!request_id.empty()) add("X-Request-Id", request_id);
    add("Connection", keep_alive ? "keep-alive" : "close");
    return head.append("\r\n");
}

}  // namespace mw::proxy
