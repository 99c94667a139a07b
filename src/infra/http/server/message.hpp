// Requests and responses as plain values: handlers never see a socket or Beast.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/json/value.hpp>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.hpp"

namespace mw::http {

namespace asio = boost::asio;

// Header names in lower case.
using Headers = std::map<std::string, std::string, std::less<>>;

struct Request {
    std::string method;
    std::string path;  // percent-decoded, without the query
    std::vector<std::pair<std::string, std::string>> query;
    Headers headers;
    std::string body;
    std::filesystem::path body_file;  // set instead of `body` on routes that spool
    std::map<std::string, std::string, std::less<>> path_params;
    std::string request_id;
    std::string client_address;

    std::string_view header(std::string_view lower_name) const {
        auto found = headers.find(lower_name);
        return found == headers.end() ? std::string_view{} : std::string_view(found->second);
    }
    // The first value of a query parameter.
    std::optional<std::string> query_value(std::string_view name) const {
        for (const auto& [key, value] : query)
            if (key == name) return value;
        return std::nullopt;
    }
};

// Gives the next piece of a body, empty at its end.
using BodyStream = std::function<asio::awaitable<result<std::string>>()>;

struct Response {
    int status = 200;
    Headers headers;
    std::string body;
    BodyStream stream;                           // used instead of `body` when set
    std::optional<std::uint64_t> stream_length;  // unknown: chunked

    static Response json(int status, const boost::json::value& value);
    // The same of what is JSON already.
    static Response json_text(int status, std::string text);
    // The same for what must be kept by nobody on the way: secrets, and who is signed in.
    static Response private_json(int status, const boost::json::value& value);
};

}  // namespace mw::http
