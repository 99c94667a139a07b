// /api/v3/users/{user_id}/credentials/: as whom one works on a project in development. One's own
// alone.
#pragma once

#include <boost/describe.hpp>

#include "api/api.hpp"
#include "base/ids.hpp"
#include "base/time.hpp"
#include "infra/pg/pool.hpp"

namespace mw::credentials {

struct UserCredentials {
    Id id = 0;
    Id account_id = 0;
    Id user_id = 0;
    Id project_id = 0;
    Id credentials_id = 0;
    int state = 1;
    Timestamp created_at;
    Timestamp updated_at;
};
BOOST_DESCRIBE_STRUCT(UserCredentials, (),
                      (id, account_id, user_id, project_id, credentials_id, state, created_at,
                       updated_at))

void add_user_credentials_endpoints(api::Api& api, pg::Pool& pool);

}  // namespace mw::credentials
