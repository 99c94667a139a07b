// POST /api/v3/accounts/{account_id}/invites/, GET /api/v2/accounts/{account_id}/invites/…, and
// POST /api/ui/invites/accept/, which needs the invite's token and nothing else.
#pragma once

#include "api/api.hpp"
#include "base/offload.hpp"
#include "features/mail/mail_store.hpp"
#include "infra/pg/pool.hpp"

namespace mw::invites {

// `public_url`: how users reach this appliance, for the links; `outbox`: where there is a mail
// server.
void add_invite_endpoints(api::Api& api, pg::Pool& pool, BlockingPool& blocking,
                          std::string public_url, std::optional<mail::Outbox> outbox = {});

}  // namespace mw::invites
