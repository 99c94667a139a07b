#include "infra/http/server/error_response.hpp"

#include <fmt/format.h>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "base/log.hpp"

namespace mw::http {

int status_of(Errc code) {
    switch (code) {
        case Errc::invalid_argument:
            return 400;
        case Errc::unauthenticated:
            return 401;
        case Errc::forbidden:
            return 403;
        case Errc::not_found:
            return 404;
        case Errc::method_not_allowed:
            return 405;
        case Errc::conflict:
            return 409;
        case Errc::lease_lost:
            return 409;
        case Errc::payload_too_large:
            return 413;
        case Errc::limit_exceeded:
            return 429;
        case Errc::cancelled:
            return 499;
        case Errc::internal:
            return 500;
        case Errc::upstream_failed:
            return 502;
        case Errc::unavailable:
            return 503;
        case Errc::timeout:
            return 504;
    }
    return 500;
}

Response Response::json(int status, const boost::json::value& value) {
    return json_text(status, boost::json::serialize(value));
}

Response Response::json_text(int status, std::string text) {
    Response response;
    response.status = status;
    response.headers["content-type"] = "application/json";
    response.body = std::move(text);
    return response;
}

Response Response::private_json(int status, const boost::json::value& value) {
    auto response = json(status, value);
    response.headers["cache-control"] = "no-store";
    return response;
}

Response error_response(const Error& error, std::string_view request_id) {
    int status = status_of(error.code);
    std::string message = error.message;
    if (error.code == Errc::internal)
        message = fmt::format("Something went wrong here. The log has it under request id {}.",
                              request_id);
    if (status >= 500)
        log::error("request failed", {{"request_id", request_id},
                                      {"code", errc_name(error.code)},
                                      {"error", error.message},
                                      {"detail", error.detail}});
    boost::json::object envelope;
    envelope["status"] = {{"code", status},
                          {"is_success", false},
                          {"user_message", message},
                          {"developer_message", ""}};
    envelope["data"] = nullptr;
    if (!error.fields.empty()) {
        boost::json::object fields;
        for (const auto& field : error.fields)
            fields[field.field] = field.message;
        envelope["status"].as_object()["fields"] = std::move(fields);
    }
    auto response = Response::json(status, envelope);
    if (error.retry_after_seconds > 0)
        response.headers["retry-after"] = std::to_string(error.retry_after_seconds);
    else if (status == 503)
        response.headers["retry-after"] = "2";
    if (status == 401) response.headers["www-authenticate"] = "Bearer";
    return response;
}

}  // namespace mw::http
