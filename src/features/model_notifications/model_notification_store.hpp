// The switches of an environment's model notifications.
#pragma once

#include <boost/describe.hpp>
#include <optional>

#include "base/ids.hpp"
#include "infra/pg/connection.hpp"

namespace mw::model_notifications {

struct Switches {
    bool enabled = false;
    bool on_success = false;
    bool on_failure = true;
    bool on_warning = false;
    bool on_skipped = false;
};
BOOST_DESCRIBE_STRUCT(Switches, (), (enabled, on_success, on_failure, on_warning, on_skipped))

boost::asio::awaitable<result<Switches>> find_switches(pg::Connection& connection,
                                                       Id environment_id);
boost::asio::awaitable<result<>> set_switches(pg::Connection& tx, Id environment_id,
                                              Switches switches);

}  // namespace mw::model_notifications
