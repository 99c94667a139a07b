// Sends letters for as long as it runs. Any number of processes may.
//
// Thread: one io thread; what talks to the mail server does so on two threads of its own.
#pragma once

#include <boost/asio/any_io_executor.hpp>

#include "base/offload.hpp"
#include "features/mail/mail_settings.hpp"
#include "features/mail/mail_store.hpp"
#include "infra/pg/outbox_loop.hpp"
#include "infra/pg/pool.hpp"

namespace mw::mail {

class Mailer {
  public:
    // Without settings it sends nothing, and removes what waits.
    Mailer(asio::any_io_executor executor, pg::Pool& pool, const crypto::Sealer& sealer,
           std::optional<MailSettings> settings, std::string public_url);

    // Until it is cancelled. What is being sent then may be sent again by another.
    asio::awaitable<void> run();

    // One that is due, now. False when there is none.
    Awaitable<bool> deliver_next();

    // At once, and to nobody's outbox. Errors: as smtp::send.
    Awaitable<> send_now(std::string recipient, Content content);

    const std::optional<MailSettings>& settings() const { return settings_; }

  private:
    asio::awaitable<void> remove_what_waits();
    Awaitable<std::optional<Content>> content_of(const Taken& taken);
    Awaitable<> send(const Taken& taken, const Content& content);
    Awaitable<> hand_over(std::string recipient, Content content, std::string message_id,
                          std::string unsubscribe_link);
    std::string unsubscribe_link(const Taken& taken) const;
    std::string one_click_link(const Taken& taken) const;

    asio::any_io_executor executor_;
    pg::Pool& pool_;
    const crypto::Sealer& sealer_;
    std::optional<MailSettings> settings_;
    std::string public_url_;
    BlockingPool blocking_;
    pg::OutboxLoop loop_;
};

}  // namespace mw::mail
