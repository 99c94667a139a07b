#include "features/webhooks/deliverer.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/log.hpp"
#include "features/webhooks/webhook_api.hpp"

namespace mw::webhooks {
namespace {

using namespace std::chrono_literals;

// When a wake-up was missed, or a try has become due.
constexpr auto kPoll = 2s;
constexpr auto kAfterTrouble = 5s;

}  // namespace

Deliverer::Deliverer(asio::any_io_executor executor, pg::Pool& pool, const crypto::Sealer& sealer,
                     http::AddressRules addresses, RetryRules retries)
    : executor_(executor),
      pool_(pool),
      sealer_(sealer),
      addresses_(std::move(addresses)),
      retries_(retries),
      client_(executor),
      listener_(
          pool, {"webhook_outbox"}, [this](const pg::Notification&) { wake_.notify(); },
          [this] { wake_.notify(); }),
      wake_(executor) {
}

asio::awaitable<void> Deliverer::run() {
    using namespace asio::experimental::awaitable_operators;
    co_await (listener_.run() || work() || work() || work() || work() || work() || work());
}

asio::awaitable<void> Deliverer::work() {
    asio::steady_timer pause(executor_);
    for (;;) {
        auto seen = wake_.count();
        auto delivered = co_await deliver_next();
        auto state = co_await asio::this_coro::cancellation_state;
        if (state.cancelled() != asio::cancellation_type::none) co_return;
        if (!delivered) {
            log::warn("webhook events are not delivered", {{"reason", delivered.error().message},
                                                           {"detail", delivered.error().detail}});
            pause.expires_after(kAfterTrouble);
            co_await pause.async_wait(asio::use_awaitable);
        } else if (!*delivered) {
            co_await wake_.wait(seen, kPoll);
        }
    }
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
