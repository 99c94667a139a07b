// Credentials in the database.
#pragma once

#include <optional>

#include "features/credentials/credentials.hpp"
#include "infra/crypto/sealed.hpp"
#include "infra/pg/pool.hpp"

namespace mw::credentials {

boost::asio::awaitable<result<std::optional<Credentials>>> find_credentials(pg::Pool& pool,
                                                                            Id account_id, Id id);
boost::asio::awaitable<result<Id>> insert_credentials(pg::Connection& connection,
                                                      const crypto::Sealer& sealer,
                                                      NewCredentials values);
// Instead of the sealed secret fields that they have.
boost::asio::awaitable<result<>> set_sealed(pg::Connection& connection, Id id, pg::Bytes sealed);
// Under what name the secret fields of these credentials are sealed.
std::string sealing_context(Id id);

}  // namespace mw::credentials
