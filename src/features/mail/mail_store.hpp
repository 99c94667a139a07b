// Letters in the database, and whether an account has e-mail.
#pragma once

#include <boost/describe.hpp>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.hpp"
#include "base/time.hpp"
#include "infra/crypto/sealed.hpp"
#include "infra/pg/pool.hpp"

namespace mw::mail {

namespace asio = boost::asio;

template <class T = void>
using Awaitable = asio::awaitable<result<T>>;

// What a letter says.
struct Content {
    std::string subject;
    std::string text;
    std::string html;
};

inline constexpr std::string_view kModels = "models";
inline constexpr std::string_view kInvitation = "invitation";
inline constexpr std::string_view kPasswordReset = "password_reset";
inline constexpr std::string_view kChatBroken = "chat_broken";

// For features that write letters; there is one only where there is a mail server.
class Outbox {
  public:
    // The sealer outlives it.
    explicit Outbox(const crypto::Sealer& sealer) : sealer_(&sealer) {}

    // To be sent, if the account has e-mail; on the transaction of what it tells. `kind` as above.
    Awaitable<> write(pg::Connection& tx, Id account_id, std::string_view kind,
                      std::string recipient, Content content) const;

  private:
    const crypto::Sealer* sealer_;
};

// As the web application shows it.
struct Letter {
    Id id = 0;
    std::string kind;
    std::string recipient;
    std::string subject;
    std::optional<Id> run_id;
    std::optional<Id> project_id;  // the run's
    std::string status;
    int attempts = 0;
    std::optional<std::string> last_error;
    Timestamp created_at;
    std::optional<Timestamp> ended_at;
    Timestamp next_try_at;
};
BOOST_DESCRIBE_STRUCT(Letter, (),
                      (id, kind, recipient, subject, run_id, project_id, status, attempts,
                       last_error, created_at, ended_at, next_try_at))

// The newest; of this status, or of any if it is empty.
Awaitable<std::vector<Letter>> list_letters(pg::Connection& connection, Id account_id,
                                            std::string_view status);
// One that failed waits again. None: it did not fail, or is not there.
Awaitable<std::optional<Letter>> try_again(pg::Connection& tx, Id account_id, Id id);

Awaitable<bool> is_enabled(pg::Connection& connection, Id account_id);
// Off: what waits is not sent later.
Awaitable<> set_enabled(pg::Connection& tx, Id account_id, bool enabled);

// One that is being sent.
struct Taken {
    Id id = 0;
    Id account_id = 0;
    std::string kind;
    std::string recipient;
    std::string subject;  // empty: not known before it is sent
    std::optional<Id> run_id;
    std::optional<std::string> unsubscribe_key;
    std::string message_id;
    std::optional<pg::Bytes> sealed_content;
    int attempts = 0;  // with the one that is to come
    Timestamp created_at;
};
BOOST_DESCRIBE_STRUCT(Taken, (),
                      (id, account_id, kind, recipient, subject, run_id, unsubscribe_key,
                       message_id, sealed_content, attempts, created_at))

// The next that is due, if there is one; nobody else gets it for two minutes.
Awaitable<std::optional<Taken>> take_letter(pg::Pool& pool);
// What a letter with sealed content says.
result<Content> open_content(const crypto::Sealer& sealer, const Taken& taken);

struct RetryRules {
    int attempts = 5;
    std::chrono::seconds first_pause{30};  // four times as long after each
};
Awaitable<> record_sent(pg::Pool& pool, Id id, std::string subject);
// `final`: another try would end alike.
Awaitable<> record_failure(pg::Pool& pool, const Taken& taken, std::string reason, bool final,
                           const RetryRules& rules);

// Whoever sends looks for letters once the transaction is over.
Awaitable<> wake_mailer(pg::Connection& tx);

// What waits is not sent later, when there is a mail server again.
Awaitable<> remove_waiting(pg::Pool& pool);
// Of those that ended; how many.
Awaitable<int> delete_old_letters(pg::Pool& pool, std::chrono::days age);

}  // namespace mw::mail
