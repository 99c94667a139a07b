// Changing one's password, and getting a new one by a link (README.md).
#pragma once

#include <string>

#include "api/api.hpp"
#include "features/passwords/own_password.hpp"
#include "features/passwords/password_reset_store.hpp"

namespace mw::passwords {

// A link for one new password, and until when it is good.
struct ResetLink {
    std::string link;
    Timestamp expires_at;
};
Awaitable<ResetLink> make_reset_link(pg::Connection& tx, Id user_id, std::string public_url);

void add_password_endpoints(api::Api& api, pg::Pool& pool, BlockingPool& blocking,
                            std::string public_url);

}  // namespace mw::passwords
