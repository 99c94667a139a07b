// Writes the audit log, on the transaction of the change itself.
#pragma once

#include <boost/json/object.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "api/caller.hpp"
#include "infra/pg/connection.hpp"

namespace mw::audit {

// What happened to what. `data` says more; never a secret.
struct Event {
    std::string_view event;         // "job.created"
    std::string_view subject_type;  // "job"
    std::optional<Id> subject_id;
    boost::json::object data = {};
};

boost::asio::awaitable<result<>> record(pg::Connection& connection, const api::Caller& caller,
                                        Event event);

// For what the product does by itself (the scheduler, the janitor, the operator's commands).
boost::asio::awaitable<result<>> record_system(pg::Connection& connection, Id account_id,
                                               std::string_view actor, Event event);

}  // namespace mw::audit
