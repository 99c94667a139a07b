// Everything of this folder that clients, browsers and git hosts call. Of what the operator has
// switched off there is no route, but for the one that says so.
#pragma once

#include "api/api.hpp"
#include "base/offload.hpp"
#include "features/git_hosts/live_git_hosts.hpp"
#include "infra/crypto/sealed.hpp"
#include "infra/pg/pool.hpp"

namespace mw::git_hosts {

// All of it outlives the endpoints.
void add_endpoints(api::Api& api, pg::Pool& pool, const crypto::Sealer& sealer,
                   BlockingPool& blocking, LiveGitHosts& hosts, std::string public_url);

}  // namespace mw::git_hosts
