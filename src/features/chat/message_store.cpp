#include "features/chat/message_store.hpp"

#include "features/chat/destination_store.hpp"

namespace mw::chat {
namespace {

// What goes to a workspace that is broken is not tried, and kept to be sent again.
const pg::Query kTell{"chat.tell_of_end", R"(
INSERT INTO chat_messages (account_id, destination_id, channel_id, channel_name, run_id, status,
                           last_error, ended_at)
SELECT DISTINCT ON (n.destination_id, n.channel_id) $1, n.destination_id, n.channel_id,
       n.channel_name, $3, CASE WHEN n.broken_reason IS NULL THEN 'pending' ELSE 'failed' END,
       n.broken_reason, CASE WHEN n.broken_reason IS NULL THEN NULL ELSE now() END
FROM (SELECT n.id, d.id AS destination_id, d.broken_reason,
             CASE d.service WHEN 'slack' THEN n.slack_channel_id ELSE '' END AS channel_id,
             CASE d.service WHEN 'slack'
                  THEN coalesce(nullif(n.slack_channel_name, ''), n.slack_channel_id)
                  ELSE d.name END AS channel_name
      FROM notifications n
      JOIN chat_destinations d ON d.account_id = n.account_id AND d.state = 1
           AND ((n.type IN (2, 5) AND d.service = 'slack')
                OR (n.type = 6 AND d.service = 'teams' AND d.id = n.teams_channel_id))
      WHERE n.account_id = $1 AND n.state = 1
        AND ($2 = ANY(CASE $4::integer WHEN 10 THEN n.on_success WHEN 20 THEN n.on_failure
                      ELSE n.on_cancel END)
             OR ($4::integer = 10 AND $2 = ANY(n.on_warning)
                 AND EXISTS (SELECT 1 FROM run_nodes w
                             WHERE w.run_id = $3 AND w.status = 'warn')))
        AND coalesce((SELECT s.enabled FROM chat_switches s
                      WHERE s.account_id = $1 AND s.service = d.service), true)) n
WHERE n.channel_id IS NOT NULL
ORDER BY n.destination_id, n.channel_id, n.id
ON CONFLICT DO NOTHING)"};
const pg::Query kWake{"chat.wake", "SELECT pg_notify('chat_messages', '')"};

#define MW_MESSAGE                                                                            \
    "m.id, d.service, d.name AS destination, m.channel_name, m.run_id, r.project_id, "        \
    "j.name AS job_name, m.status, m.attempts, m.last_error, m.created_at, m.ended_at, "      \
    "m.next_try_at FROM chat_messages m JOIN chat_destinations d ON d.id = m.destination_id " \
    "JOIN runs r ON r.id = m.run_id JOIN jobs j ON j.id = r.job_id WHERE m.account_id = $1 AND "
const pg::Query kList{
    "chat.list", "SELECT " MW_MESSAGE "($2 = '' OR m.status = $2) ORDER BY m.id DESC LIMIT 200"};
const pg::Query kOne{"chat.message", "SELECT " MW_MESSAGE "m.id = $2"};

// To the workspace of today, if the one of then was taken away.
const pg::Query kAgain{"chat.again", R"(
UPDATE chat_messages m SET status = 'pending', attempts = 0, next_try_at = now(), ended_at = NULL,
    destination_id = now_there.id
FROM chat_destinations then_there
JOIN chat_destinations now_there ON now_there.account_id = then_there.account_id
     AND now_there.service = then_there.service AND now_there.state = 1
     AND now_there.broken_at IS NULL
     AND (now_there.service = 'slack' OR now_there.id = then_there.id)
WHERE m.account_id = $1 AND m.id = $2 AND m.status = 'failed' AND then_there.id = m.destination_id
RETURNING m.id)"};

const pg::Query kTake{"chat.take", R"(
WITH next AS (
    SELECT m.id, d.id AS destination_id
    FROM chat_messages m JOIN chat_destinations d ON d.id = m.destination_id
    WHERE m.status = 'pending' AND m.next_try_at <= now() AND d.busy_until <= now()
      AND d.quiet_until <= now() AND d.service = ANY($1::text[])
    ORDER BY m.next_try_at, m.id LIMIT 1 FOR UPDATE OF m, d SKIP LOCKED),
busy AS (
    UPDATE chat_destinations d SET busy_until = now() + interval '1 minute'
    FROM next WHERE d.id = next.destination_id
    RETURNING d.id, d.service, d.name, d.sealed_secret)
UPDATE chat_messages m SET attempts = m.attempts + 1
FROM next, busy
WHERE m.id = next.id AND busy.id = next.destination_id
RETURNING m.id, m.account_id, m.destination_id, busy.service, busy.name, m.channel_id, m.run_id,
          busy.sealed_secret, m.attempts)"};

const pg::Query kFree{"chat.free", "UPDATE chat_destinations SET busy_until = now() WHERE id = $1"};
const pg::Query kSent{"chat.sent", R"(
UPDATE chat_messages SET status = 'sent', last_error = NULL, ended_at = now()
WHERE id = $1 AND status = 'pending')"};
const pg::Query kFailed{"chat.failed", R"(
UPDATE chat_messages SET status = 'failed', last_error = $2, ended_at = now()
WHERE id = $1 AND status = 'pending')"};
const pg::Query kLater{"chat.later", R"(
UPDATE chat_messages SET last_error = $2, attempts = attempts - $4::integer,
    next_try_at = now() + make_interval(secs => $3::integer)
WHERE id = $1 AND status = 'pending')"};

const pg::Query kRemoveWaiting{"chat.remove_waiting", R"(
DELETE FROM chat_messages m USING chat_destinations d
WHERE m.status = 'pending' AND d.id = m.destination_id AND d.service = ANY($1::text[]))"};
const pg::Query kDeleteOld{"chat.delete_old", R"(
DELETE FROM chat_messages
WHERE status <> 'pending' AND ended_at < now() - make_interval(days => $1::integer))"};

std::chrono::seconds pause_after(int attempts, const RetryRules& rules) {
    auto pause = rules.first_pause;
    for (int i = 1; i < attempts; ++i)
        pause *= 4;
    return pause;
}

Awaitable<> record_message(pg::Connection& tx, const Taken& taken, const Outcome& outcome,
                           const RetryRules& rules) {
    using Kind = Outcome::Kind;
    if (outcome.kind == Kind::taken) {
        MW_CO_CHECK(co_await tx.run(kSent, taken.id));
    } else if (outcome.kind == Kind::wait) {
        // To be asked to wait is no failed try.
        MW_CO_CHECK(co_await tx.run(kLater, taken.id, outcome.reason, outcome.wait.count(), 1));
    } else if (outcome.kind == Kind::later && taken.attempts < rules.attempts) {
        auto pause = pause_after(taken.attempts, rules);
        MW_CO_CHECK(co_await tx.run(kLater, taken.id, outcome.reason, pause.count(), 0));
    } else {
        MW_CO_CHECK(co_await tx.run(kFailed, taken.id, outcome.reason));
    }
    co_return result<>{};
}

}  // namespace

Awaitable<> tell_of_end(pg::Connection& tx, Id account_id, Id job_id, Id run_id, int status) {
    MW_CO_TRY(auto told, co_await tx.run(kTell, account_id, job_id, run_id, status));
    if (told.affected() > 0) MW_CO_CHECK(co_await tx.run(kWake));
    co_return result<>{};
}

Awaitable<std::vector<Message>> list_messages(pg::Connection& connection, Id account_id,
                                              std::string_view status) {
    MW_CO_TRY(auto rows, co_await connection.run(kList, account_id, std::string(status)));
    co_return rows.all<Message>();
}

Awaitable<std::optional<Message>> try_again(pg::Connection& tx, Id account_id, Id id) {
    MW_CO_TRY(auto waits, co_await tx.run(kAgain, account_id, id));
    if (waits.empty()) co_return std::nullopt;
    MW_CO_CHECK(co_await tx.run(kWake));
    MW_CO_TRY(auto rows, co_await tx.run(kOne, account_id, id));
    co_return rows.first<Message>();
}

Awaitable<std::optional<Taken>> take_message(pg::Pool& pool, std::vector<std::string> services) {
    auto work = [&](pg::Connection& tx) -> Awaitable<std::optional<Taken>> {
        MW_CO_TRY(auto rows, co_await tx.run(kTake, services));
        co_return rows.first<Taken>();
    };
    co_return co_await pg::with_tx(pool, work);
}

Awaitable<std::vector<std::string>> record_outcome(pg::Connection& tx, const Taken& taken,
                                                   const Outcome& outcome,
                                                   const RetryRules& rules) {
    MW_CO_CHECK(co_await record_message(tx, taken, outcome, rules));
    if (outcome.kind == Outcome::Kind::wait)
        MW_CO_CHECK(co_await keep_quiet(tx, taken.destination_id, outcome.wait));
    MW_CO_CHECK(co_await tx.run(kFree, taken.destination_id));
    if (outcome.kind != Outcome::Kind::broken) co_return std::vector<std::string>{};
    co_return co_await mark_broken(tx, taken.destination_id, taken.sealed_secret, outcome.reason);
}

Awaitable<> remove_waiting(pg::Pool& pool, std::vector<std::string> services) {
    MW_CO_CHECK(co_await pool.run(kRemoveWaiting, services));
    co_return result<>{};
}

Awaitable<int> delete_old_messages(pg::Pool& pool, std::chrono::days age) {
    MW_CO_TRY(auto rows, co_await pool.run(kDeleteOld, static_cast<int>(age.count())));
    co_return static_cast<int>(rows.affected());
}

}  // namespace mw::chat
