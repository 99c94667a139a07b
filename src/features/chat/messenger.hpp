// Sends messages to Slack and Teams for as long as it runs. Any number of processes may.
//
// One io thread.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <optional>

#include "features/chat/channel_book.hpp"
#include "features/chat/chat_settings.hpp"
#include "features/chat/destination_store.hpp"
#include "features/chat/message_store.hpp"
#include "features/chat/slack_client.hpp"
#include "features/chat/teams_client.hpp"
#include "features/mail/mail_store.hpp"
#include "infra/pg/outbox_loop.hpp"
#include "infra/pg/pool.hpp"

namespace mw::chat {

class Messenger {
  public:
    // A service that is off by the operator is not spoken to, and what waits for it is removed.
    // `outbox`: where there is a mail server. `public_url` is "https://host[:port]".
    Messenger(boost::asio::any_io_executor executor, pg::Pool& pool, const crypto::Sealer& sealer,
              ChatSettings settings, std::string public_url,
              std::optional<mail::Outbox> outbox = {});

    // Until it is cancelled. What is being sent then is sent again by another.
    boost::asio::awaitable<void> run();

    // One that is due, now. False when there is none.
    Awaitable<bool> deliver_next();

    // A test, at once. Errors: as to_result.
    Awaitable<> test_slack(Destination workspace, std::string channel_id, std::string asked_by);
    Awaitable<> test_teams(Destination channel, std::string asked_by);

    // Of a workspace's channels: see ChannelBook.
    Awaitable<std::vector<SlackChannel>> find_channels(Destination workspace, std::string search);
    void forget_channels(Id destination_id);

    const ChatSettings& settings() const { return settings_; }
    // There when the operator has Slack on.
    SlackClient* slack() { return slack_ ? &*slack_ : nullptr; }
    const crypto::Sealer& sealer() const { return sealer_; }
    const std::string& public_url() const { return public_url_; }

  private:
    std::vector<std::string> services(bool on) const;
    boost::asio::awaitable<void> remove_what_waits();
    Awaitable<Outcome> send(const Taken& taken);
    Awaitable<> tell_owners(pg::Connection& tx, Id account_id, std::string workspace,
                            std::string reason, std::vector<std::string> people);

    boost::asio::any_io_executor executor_;
    pg::Pool& pool_;
    const crypto::Sealer& sealer_;
    ChatSettings settings_;
    std::string public_url_;
    std::optional<mail::Outbox> outbox_;
    std::optional<SlackClient> slack_;
    std::optional<ChannelBook> channels_;
    TeamsClient teams_;
    pg::OutboxLoop loop_;
};

}  // namespace mw::chat
