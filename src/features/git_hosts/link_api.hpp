// …/repositories/{id}/git-host/: how a repository's git host is reached by a token of its own.
// Whoever may change the repository may do so. The token is never shown, the secret of the webhook
// once: in the answer that makes it.
#pragma once

#include "api/api.hpp"
#include "features/git_hosts/live_git_hosts.hpp"
#include "infra/crypto/sealed.hpp"
#include "infra/pg/pool.hpp"

namespace mw::git_hosts {

// All of it outlives the endpoints.
void add_link_endpoints(api::Api& api, pg::Pool& pool, const crypto::Sealer& sealer,
                        LiveGitHosts& hosts, std::string public_url);

}  // namespace mw::git_hosts
