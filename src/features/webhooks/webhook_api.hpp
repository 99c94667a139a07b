// /api/v3/accounts/{account_id}/webhooks/….
#pragma once

#include "api/api.hpp"
#include "infra/crypto/sealed.hpp"
#include "infra/http/client/address_rules.hpp"
#include "infra/pg/pool.hpp"

namespace mw::webhooks {

// Under what name the secret that signs a subscription's events is sealed.
std::string sealing_context(const std::string& subscription_id);

// `addresses`: where a subscriber may be.
void add_webhook_endpoints(api::Api& api, pg::Pool& pool, const crypto::Sealer& sealer,
                           http::AddressRules addresses);

}  // namespace mw::webhooks
