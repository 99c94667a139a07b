#include "features/webhooks/deliverer.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>

#include "base/log.hpp"
#include "features/webhooks/webhook_api.hpp"

namespace mw::webhooks {

Deliverer::Deliverer(asio::any_io_executor executor, pg::Pool& pool, const crypto::Sealer& sealer,
                     http::AddressRules addresses, RetryRules retries)
    : pool_(pool),
      sealer_(sealer),
      addresses_(std::move(addresses)),
      retries_(retries),
      client_(executor),
      loop_(executor, pool, "webhook_outbox", "webhook events are not delivered") {
}

asio::awaitable<void> Deliverer::run() {
    using namespace asio::experimental::awaitable_operators;
    auto next = [this] { return deliver_next(); };
    co_await (loop_.listen() || loop_.work(next) || loop_.work(next) || loop_.work(next) ||
              loop_.work(next) || loop_.work(next) || loop_.work(next));
}

asio::awaitable<Attempt> Deliverer::attempt_of(const Taken& taken) {
    auto secret =
        sealer_.open(taken.sealed_hmac_secret.data, sealing_context(taken.subscription_id));
    if (!secret) {
        Attempt attempt;
        attempt.error_info = "The webhook's secret cannot be opened. Subscribe anew.";
        co_return attempt;
    }
    co_return co_await deliver(client_, taken.client_url, std::move(*secret), taken.payload,
                               addresses_);
}

Awaitable<bool> Deliverer::deliver_next() {
    MW_CO_TRY(auto taken, co_await take_event(pool_));
    if (!taken) co_return false;
    auto dispatched_at = now();
    auto attempt = co_await attempt_of(*taken);
    if (!attempt.taken())
        log::info("webhook event not taken", {{"event", taken->id},
                                              {"subscription", taken->subscription_id},
                                              {"attempt", taken->attempts},
                                              {"reason", attempt.error_info}});
    MW_CO_CHECK(co_await record_attempt(pool_, *taken, attempt, dispatched_at, retries_));
    co_return true;
}

}  // namespace mw::webhooks
