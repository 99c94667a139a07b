// What a subscriber is sent (contract 4.1). Pure.
#pragma once

#include <boost/json/object.hpp>
#include <string_view>

#include "base/time.hpp"
#include "features/webhooks/run_facts.hpp"
#include "features/webhooks/webhook.hpp"

namespace mw::webhooks {

// `type` is one of kEventTypes.
boost::json::object event_payload(const Subscription& subscription, std::string_view event_id,
                                  std::string_view type, const RunFacts& run, Timestamp at);

// An event of a made-up run, of the first kind that the subscription is for.
boost::json::object test_payload(const Subscription& subscription, std::string_view event_id,
                                 Timestamp at);

}  // namespace mw::webhooks
