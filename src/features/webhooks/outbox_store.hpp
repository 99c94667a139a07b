// Events on their way: written with the run that they tell of, taken by whoever delivers.
//
// An event is delivered at least once: who takes it and dies loses it to the next after a minute.
// Of one run, a subscriber hears in order: an event waits for those before it.
#pragma once

#include "features/webhooks/delivery.hpp"
#include "features/webhooks/webhook_store.hpp"

namespace mw::webhooks {

// For every subscription that is to hear of it; on the transaction that changes the run, after the
// change. `type` is one of kEventTypes.
Awaitable<> record_run_event(pg::Connection& tx, Id account_id, Id job_id, Id run_id,
                             std::string_view type);

// What was not sent when a subscription ended is not sent when it begins again.
Awaitable<> drop_events(pg::Connection& tx, std::string subscription_id);

struct Taken {
    std::string id;
    std::string subscription_id;
    Id account_id = 0;
    std::string client_url;
    pg::Bytes sealed_hmac_secret;
    std::string payload;
    int attempts = 0;  // with the one that is to come
};
BOOST_DESCRIBE_STRUCT(Taken, (),
                      (id, subscription_id, account_id, client_url, sealed_hmac_secret, payload,
                       attempts))

// The next that is due, if there is one.
Awaitable<std::optional<Taken>> take_event(pg::Pool& pool);

struct RetryRules {
    int attempts = 5;
    std::chrono::seconds first_pause{10};  // three times as long after each
    int failures_to_deactivate = 5;        // events one after the other, with all their attempts
};
// Keeps what came of a try: the receipt, when the next is due, and at last whether the
// subscription is given up.
Awaitable<> record_attempt(pg::Pool& pool, const Taken& taken, const Attempt& attempt,
                           Timestamp dispatched_at, const RetryRules& rules);

// With their receipts; how many.
Awaitable<int> delete_old_events(pg::Pool& pool, std::chrono::days age);

}  // namespace mw::webhooks
