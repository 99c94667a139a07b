// /api/v3/accounts/{account_id}/license-maps/: which groups of an identity provider give which
// licence to whoever signs in.
#pragma once

#include <boost/describe.hpp>
#include <string>
#include <vector>

#include "api/api.hpp"
#include "base/ids.hpp"
#include "base/time.hpp"
#include "infra/pg/pool.hpp"

namespace mw::license_maps {

struct LicenseMap {
    Id id = 0;
    Id account_id = 0;
    std::string license_type;
    std::vector<std::string> sso_license_mapping_groups;
    int state = 1;
    Timestamp created_at;
    Timestamp updated_at;
};
BOOST_DESCRIBE_STRUCT(LicenseMap, (),
                      (id, account_id, license_type, sso_license_mapping_groups, state, created_at,
                       updated_at))

void add_license_map_endpoints(api::Api& api, pg::Pool& pool);

}  // namespace mw::license_maps
