// /api/v3/accounts/{account_id}/projects/{project_id}/managed-repositories/….
#pragma once

#include <filesystem>
#include <string>

#include "api/api.hpp"
#include "infra/pg/pool.hpp"

namespace mw::managed_repositories {

// `folder` holds the repositories; `public_url`: "https://host[:port]".
void add_managed_repository_endpoints(api::Api& api, pg::Pool& pool, std::filesystem::path folder,
                                      std::string public_url);

}  // namespace mw::managed_repositories
