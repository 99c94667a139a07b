// What git clients talk to: /git/{repository_id}/{name}/….
//
// Signed in by HTTP's basic authentication, with an API token as the password, or by the token as
// on the rest of the API. Who may not see a repository is told that it is not there. Bodies are
// taken only from who may send them.
#pragma once

#include "api/api.hpp"
#include "infra/git/http_backend.hpp"
#include "infra/pg/pool.hpp"

namespace mw::managed_repositories {

void add_git_endpoints(api::Api& api, pg::Pool& pool, git::HttpBackend& backend);

}  // namespace mw::managed_repositories
