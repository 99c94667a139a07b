// The GitHub App as an account meets it:
//
//   GET    …/git-hosts/github/connect/                where to send the browser
//   GET    /complete/github                           where GitHub sends it back to
//   GET    …/git-hosts/github/repositories/           what there is to choose from
//   DELETE …/git-hosts/github/installations/{id}/     the account works with it no more
//   GET    /api/v2/integrations/github/installations/ as Terraform asks (a bare list)
//
// An installation is bound to the account of who connects it, when GitHub says that this person
// sees all of its repositories. What GitHub gave to ask so is not kept.
#pragma once

#include "api/api.hpp"
#include "features/git_hosts/live_git_hosts.hpp"
#include "infra/crypto/sealed.hpp"
#include "infra/pg/pool.hpp"

namespace mw::git_hosts {

// Nothing without an App. All of it outlives the endpoints.
void add_app_endpoints(api::Api& api, pg::Pool& pool, const crypto::Sealer& sealer,
                       LiveGitHosts& hosts, std::string public_url);

}  // namespace mw::git_hosts
