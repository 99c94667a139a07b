// The data keys in the database, and the Sealer made of them.
#pragma once

#include "infra/crypto/sealed.hpp"
#include "infra/pg/pool.hpp"

namespace mw::data_keys {

// Makes the first data key if there is none; safe when several processes start at once.
boost::asio::awaitable<result<crypto::Sealer>> load_sealer(pg::Pool& pool,
                                                           const crypto::MasterKey& master);

}  // namespace mw::data_keys
