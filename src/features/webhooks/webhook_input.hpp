// The body of a webhook subscription. Pure.
#pragma once

#include "base/json_reader.hpp"
#include "features/webhooks/webhook.hpp"

namespace mw::webhooks {

// Onto `subscription`; an update keeps what the body leaves out. Ids of jobs may be texts (contract
// 3.6). Errors: name every wrong field.
result<> read_subscription(const RequestBody& body, bool is_new, Subscription& subscription);

}  // namespace mw::webhooks
