#include "infra/http/client/curl_error.hpp"

#include <fmt/format.h>

namespace mw::http::detail {
namespace {

Errc errc_of(CURLcode code) {
    switch (code) {
        case CURLE_URL_MALFORMAT:
            return Errc::invalid_argument;
        case CURLE_COULDNT_RESOLVE_HOST:
        case CURLE_COULDNT_CONNECT:
        case CURLE_SEND_ERROR:
        case CURLE_RECV_ERROR:
        case CURLE_GOT_NOTHING:
        case CURLE_PARTIAL_FILE:
            return Errc::unavailable;
        case CURLE_OPERATION_TIMEDOUT:
            return Errc::timeout;
        case CURLE_OUT_OF_MEMORY:
        case CURLE_FAILED_INIT:
            return Errc::internal;
        default:
            return Errc::upstream_failed;
    }
}

}  // namespace

Error error_of(CURLcode code, const std::string& host, std::string_view text) {
    auto kind = errc_of(code);
    std::string message;
    switch (code) {
        case CURLE_PEER_FAILED_VERIFICATION:
            message = fmt::format("The TLS certificate of {} is not trusted", host);
            break;
        case CURLE_SSL_PINNEDPUBKEYNOTMATCH:
            message = fmt::format("The TLS certificate of {} is not the pinned one", host);
            break;
        case CURLE_OPERATION_TIMEDOUT:
            message = fmt::format("{} did not answer in time", host);
            break;
        case CURLE_GOT_NOTHING:
        case CURLE_RECV_ERROR:
        case CURLE_PARTIAL_FILE:
            message = fmt::format("{} broke off its answer", host);
            break;
        default:
            message = kind == Errc::unavailable ? fmt::format("{} cannot be reached", host)
                                                : fmt::format("The request to {} failed: {}", host,
                                                              curl_easy_strerror(code));
    }
    auto detail = text.empty() ? std::string_view(curl_easy_strerror(code)) : text;
    return {kind, std::move(message), std::string(detail), {}};
}

}  // namespace mw::http::detail
