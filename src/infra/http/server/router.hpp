// The route table as data: method, pattern, how the body is taken, handler.
//
// A pattern is "/api/v2/accounts/{account_id}/jobs/{id}/"; "{rest...}" at its end takes the
// remainder with its slashes. A trailing slash never matters, for any method (contract 3.8).
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "infra/http/server/message.hpp"
#include "infra/http/server/websocket.hpp"

namespace mw::http {

// Asked once the headers are there, before a byte of the body is taken; an answer refuses it.
using Admission = std::function<asio::awaitable<std::optional<Response>>(Request&)>;

struct BodyPolicy {
    std::uint64_t max_bytes = 4 * 1024 * 1024;
    bool to_file = false;  // spool to a temporary file, which goes when the handler returns
    Admission admit = {};  // empty: whoever sends it, the body is read
};

using Handler = std::function<asio::awaitable<result<Response>>(Request&)>;
// Runs for the life of one WebSocket. `accept` must be awaited before anything else; refusing
// (returning an error before it) answers the upgrade with that error.
using WebSocketHandler = std::function<asio::awaitable<result<>>(Request&, WebSocket&)>;

struct Route {
    std::string method;
    std::string pattern;
    BodyPolicy body;
    Handler handler;
    WebSocketHandler websocket;
};

class Router {
  public:
    void add(std::string method, std::string pattern, Handler handler, BodyPolicy body = {});
    void add_websocket(std::string pattern, WebSocketHandler handler);

    // The route for a request, its path parameters filled in; not_found or an error for a
    // method that the path does not have.
    result<const Route*> match(std::string_view method, std::string_view path,
                               std::map<std::string, std::string, std::less<>>& params) const;

    const std::vector<Route>& routes() const { return routes_; }

  private:
    struct Segment {
        std::string text;
        bool is_param = false;
        bool is_rest = false;
    };
    static std::vector<Segment> split_pattern(std::string_view pattern);
    static bool matches(const std::vector<Segment>& pattern, const std::vector<std::string>& path,
                        std::map<std::string, std::string, std::less<>>& params);

    std::vector<Route> routes_;
    std::vector<std::vector<Segment>> patterns_;
};

}  // namespace mw::http
