// Where git hosts tell what happens:
//
//   POST /api/v1/webhooks/github/            the GitHub App
//   POST /api/v1/webhooks/repository/{id}/   a link
//
// What is not signed with the secret is answered as what is not there, and leaves nothing behind.
// What is signed is written down, answered (202; 200 when nobody acts on it, or it is there
// already), and acted on afterwards by whoever reads delivery_store.hpp.
#pragma once

#include "api/api.hpp"
#include "base/offload.hpp"
#include "features/git_hosts/git_host_settings.hpp"
#include "infra/crypto/sealed.hpp"
#include "infra/pg/pool.hpp"

namespace mw::git_hosts {

// Only the routes of what is on. All of it outlives the endpoints.
void add_webhook_endpoints(api::Api& api, pg::Pool& pool, const crypto::Sealer& sealer,
                           BlockingPool& blocking, const GitHostSettings& settings);

std::string webhook_url(std::string_view public_url, Id repository_id);

}  // namespace mw::git_hosts
