// Who is calling, as the authenticator found out; what a handler may know of it.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <optional>
#include <string>

#include "api/grants.hpp"
#include "base/error.hpp"
#include "base/ids.hpp"
#include "infra/http/server/message.hpp"

namespace mw::api {

// Of whoever is signed in to the web application.
inline constexpr std::string_view kSessionCookie = "millwright_session";

struct Caller {
    enum class Kind { user_token, service_token, session };
    Kind kind = Kind::session;
    Id account_id = 0;
    std::optional<Id> user_id;  // empty for a service token
    std::optional<Id> token_id;
    std::string name;  // e-mail address or token's name, for the audit log
    std::string address;
    Grants grants = {};

    const char* audit_type() const {
        return kind == Kind::service_token ? "service_token" : "user";
    }
    std::optional<Id> audit_id() const { return user_id ? user_id : token_id; }
};

// Implemented by features/auth.
class Authenticator {
  public:
    virtual ~Authenticator() = default;
    virtual boost::asio::awaitable<result<Caller>> authenticate(const http::Request& request) = 0;
    // A request has changed what somebody may do, maybe: the next one must see it.
    virtual void rights_changed() {}
};

}  // namespace mw::api
