// Requests to the API of a git host: JSON in both directions.
//
// Errors say what the host said, cut, in the words of git_hosts.hpp: unauthenticated (401),
// forbidden (403), limit_exceeded (429, and 403 for too many), invalid_argument (400, 404, 422 and
// their like), unavailable, timeout, upstream_failed. No redirect is followed: a token goes to the
// host that it is of.
// One io thread.
#pragma once

#include <boost/json/value.hpp>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/secret.hpp"
#include "base/time.hpp"
#include "features/git_hosts/awaitable.hpp"
#include "infra/http/client/client.hpp"

namespace mw::git_hosts {

using AddressCheck = std::function<bool(const boost::asio::ip::address&)>;

struct HostRequest {
    std::string method = "GET";
    std::string url;
    std::optional<boost::json::value> body = {};
    Secret token = {};       // sent as a bearer
    Secret basic_pair = {};  // else this "user:password"
    http::HeaderList headers = {};
    AddressCheck admits = {};
};

struct HostAnswer {
    boost::json::value body;
    http::HeaderList headers;
};

class HostRequests {
  public:
    explicit HostRequests(const boost::asio::any_io_executor& executor) : client_(executor) {}

    Awaitable<HostAnswer> send(HostRequest request);
    // A list that comes in pages of a hundred ("?per_page=100&page=N" is added), up to so many;
    // `member` names the list where it is inside an object. Until `want` says no.
    Awaitable<> each_page(HostRequest request, int pages_max, std::string member,
                          std::function<bool(const boost::json::array&)> want);

  private:
    http::Client client_;
};

// What an answer means that is none of 2xx; its `detail` is "HTTP 404". `host` is the name of whom
// one asked.
Error error_of(const http::ClientResponse& response, std::string_view host, Timestamp now);

// "acme/my shop" as a path: "acme/my%20shop". Errors: invalid_argument, for what is none.
result<std::string> path_of(std::string_view full_name);
std::string encoded(std::string_view text);

}  // namespace mw::git_hosts
