// The beginning of somebody's session in the web application, however they have shown who they
// are.
#pragma once

#include <chrono>
#include <string>

#include "api/caller.hpp"
#include "features/auth/auth_store.hpp"

namespace mw::auth {

// From the last use; auth_store.cpp ends every session after 7 days.
inline constexpr std::chrono::hours kSessionLife{12};

// Of the user in the caller's account, noted in the audit log as made by `means` ("password", or
// an identity provider's type). What the cookie must be set to.
asio::awaitable<result<std::string>> begin_session(pg::Connection& tx, const api::Caller& caller,
                                                   std::string means);

// The value of a Set-Cookie header.
std::string session_cookie(std::string_view value, std::chrono::seconds life);

}  // namespace mw::auth
