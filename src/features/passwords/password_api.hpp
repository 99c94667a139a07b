// Changing one's password, and getting a new one by a link (README.md).
#pragma once

#include <string>

#include "api/api.hpp"
#include "features/mail/mail_store.hpp"
#include "features/passwords/own_password.hpp"
#include "features/passwords/password_reset_store.hpp"

namespace mw::passwords {

// A link for one new password, and until when it is good.
struct ResetLink {
    std::string link;
    Timestamp expires_at;
};
Awaitable<ResetLink> make_reset_link(pg::Connection& tx, Id user_id, std::string public_url);

// `outbox`: where there is a mail server; without one nobody is sent a link that they ask for.
void add_password_endpoints(api::Api& api, pg::Pool& pool, BlockingPool& blocking,
                            std::string public_url, std::optional<mail::Outbox> outbox = {});

}  // namespace mw::passwords
