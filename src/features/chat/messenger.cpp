#include "features/chat/messenger.hpp"

#include <fmt/format.h>

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/log.hpp"
#include "features/chat/slack_message.hpp"
#include "features/chat/teams_card.hpp"
#include "features/mail/letter.hpp"
#include "features/mail/run_letter_store.hpp"

namespace mw::chat {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

constexpr auto kBetweenRemovals = 60s;

}  // namespace

Messenger::Messenger(asio::any_io_executor executor, pg::Pool& pool, const crypto::Sealer& sealer,
                     ChatSettings settings, std::string public_url,
                     std::optional<mail::Outbox> outbox)
    : executor_(executor),
      pool_(pool),
      sealer_(sealer),
      settings_(std::move(settings)),
      public_url_(std::move(public_url)),
      outbox_(outbox),
      teams_(executor, settings_.networks),
      loop_(executor, pool, "chat_messages", "messages to chats are not sent") {
    if (!settings_.slack) return;
    slack_.emplace(executor, *settings_.slack);
    channels_.emplace(*slack_);
}

asio::awaitable<void> Messenger::run() {
    using namespace asio::experimental::awaitable_operators;
    if (!settings_.slack && !settings_.teams) co_return co_await remove_what_waits();
    auto next = [this] { return deliver_next(); };
    co_await (remove_what_waits() || loop_.listen() || loop_.work(next) || loop_.work(next) ||
              loop_.work(next) || loop_.work(next));
}

std::vector<std::string> Messenger::services(bool on) const {
    std::vector<std::string> services;
    for (auto service : {Service::slack, Service::teams})
        if (settings_.has(service) == on) services.push_back(name_of(service));
    return services;
}

asio::awaitable<void> Messenger::remove_what_waits() {
    auto off = services(false);
    asio::steady_timer pause(executor_);
    for (;;) {
        auto removed = off.empty() ? result<>{} : co_await remove_waiting(pool_, off);
        if (!removed)
            log::warn("messages that nobody sends stay", {{"reason", removed.error().message}});
        pause.expires_after(kBetweenRemovals);
        co_await pause.async_wait(asio::use_awaitable);
    }
}

Awaitable<bool> Messenger::deliver_next() {
    MW_CO_TRY(auto taken, co_await take_message(pool_, services(true)));
    if (!taken) co_return false;
    MW_CO_TRY(auto outcome, co_await send(*taken));
    if (!outcome.taken())
        log::info("chat message not taken", {{"id", taken->id},
                                             {"destination", taken->destination_id},
                                             {"attempt", taken->attempts},
                                             {"reason", outcome.reason}});
    auto work = [&](pg::Connection& tx) -> Awaitable<> {
        MW_CO_TRY(auto people, co_await record_outcome(tx, *taken, outcome, settings_.retries));
        co_return co_await tell_owners(tx, taken->account_id, taken->name, outcome.reason,
                                       std::move(people));
    };
    MW_CO_CHECK(co_await pg::with_tx(pool_, work));
    co_return true;
}

Awaitable<Outcome> Messenger::send(const Taken& taken) {
    MW_CO_TRY(auto report, co_await mail::report_of_run(pool_, taken.run_id));
    if (!report) co_return Outcome{Outcome::Kind::dead, "The run has been removed."};
    auto secret = open_secret(sealer_, taken.destination_id, taken.sealed_secret);
    if (!secret) co_return Outcome{Outcome::Kind::dead, secret.error().message};
    if (taken.service == name_of(Service::teams))
        co_return co_await teams_.post(std::move(*secret), teams_message(*report, public_url_));
    co_return co_await slack_->post(std::move(*secret), taken.channel_id,
                                    slack_message(*report, public_url_));
}

Awaitable<> Messenger::tell_owners(pg::Connection& tx, Id account_id, std::string workspace,
                                   std::string reason, std::vector<std::string> people) {
    if (people.empty()) co_return result<>{};
    log::warn("a Slack workspace takes nothing more",
              {{"account", account_id}, {"reason", reason}});
    if (!outbox_) co_return result<>{};
    auto link = fmt::format("{}/settings/{}/chat", public_url_, account_id);
    for (auto& person : people)
        MW_CO_CHECK(co_await outbox_->write(tx, account_id, mail::kChatBroken, std::move(person),
                                            mail::chat_broken_letter(workspace, reason, link)));
    co_return result<>{};
}

Awaitable<> Messenger::test_slack(Destination workspace, std::string channel_id,
                                  std::string asked_by) {
    if (workspace.broken_reason) co_return fail(Errc::conflict, *workspace.broken_reason);
    if (auto wait = workspace.quiet_until - now(); wait.count() > 0)
        co_return to_result({Outcome::Kind::wait, "Slack asked to wait a little.",
                             std::chrono::ceil<std::chrono::seconds>(wait)});
    MW_CO_TRY(auto token, open_secret(sealer_, workspace.id, workspace.sealed_secret));
    auto outcome = co_await slack_->post(std::move(token), std::move(channel_id),
                                         slack_test(asked_by, public_url_));
    auto work = [&](pg::Connection& tx) -> Awaitable<> {
        if (outcome.kind == Outcome::Kind::wait)
            MW_CO_CHECK(co_await keep_quiet(tx, workspace.id, outcome.wait));
        if (outcome.kind != Outcome::Kind::broken) co_return result<>{};
        MW_CO_TRY(auto people,
                  co_await mark_broken(tx, workspace.id, workspace.sealed_secret, outcome.reason));
        co_return co_await tell_owners(tx, workspace.account_id, workspace.name, outcome.reason,
                                       std::move(people));
    };
    MW_CO_CHECK(co_await pg::with_tx(pool_, work));
    co_return to_result(outcome);
}

Awaitable<> Messenger::test_teams(Destination channel, std::string asked_by) {
    MW_CO_TRY(auto url, open_secret(sealer_, channel.id, channel.sealed_secret));
    auto outcome = co_await teams_.post(std::move(url), teams_test(asked_by, public_url_));
    co_return to_result(outcome);
}

Awaitable<std::vector<SlackChannel>> Messenger::find_channels(Destination workspace,
                                                              std::string search) {
    MW_CO_TRY(auto token, open_secret(sealer_, workspace.id, workspace.sealed_secret));
    co_return co_await channels_->find(workspace.id, std::move(token), std::move(search));
}

void Messenger::forget_channels(Id destination_id) {
    if (channels_) channels_->forget(destination_id);
}

}  // namespace mw::chat
