// Delivers events for as long as it runs, some at once. Any number of processes may.
//
// Thread: one io thread.
#pragma once

#include <boost/asio/any_io_executor.hpp>

#include "features/webhooks/outbox_store.hpp"
#include "infra/crypto/sealed.hpp"
#include "infra/http/client/address_rules.hpp"
#include "infra/pg/outbox_loop.hpp"
#include "infra/pg/pool.hpp"

namespace mw::webhooks {

class Deliverer {
  public:
    Deliverer(asio::any_io_executor executor, pg::Pool& pool, const crypto::Sealer& sealer,
              http::AddressRules addresses, RetryRules retries);

    // Until it is cancelled. What is being sent then is sent again by another.
    asio::awaitable<void> run();

    // One that is due, now. False when there is none.
    Awaitable<bool> deliver_next();

  private:
    asio::awaitable<Attempt> attempt_of(const Taken& taken);

    pg::Pool& pool_;
    const crypto::Sealer& sealer_;
    http::AddressRules addresses_;
    RetryRules retries_;
    http::Client client_;
    pg::OutboxLoop loop_;
};

}  // namespace mw::webhooks
