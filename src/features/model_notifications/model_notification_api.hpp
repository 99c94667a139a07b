// GET and POST /api/v3/accounts/{account_id}/environments/{environment_id}/model-notifications/;
// DELETE …/sao-cache/.
#pragma once

#include "api/api.hpp"
#include "infra/pg/pool.hpp"

namespace mw::model_notifications {

void add_model_notification_endpoints(api::Api& api, pg::Pool& pool);

}  // namespace mw::model_notifications
