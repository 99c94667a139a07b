// The operator's own commands work straight on the appliance's database, as the user that owns
// its data folder; blocking from the outside.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <functional>

#include "base/layout.hpp"
#include "infra/crypto/sealed.hpp"
#include "infra/pg/pool.hpp"

namespace mw::cli {

// When root calls, goes on as the owner of the data folder, as which PostgreSQL lets it in.
result<> become_data_owner(const Layout& layout);

// Opens the database and the keys, runs `work` to its end, and gives its outcome.
result<> with_database(
    const Layout& layout,
    std::function<boost::asio::awaitable<result<>>(pg::Pool&, const crypto::Sealer&)> work);

}  // namespace mw::cli
