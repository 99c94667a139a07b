// /api/v2/accounts/{account_id}/notifications/: who is told of which jobs' ends.
#pragma once

#include <boost/describe.hpp>
#include <optional>
#include <string>
#include <vector>

#include "api/api.hpp"
#include "base/ids.hpp"
#include "base/time.hpp"
#include "infra/pg/pool.hpp"

namespace mw::notifications {

// The contract's numbers (3.6); the last is ours.
enum class Type { email = 1, slack = 2, external_email = 4, slack_second = 5, teams = 6 };

struct Notification {
    Id id = 0;
    Id account_id = 0;
    Id user_id = 0;
    int type = 1;
    std::optional<std::string> external_email;
    std::optional<std::string> slack_channel_id;
    std::optional<std::string> slack_channel_name;
    std::optional<Id> teams_channel_id;
    std::vector<Id> on_cancel;  // ids of jobs, as in the next three
    std::vector<Id> on_failure;
    std::vector<Id> on_success;
    std::vector<Id> on_warning;
    int state = 1;
    Timestamp created_at;
    Timestamp updated_at;
};
BOOST_DESCRIBE_STRUCT(Notification, (),
                      (id, account_id, user_id, type, external_email, slack_channel_id,
                       slack_channel_name, teams_channel_id, on_cancel, on_failure, on_success,
                       on_warning, state, created_at, updated_at))

void add_notification_endpoints(api::Api& api, pg::Pool& pool);

}  // namespace mw::notifications
