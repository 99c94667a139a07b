// Webhook subscriptions, events and receipts in the database.
#pragma once

#include <optional>
#include <vector>

#include "features/webhooks/webhook.hpp"
#include "infra/pg/pool.hpp"

namespace mw::webhooks {

namespace asio = boost::asio;

template <class T = void>
using Awaitable = asio::awaitable<result<T>>;

struct PageOf {
    std::int64_t limit = 10;
    std::int64_t offset = 0;
};

Awaitable<std::vector<Subscription>> list_subscriptions(pg::Connection& connection, Id account_id,
                                                        PageOf page);
Awaitable<std::int64_t> count_subscriptions(pg::Connection& connection, Id account_id);
Awaitable<std::optional<Subscription>> find_subscription(pg::Connection& connection, Id account_id,
                                                         std::string id);
Awaitable<> insert_subscription(pg::Connection& tx, const Subscription& subscription,
                                pg::Bytes sealed_hmac_secret);
Awaitable<> update_subscription(pg::Connection& tx, const Subscription& subscription);
// With its events and their receipts. False: there was none.
Awaitable<bool> delete_subscription(pg::Connection& tx, Id account_id, std::string id);
// Ids that are jobs of the account.
Awaitable<std::vector<Id>> known_jobs(pg::Connection& connection, Id account_id,
                                      std::vector<Id> ids);

// The secret that signs its events, sealed; empty when it is gone.
Awaitable<std::optional<pg::Bytes>> sealed_secret(pg::Connection& connection, std::string id);

// Neither does anything when the subscription was deleted meanwhile.
Awaitable<> insert_event(pg::Connection& tx, const Event& event);
Awaitable<> insert_receipt(pg::Connection& tx, Id account_id, const Receipt& receipt);

Awaitable<std::vector<Event>> list_events(pg::Connection& connection, Id account_id,
                                          std::string subscription_id, PageOf page);
Awaitable<std::int64_t> count_events(pg::Connection& connection, Id account_id,
                                     std::string subscription_id);
Awaitable<std::optional<Event>> find_event(pg::Connection& connection, Id account_id,
                                           std::string id);
Awaitable<std::vector<Receipt>> receipts_of(pg::Connection& connection, Id account_id,
                                            std::string event_id);
Awaitable<std::optional<Receipt>> find_receipt(pg::Connection& connection, Id account_id,
                                               std::string id);

}  // namespace mw::webhooks
