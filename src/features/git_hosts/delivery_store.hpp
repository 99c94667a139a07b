// Webhooks that arrived: each is written down before it is answered, and acted on afterwards,
// once.
#pragma once

#include <boost/describe.hpp>
#include <chrono>
#include <optional>
#include <string>

#include "base/ids.hpp"
#include "base/time.hpp"
#include "features/git_hosts/awaitable.hpp"
#include "features/git_hosts/event.hpp"
#include "infra/pg/pool.hpp"

namespace mw::git_hosts {

// Tells whoever acts on deliveries, by NOTIFY.
inline constexpr const char* kDeliveriesChannel = "git_deliveries";

struct NewDelivery {
    std::string source;               // "github_app", or "repository:<id>"
    std::string delivery_id;          // the host's own, one of its kind from that source
    std::string kind;                 // of host: "github", "gitlab", "azure_devops", "gitea"
    std::string event;                // the host's name of it
    std::string payload;              // JSON
    std::optional<Id> repository_id;  // whose webhook it is; empty: the App's
};
// False: it is there already.
Awaitable<bool> insert_delivery(pg::Connection& tx, const NewDelivery& delivery);

struct Delivery {
    Id id = 0;
    std::string kind;
    std::string event;
    std::string payload;
    std::optional<Id> repository_id;
    Timestamp received_at;
};
BOOST_DESCRIBE_STRUCT(Delivery, (), (id, kind, event, payload, repository_id, received_at))
// The oldest that nobody has acted on, locked until the transaction ends; others' are left to them.
Awaitable<std::optional<Delivery>> lock_next_delivery(pg::Connection& tx);
// What came of it, in a few words for whoever looks ("3 runs made").
Awaitable<> set_handled(pg::Connection& tx, Id id, std::string outcome);
// Of one that was acted on as it came.
Awaitable<> set_handled(pg::Connection& tx, const NewDelivery& delivery, std::string outcome);

// Of those that were handled; how many.
Awaitable<int> delete_old_deliveries(pg::Pool& pool, std::chrono::days age);

// As its host's payload says it. Errors: invalid_argument, for what is none of its host's.
result<HostEvent> event_of(const Delivery& delivery);

}  // namespace mw::git_hosts
