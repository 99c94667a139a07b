// …/git-hosts/: what of git hosts is on, by the operator and in the account. It is there whatever
// is off, so that the web application knows what to show.
#pragma once

#include "api/api.hpp"
#include "features/git_hosts/git_host_settings.hpp"
#include "infra/pg/pool.hpp"

namespace mw::git_hosts {

// `settings` outlives the endpoints.
void add_git_host_endpoints(api::Api& api, pg::Pool& pool, const GitHostSettings& settings);

}  // namespace mw::git_hosts
