// Whether an id that a body names is one of a row that may be named.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "base/ids.hpp"
#include "infra/pg/connection.hpp"

namespace mw::resources {

// Active, of the account and, where the table has projects, of this one; held until the
// transaction ends. Errors: a 400 that names the field.
boost::asio::awaitable<result<>> check_reference(pg::Connection& tx, std::string field,
                                                 std::string_view table, Id account_id,
                                                 std::optional<Id> project_id, Id id);

}  // namespace mw::resources
