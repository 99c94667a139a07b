// Registers endpoints: authentication, tenancy and the cookie's CSRF rule stand before every
// handler, so that a handler has none of them.
//
//   api.get("/api/v2/accounts/{account_id}/jobs/{id}/", [&](api::Call& call) -> Reply { … });
//
// A path with {account_id} that is not the caller's account answers 404, as if it were not
// there. Under a cookie, unsafe methods need the header X-Millwright-Csrf.
#pragma once

#include <functional>

#include "api/caller.hpp"
#include "api/envelope.hpp"
#include "api/list_query.hpp"
#include "base/json_reader.hpp"
#include "infra/http/server/router.hpp"

namespace mw::api {

namespace asio = boost::asio;

struct Call {
    http::Request& request;
    Caller caller;
    Id account_id = 0;  // of the path, else the caller's

    // A path parameter as an id; not_found when it is none, as an unknown id is.
    result<Id> id(std::string_view name) const;
    // The body: a form if the client says that it is one, else JSON.
    result<RequestBody> body() const;
};

using Reply = asio::awaitable<result<http::Response>>;
using Endpoint = std::function<Reply(Call&)>;

class Api {
  public:
    Api(http::Router& router, Authenticator& authenticator)
        : router_(router), authenticator_(authenticator) {}

    void get(std::string pattern, Endpoint endpoint) { add("GET", std::move(pattern), endpoint); }
    void post(std::string pattern, Endpoint endpoint) { add("POST", std::move(pattern), endpoint); }
    void patch(std::string pattern, Endpoint endpoint) {
        add("PATCH", std::move(pattern), endpoint);
    }
    void del(std::string pattern, Endpoint endpoint) {
        add("DELETE", std::move(pattern), endpoint);
    }

    // Without authentication, for signing in.
    http::Router& open() { return router_; }
    Authenticator& authenticator() { return authenticator_; }

  private:
    void add(std::string method, std::string pattern, Endpoint endpoint);

    http::Router& router_;
    Authenticator& authenticator_;
};

// The 404 that dbt Cloud gives for what is not there or not the caller's (contract 3.7).
std::unexpected<Error> not_found();

// Under a cookie, a browser must show that the page itself made an unsafe request.
result<> check_csrf(const http::Request& request, const Caller& caller);

}  // namespace mw::api
