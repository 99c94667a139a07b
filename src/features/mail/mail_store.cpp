#include "features/mail/mail_store.hpp"

#include <fmt/format.h>

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace mw::mail {
namespace {

const pg::Query kInsert{"mail.insert", R"(
INSERT INTO letters (account_id, kind, recipient, subject, message_id, sealed_content)
SELECT $1, $2, $3, $4, $5::uuid, $6
WHERE coalesce((SELECT enabled FROM mail_switches WHERE account_id = $1), true))"};
const pg::Query kNewMessageId{"mail.new_message_id", "SELECT gen_random_uuid()::text AS id"};
const pg::Query kWake{"mail.wake", "SELECT pg_notify('letters', '')"};

#define MW_LETTER                                                                       \
    "l.id, l.kind, l.recipient, l.subject, l.run_id, "                                  \
    "(SELECT r.project_id FROM runs r WHERE r.id = l.run_id) AS project_id, l.status, " \
    "l.attempts, l.last_error, l.created_at, l.ended_at, l.next_try_at"
const pg::Query kList{"mail.list", "SELECT " MW_LETTER R"( FROM letters l
WHERE l.account_id = $1 AND ($2 = '' OR l.status = $2) ORDER BY l.id DESC LIMIT 200)"};
const pg::Query kAgain{"mail.again", R"(
UPDATE letters l SET status = 'pending', attempts = 0, next_try_at = now(), ended_at = NULL
WHERE account_id = $1 AND id = $2 AND status = 'failed' RETURNING )" MW_LETTER};

const pg::Query kEnabled{"mail.enabled", R"(
SELECT coalesce((SELECT enabled FROM mail_switches WHERE account_id = $1), true) AS enabled)"};
const pg::Query kSetEnabled{"mail.set_enabled", R"(
INSERT INTO mail_switches (account_id, enabled) VALUES ($1, $2)
ON CONFLICT (account_id) DO UPDATE SET enabled = excluded.enabled)"};

const pg::Query kDrop{"mail.drop",
                      "DELETE FROM letters WHERE account_id = $1 AND status = 'pending'"};

const pg::Query kTake{"mail.take", R"(
WITH next AS (
    SELECT id FROM letters
    WHERE status = 'pending' AND next_try_at <= now()
      AND (taken_until IS NULL OR taken_until < now())
    ORDER BY next_try_at, id LIMIT 1 FOR UPDATE SKIP LOCKED)
UPDATE letters l SET attempts = l.attempts + 1, taken_until = now() + interval '2 minutes'
FROM next WHERE l.id = next.id
RETURNING l.id, l.account_id, l.kind, l.recipient, l.subject, l.run_id,
    (SELECT n.unsubscribe_key::text FROM notifications n WHERE n.id = l.notification_id)
        AS unsubscribe_key,
    l.message_id::text AS message_id, l.sealed_content, l.attempts, l.created_at)"};
const pg::Query kSent{"mail.sent", R"(
UPDATE letters SET status = 'sent', subject = $2, sealed_content = NULL, taken_until = NULL,
    last_error = NULL, ended_at = now()
WHERE id = $1 AND status = 'pending')"};
const pg::Query kLater{"mail.later", R"(
UPDATE letters SET taken_until = NULL, last_error = $2,
    next_try_at = now() + make_interval(secs => $3::integer)
WHERE id = $1 AND status = 'pending')"};
const pg::Query kFailed{"mail.failed", R"(
UPDATE letters SET status = 'failed', taken_until = NULL, last_error = $2, ended_at = now()
WHERE id = $1 AND status = 'pending')"};
const pg::Query kRemoveWaiting{"mail.remove_waiting",
                               "DELETE FROM letters WHERE status = 'pending'"};
const pg::Query kDeleteOld{"mail.delete_old", R"(
DELETE FROM letters
WHERE status <> 'pending' AND ended_at < now() - make_interval(days => $1::integer))"};

// Where a letter's content is sealed to: it opens in no other.
std::string context_of(std::string_view message_id) {
    return fmt::format("letter:{}", message_id);
}

int pause_after(int attempts, const RetryRules& rules) {
    auto pause = rules.first_pause;
    for (int i = 1; i < attempts; ++i)
        pause *= 4;
    return static_cast<int>(pause.count());
}

}  // namespace

Awaitable<> Outbox::write(pg::Connection& tx, Id account_id, std::string_view kind,
                          std::string recipient, Content content) const {
    MW_CO_TRY(auto made, co_await tx.run(kNewMessageId));
    auto message_id = made.get<std::string>(0, "id");
    Secret plain(boost::json::serialize(
        boost::json::object{{"text", content.text}, {"html", content.html}}));
    pg::Bytes sealed{sealer_->seal(plain, context_of(message_id))};
    MW_CO_CHECK(co_await tx.run(kInsert, account_id, std::string(kind), recipient, content.subject,
                                message_id, sealed));
    MW_CO_CHECK(co_await wake_mailer(tx));
    co_return result<>{};
}

Awaitable<std::vector<Letter>> list_letters(pg::Connection& connection, Id account_id,
                                            std::string_view status) {
    MW_CO_TRY(auto rows, co_await connection.run(kList, account_id, std::string(status)));
    co_return rows.all<Letter>();
}

Awaitable<std::optional<Letter>> try_again(pg::Connection& tx, Id account_id, Id id) {
    MW_CO_TRY(auto rows, co_await tx.run(kAgain, account_id, id));
    MW_CO_CHECK(co_await wake_mailer(tx));
    co_return rows.first<Letter>();
}

Awaitable<bool> is_enabled(pg::Connection& connection, Id account_id) {
    MW_CO_TRY(auto rows, co_await connection.run(kEnabled, account_id));
    co_return rows.get<bool>(0, "enabled");
}

Awaitable<> set_enabled(pg::Connection& tx, Id account_id, bool enabled) {
    MW_CO_CHECK(co_await tx.run(kSetEnabled, account_id, enabled));
    if (!enabled) MW_CO_CHECK(co_await tx.run(kDrop, account_id));
    co_return result<>{};
}

Awaitable<std::optional<Taken>> take_letter(pg::Pool& pool) {
    auto work = [](pg::Connection& tx) -> Awaitable<std::optional<Taken>> {
        MW_CO_TRY(auto rows, co_await tx.run(kTake));
        co_return rows.first<Taken>();
    };
    co_return co_await pg::with_tx(pool, work);
}

result<Content> open_content(const crypto::Sealer& sealer, const Taken& taken) {
    MW_TRY(auto opened, sealer.open(taken.sealed_content->data, context_of(taken.message_id)));
    boost::json::error_code error;
    auto value = boost::json::parse(opened.reveal(), error);
    if (error || !value.is_object())
        return fail(Errc::internal, "What the letter says cannot be read.");
    return Content{taken.subject, std::string(value.at("text").as_string()),
                   std::string(value.at("html").as_string())};
}

Awaitable<> record_sent(pg::Pool& pool, Id id, std::string subject) {
    MW_CO_CHECK(co_await pool.run(kSent, id, subject));
    co_return result<>{};
}

Awaitable<> record_failure(pg::Pool& pool, const Taken& taken, std::string reason, bool final,
                           const RetryRules& rules) {
    if (final || taken.attempts >= rules.attempts) {
        MW_CO_CHECK(co_await pool.run(kFailed, taken.id, reason));
    } else {
        MW_CO_CHECK(
            co_await pool.run(kLater, taken.id, reason, pause_after(taken.attempts, rules)));
    }
    co_return result<>{};
}

Awaitable<> wake_mailer(pg::Connection& tx) {
    MW_CO_CHECK(co_await tx.run(kWake));
    co_return result<>{};
}

Awaitable<> remove_waiting(pg::Pool& pool) {
    MW_CO_CHECK(co_await pool.run(kRemoveWaiting));
    co_return result<>{};
}

Awaitable<int> delete_old_letters(pg::Pool& pool, std::chrono::days age) {
    MW_CO_TRY(auto rows, co_await pool.run(kDeleteOld, static_cast<int>(age.count())));
    co_return static_cast<int>(rows.affected());
}

}  // namespace mw::mail
