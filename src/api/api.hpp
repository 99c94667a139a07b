// Registers endpoints: authentication, tenancy, permission and the cookie's CSRF rule stand
// before every handler, so that a handler has none of them.
//
//   api.get("/api/v2/accounts/{account_id}/jobs/{id}/", reads(Area::jobs),
//           [&](api::Call& call) -> Reply { … });
//
// A path with {account_id} that is not the caller's account answers 404, as if it were not
// there; so does one with a {project_id} of which the caller may see nothing in that area. Who
// may see and not change gets 403. A handler that finds its project in a row asks
// `call.permit(project)`; lists look by themselves (list_reply.hpp). Under a cookie, unsafe
// methods need the header X-Millwright-Csrf.
#pragma once

#include <deque>
#include <functional>

#include "api/caller.hpp"
#include "api/envelope.hpp"
#include "api/list_query.hpp"
#include "api/rate_limit.hpp"
#include "api/route.hpp"
#include "base/json_reader.hpp"
#include "infra/http/server/router.hpp"

namespace mw::api {

namespace asio = boost::asio;

struct Call {
    http::Request& request;
    Caller caller;
    Need need = {};     // of this endpoint
    Id account_id = 0;  // of the path, else the caller's

    // A path parameter as an id; not_found when it is none, as an unknown id is.
    result<Id> id(std::string_view name) const;
    // The body: a form if the client says that it is one, else JSON.
    result<RequestBody> body() const;

    // Whether the endpoint's need is met for something in this project. Errors: not_found when
    // nothing of that kind may be seen there, forbidden when it may be seen but not changed.
    result<> permit(Id project_id) const;
    // The same in an environment: "production", "staging", "development" or "other".
    result<> permit(Id project_id, std::string_view environment_category) const;
    // Something more that a handler does, in the account or anywhere.
    result<> permit(Need other) const;
};

using Reply = asio::awaitable<result<http::Response>>;
using Endpoint = std::function<Reply(Call&)>;

class Api {
  public:
    // `limit` is asked of each caller, once it is known who that is.
    Api(http::Router& router, Authenticator& authenticator, RateLimit limit = RateLimit(0))
        : router_(router), authenticator_(authenticator), limit_(std::move(limit)) {}

    // The route is there to be described; it lives as long as this.
    Route& get(std::string pattern, Need need, Endpoint endpoint) {
        return add("GET", std::move(pattern), need, std::move(endpoint));
    }
    Route& post(std::string pattern, Need need, Endpoint endpoint) {
        return add("POST", std::move(pattern), need, std::move(endpoint));
    }
    Route& put(std::string pattern, Need need, Endpoint endpoint) {
        return add("PUT", std::move(pattern), need, std::move(endpoint));
    }
    Route& patch(std::string pattern, Need need, Endpoint endpoint) {
        return add("PATCH", std::move(pattern), need, std::move(endpoint));
    }
    Route& del(std::string pattern, Need need, Endpoint endpoint) {
        return add("DELETE", std::move(pattern), need, std::move(endpoint));
    }

    // Without authentication, for signing in.
    http::Router& open() { return router_; }
    Authenticator& authenticator() { return authenticator_; }
    const std::deque<Route>& routes() const { return routes_; }

  private:
    Route& add(std::string method, std::string pattern, Need need, Endpoint endpoint);

    http::Router& router_;
    Authenticator& authenticator_;
    RateLimit limit_;
    std::deque<Route> routes_;
};

// The 404 that dbt Cloud gives for what is not there or not the caller's (contract 3.7).
std::unexpected<Error> not_found();

// The 403: which permission is missing, and who can give it.
std::unexpected<Error> forbidden(Need need);

// The 429, with the time to wait in Retry-After; passes when there is none.
result<> check_rate(RateLimit& limit, const Caller& caller);

// Under a cookie, a browser must show that the page itself made an unsafe request.
result<> check_csrf(const http::Request& request, const Caller& caller);

}  // namespace mw::api
