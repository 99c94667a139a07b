// Slack and Teams of an account, for the web application: /api/ui/accounts/{account_id}/chat/…
//
// What is off, by the operator or by the account, is not there: 404.
#pragma once

#include "api/api.hpp"
#include "features/chat/messenger.hpp"

namespace mw::chat {

// `messenger` must outlive the router behind `api`.
void add_chat_endpoints(api::Api& api, pg::Pool& pool, Messenger& messenger);

// The parts of the above.
void add_slack_endpoints(api::Api& api, pg::Pool& pool, Messenger& messenger);
void add_teams_endpoints(api::Api& api, pg::Pool& pool, Messenger& messenger);

// Errors: not_found, when the service is off.
Awaitable<> check_on(pg::Connection& connection, const Messenger& messenger, Id account_id,
                     Service service);

// A workspace or a channel as clients see it, without its secret.
boost::json::object destination_json(const Destination& destination);
boost::json::object destination_schema(Service service);

}  // namespace mw::chat
