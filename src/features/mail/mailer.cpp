#include "features/mail/mailer.hpp"

#include <fmt/format.h>

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/log.hpp"
#include "features/mail/letter.hpp"
#include "features/mail/owner_letter_store.hpp"
#include "features/mail/run_letter_store.hpp"
#include "infra/crypto/random.hpp"
#include "infra/smtp/message.hpp"

namespace mw::mail {
namespace {

using namespace std::chrono_literals;

constexpr auto kBetweenRemovals = 60s;
constexpr std::size_t kAtOnce = 2;

}  // namespace

Mailer::Mailer(asio::any_io_executor executor, pg::Pool& pool, const crypto::Sealer& sealer,
               std::optional<MailSettings> settings, std::string public_url)
    : executor_(executor),
      pool_(pool),
      sealer_(sealer),
      settings_(std::move(settings)),
      public_url_(std::move(public_url)),
      blocking_(BlockingPool::Options{.threads = kAtOnce, .queue_max = 64}),
      loop_(executor, pool, "letters", "letters are not sent") {
}

asio::awaitable<void> Mailer::run() {
    using namespace asio::experimental::awaitable_operators;
    if (!settings_) co_return co_await remove_what_waits();
    auto next = [this] { return deliver_next(); };
    co_await (loop_.listen() || loop_.work(next) || loop_.work(next));
}

asio::awaitable<void> Mailer::remove_what_waits() {
    asio::steady_timer pause(executor_);
    for (;;) {
        auto removed = co_await remove_waiting(pool_);
        if (!removed)
            log::warn("letters that nobody sends stay", {{"reason", removed.error().message}});
        pause.expires_after(kBetweenRemovals);
        co_await pause.async_wait(asio::use_awaitable);
    }
}

Awaitable<bool> Mailer::deliver_next() {
    MW_CO_TRY(auto taken, co_await take_letter(pool_));
    if (!taken) co_return false;
    MW_CO_TRY(auto content, co_await content_of(*taken));
    if (!content) co_return true;
    auto sent = co_await send(*taken, *content);
    if (sent) {
        MW_CO_CHECK(co_await record_sent(pool_, taken->id, content->subject));
        co_return true;
    }
    log::info(
        "letter not taken",
        {{"letter", taken->id}, {"attempt", taken->attempts}, {"reason", sent.error().message}});
    MW_CO_CHECK(co_await record_failure(pool_, *taken, sent.error().message,
                                        sent.error().code == Errc::invalid_argument,
                                        settings_->retries));
    co_return true;
}

// None: there is nothing to say, which has been recorded.
Awaitable<std::optional<Content>> Mailer::content_of(const Taken& taken) {
    if (taken.run_id) {
        MW_CO_TRY(auto report, co_await report_of_run(pool_, *taken.run_id));
        if (report && taken.kind == kModels) {
            MW_CO_TRY(auto nodes, co_await nodes_of_owner(pool_, *taken.run_id, taken.recipient));
            // A later run may have come to all of them: that one's letter says more.
            if (!nodes.empty()) co_return models_letter(report->run, nodes, public_url_);
        } else if (report) {
            co_return run_letter(*report, public_url_, unsubscribe_link(taken));
        }
    } else if (taken.sealed_content) {
        auto content = open_content(sealer_, taken);
        if (content) co_return *std::move(content);
    }
    MW_CO_CHECK(co_await record_failure(pool_, taken, "What the letter says is no longer there.",
                                        true, settings_->retries));
    co_return std::nullopt;
}

std::string Mailer::unsubscribe_link(const Taken& taken) const {
    // In the fragment, which no server and no log sees.
    if (!taken.unsubscribe_key) return {};
    return fmt::format("{}/unsubscribe#{}", public_url_, *taken.unsubscribe_key);
}

// A mail program has to post somewhere: the key stands in the path, of this one address alone.
std::string Mailer::one_click_link(const Taken& taken) const {
    if (!taken.unsubscribe_key) return {};
    return fmt::format("{}/api/ui/unsubscribe/{}/", public_url_, *taken.unsubscribe_key);
}

Awaitable<> Mailer::send(const Taken& taken, const Content& content) {
    co_return co_await hand_over(taken.recipient, content, taken.message_id, one_click_link(taken));
}

Awaitable<> Mailer::send_now(std::string recipient, Content content) {
    if (!settings_)
        co_return fail(Errc::conflict,
                       "There is no mail server: the operator sets MILLWRIGHT_SMTP_HOST.");
    co_return co_await hand_over(std::move(recipient), std::move(content), crypto::random_hex(16),
                                 {});
}

Awaitable<> Mailer::hand_over(std::string recipient, Content content, std::string message_id,
                              std::string unsubscribe_link) {
    auto domain = settings_->from_address.substr(settings_->from_address.find('@') + 1);
    smtp::Message message{.from_address = settings_->from_address,
                          .from_name = settings_->from_name,
                          .to = recipient,
                          .subject = std::move(content.subject),
                          .text = std::move(content.text),
                          .html = std::move(content.html),
                          .message_id = fmt::format("{}@{}", message_id, domain),
                          .date = now(),
                          .unsubscribe_url = {}};
    if (!unsubscribe_link.empty()) message.unsubscribe_url = std::move(unsubscribe_link);
    MW_CO_TRY(auto written, smtp::to_rfc5322(message));
    co_return co_await offload(blocking_, [&] {
        return smtp::send(settings_->server, settings_->from_address, recipient, written);
    });
}

}  // namespace mw::mail
