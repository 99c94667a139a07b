// Environment variables in the database.
#pragma once

#include <optional>
#include <vector>

#include "features/variables/variable.hpp"
#include "infra/crypto/sealed.hpp"
#include "infra/pg/pool.hpp"

namespace mw::variables {

namespace asio = boost::asio;

template <class T = void>
using Awaitable = asio::awaitable<result<T>>;

// All of a project's; those of one name if it is given.
Awaitable<std::vector<Variable>> list_variables(pg::Connection& connection, Id account_id,
                                                Id project_id);
Awaitable<std::optional<Variable>> lock_variable(pg::Connection& tx, Id account_id, Id project_id,
                                                 Id id);
// The value of that name in that place is this from now on, whether there was one or not.
Awaitable<Variable> put_variable(pg::Connection& tx, const crypto::Sealer& sealer,
                                 const Variable& variable, const std::string& value);
// The same for one that there is, which may get another name.
Awaitable<Variable> change_variable(pg::Connection& tx, const crypto::Sealer& sealer,
                                    const Variable& variable, std::optional<std::string> value);
// Gives what was there.
Awaitable<std::vector<Variable>> delete_variables(pg::Connection& tx, Id account_id, Id project_id,
                                                  std::vector<Id> ids);

struct PlaceName {
    Id id = 0;
    std::string name;
};
BOOST_DESCRIBE_STRUCT(PlaceName, (), (id, name))
Awaitable<std::vector<PlaceName>> environments_of(pg::Connection& connection, Id account_id,
                                                  Id project_id);
// The environment of a job of the project; empty when there is no such job.
Awaitable<std::optional<Id>> environment_of_job(pg::Connection& connection, Id account_id,
                                                Id project_id, Id job_id);

}  // namespace mw::variables
