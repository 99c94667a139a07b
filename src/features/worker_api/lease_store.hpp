// The lease behind a worker's token: all its SQL. The scheduler makes leases (features/queue).
//
// A lease counts as long as its row is there. Whether one that has run out is lost is for the
// scheduler alone to decide: after an outage, the worker that is heard from first keeps its run.
#pragma once

#include <boost/describe.hpp>
#include <chrono>
#include <optional>
#include <string>

#include "base/ids.hpp"
#include "infra/pg/pool.hpp"

namespace mw::worker_api {

namespace asio = boost::asio;

template <class T = void>
using Awaitable = asio::awaitable<result<T>>;

struct Lease {
    Id run_id = 0;
    Id account_id = 0;
    bool cancel = false;  // its worker is to stop
    std::optional<std::string> cancel_reason;
};
BOOST_DESCRIBE_STRUCT(Lease, (), (run_id, account_id, cancel, cancel_reason))

Awaitable<std::optional<Lease>> find_lease(pg::Connection& connection,
                                           const std::string& token_hash);
// The same, holding the lease (not its run) until the transaction ends.
Awaitable<std::optional<Lease>> lock_lease(pg::Connection& tx, const std::string& token_hash);
// A sign of life: the lease holds for `length` from now.
Awaitable<std::optional<Lease>> renew_lease(pg::Connection& connection,
                                            const std::string& token_hash,
                                            std::chrono::seconds length);

// The repository of its run's project, if it is one that is kept here.
Awaitable<std::optional<Id>> find_managed_repository(pg::Pool& pool, const std::string& token_hash);

}  // namespace mw::worker_api
