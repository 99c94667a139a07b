#include "features/chat/destination_store.hpp"

#include <fmt/format.h>

namespace mw::chat {
namespace {

const pg::Query kEnabled{"chat.enabled", R"(
SELECT coalesce((SELECT enabled FROM chat_switches WHERE account_id = $1 AND service = $2), true)
    AS enabled)"};
const pg::Query kSetEnabled{"chat.set_enabled", R"(
INSERT INTO chat_switches (account_id, service, enabled) VALUES ($1, $2, $3)
ON CONFLICT (account_id, service) DO UPDATE SET enabled = excluded.enabled)"};
const pg::Query kDropOfService{"chat.drop_of_service", R"(
DELETE FROM chat_messages m USING chat_destinations d
WHERE m.account_id = $1 AND m.status = 'pending' AND d.id = m.destination_id AND d.service = $2)"};

#define MW_DESTINATION                                                                     \
    "SELECT d.id, d.account_id, d.service, d.name, d.place, d.bot_name, d.sealed_secret, " \
    "d.connected_by, d.broken_reason, d.broken_at, d.quiet_until, d.created_at, "          \
    "d.updated_at FROM chat_destinations d WHERE d.account_id = $1 AND d.state = 1 AND "
const pg::Query kWorkspace{"chat.workspace", MW_DESTINATION "d.service = 'slack'"};
const pg::Query kTeamsChannels{"chat.teams_channels",
                               MW_DESTINATION "d.service = 'teams' ORDER BY d.name, d.id"};
const pg::Query kTeamsChannel{"chat.teams_channel",
                              MW_DESTINATION "d.service = 'teams' AND d.id = $2"};

const pg::Query kInsert{"chat.insert_destination", R"(
INSERT INTO chat_destinations (account_id, service, name, place, bot_name, connected_by)
VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING RETURNING id)"};
const pg::Query kSeal{"chat.seal_destination", R"(
UPDATE chat_destinations SET sealed_secret = $2, place = $3, updated_at = now() WHERE id = $1)"};
const pg::Query kReconnect{"chat.reconnect", R"(
UPDATE chat_destinations
SET name = $3, bot_name = $4, connected_by = $5, broken_reason = NULL, broken_at = NULL,
    quiet_until = now(), updated_at = now()
WHERE account_id = $1 AND service = 'slack' AND state = 1 AND place = $2 RETURNING id)"};
const pg::Query kRename{"chat.rename_teams_channel", R"(
UPDATE chat_destinations d SET name = $3, updated_at = now()
WHERE account_id = $1 AND id = $2 AND service = 'teams' AND state = 1
  AND NOT EXISTS (SELECT 1 FROM chat_destinations o
                  WHERE o.account_id = $1 AND o.name = $3 AND o.service = 'teams' AND o.state = 1
                    AND o.id <> $2))"};

const pg::Query kRemove{"chat.remove_destination", R"(
UPDATE chat_destinations SET state = 2, sealed_secret = NULL, updated_at = now()
WHERE account_id = $1 AND id = $2)"};
const pg::Query kDrop{"chat.drop_of_destination", R"(
DELETE FROM chat_messages WHERE destination_id = $1 AND status = 'pending')"};
const pg::Query kEndRules{"chat.end_rules", R"(
UPDATE notifications SET state = 2, updated_at = now() WHERE teams_channel_id = $1 AND state = 1)"};

// Once: whoever finds it broken already tells nobody.
const pg::Query kBreak{"chat.break", R"(
UPDATE chat_destinations SET broken_reason = $2, broken_at = now(), updated_at = now()
WHERE id = $1 AND state = 1 AND broken_at IS NULL AND sealed_secret = $3 RETURNING id)"};
const pg::Query kFailWaiting{"chat.fail_waiting", R"(
UPDATE chat_messages SET status = 'failed', last_error = $2, ended_at = now()
WHERE destination_id = $1 AND status = 'pending')"};
const pg::Query kWhoCares{"chat.who_cares", R"(
WITH people AS (
    SELECT u.id, u.email, u.id = d.connected_by AS connected,
           EXISTS (SELECT 1 FROM group_members gm
                   JOIN groups g ON g.id = gm.group_id AND g.account_id = d.account_id AND g.state = 1
                   JOIN group_permissions p ON p.group_id = g.id AND p.state = 1
                        AND p.permission_set = 'owner'
                   WHERE gm.user_id = u.id) AS owns
    FROM chat_destinations d
    JOIN account_members m ON m.account_id = d.account_id AND m.state = 1
    JOIN users u ON u.id = m.user_id AND u.is_active
    WHERE d.id = $1)
SELECT email FROM people
WHERE connected OR (owns AND NOT EXISTS (SELECT 1 FROM people c WHERE c.connected))
ORDER BY id LIMIT 20)"};

const pg::Query kQuiet{"chat.quiet", R"(
UPDATE chat_destinations
SET quiet_until = greatest(quiet_until, now() + make_interval(secs => $2::integer))
WHERE state = 1 AND (id = $1 OR (service = 'slack' AND place =
    (SELECT place FROM chat_destinations WHERE id = $1 AND service = 'slack'))))"};

std::string sealing_context(Id id) {
    return fmt::format("chat_destination:{}", id);
}

Awaitable<> seal(pg::Connection& tx, const crypto::Sealer& sealer, Id id, const Secret& secret,
                 const std::string& place) {
    pg::Bytes sealed{sealer.seal(secret, sealing_context(id))};
    MW_CO_CHECK(co_await tx.run(kSeal, id, sealed, place));
    co_return result<>{};
}

std::unexpected<Error> name_taken() {
    return fail_field("name", "is another channel's name already");
}

}  // namespace

result<Secret> open_secret(const crypto::Sealer& sealer, Id destination_id,
                           const std::optional<pg::Bytes>& sealed) {
    if (!sealed) return fail(Errc::conflict, "It is not connected any more.");
    return sealer.open(sealed->data, sealing_context(destination_id));
}

Awaitable<bool> is_enabled(pg::Connection& connection, Id account_id, Service service) {
    MW_CO_TRY(auto rows, co_await connection.run(kEnabled, account_id, name_of(service)));
    co_return rows.get<bool>(0, "enabled");
}

Awaitable<> set_enabled(pg::Connection& tx, Id account_id, Service service, bool enabled) {
    MW_CO_CHECK(co_await tx.run(kSetEnabled, account_id, name_of(service), enabled));
    if (!enabled) MW_CO_CHECK(co_await tx.run(kDropOfService, account_id, name_of(service)));
    co_return result<>{};
}

Awaitable<std::optional<Destination>> find_workspace(pg::Connection& connection, Id account_id) {
    MW_CO_TRY(auto rows, co_await connection.run(kWorkspace, account_id));
    co_return rows.first<Destination>();
}

Awaitable<std::vector<Destination>> list_teams_channels(pg::Connection& connection, Id account_id) {
    MW_CO_TRY(auto rows, co_await connection.run(kTeamsChannels, account_id));
    co_return rows.all<Destination>();
}

Awaitable<std::optional<Destination>> find_teams_channel(pg::Connection& connection, Id account_id,
                                                         Id id) {
    MW_CO_TRY(auto rows, co_await connection.run(kTeamsChannel, account_id, id));
    co_return rows.first<Destination>();
}

Awaitable<Id> save_destination(pg::Connection& tx, const crypto::Sealer& sealer, Id account_id,
                               NewDestination given) {
    std::optional<Id> id;
    if (given.service == Service::slack) {
        MW_CO_TRY(auto again, co_await tx.run(kReconnect, account_id, given.place, given.name,
                                              given.bot_name, given.connected_by));
        if (!again.empty()) id = again.get<Id>(0, "id");
        if (!id) {
            MW_CO_TRY(auto other, co_await find_workspace(tx, account_id));
            if (other) MW_CO_CHECK(co_await remove_destination(tx, account_id, other->id));
        }
    }
    if (!id) {
        MW_CO_TRY(auto made,
                  co_await tx.run(kInsert, account_id, name_of(given.service), given.name,
                                  given.place, given.bot_name, given.connected_by));
        if (made.empty()) co_return name_taken();
        id = made.get<Id>(0, "id");
    }
    MW_CO_CHECK(co_await seal(tx, sealer, *id, given.secret, given.place));
    co_return *id;
}

Awaitable<> rename_teams_channel(pg::Connection& tx, Id account_id, Id id, std::string name) {
    MW_CO_TRY(auto renamed, co_await tx.run(kRename, account_id, id, name));
    if (renamed.affected() == 0) co_return name_taken();
    co_return result<>{};
}

Awaitable<> replace_url(pg::Connection& tx, const crypto::Sealer& sealer, Id id, Secret url,
                        std::string host) {
    co_return co_await seal(tx, sealer, id, url, host);
}

Awaitable<> remove_destination(pg::Connection& tx, Id account_id, Id id) {
    MW_CO_CHECK(co_await tx.run(kRemove, account_id, id));
    MW_CO_CHECK(co_await tx.run(kDrop, id));
    MW_CO_CHECK(co_await tx.run(kEndRules, id));
    co_return result<>{};
}

Awaitable<std::vector<std::string>> mark_broken(pg::Connection& tx, Id destination_id,
                                                std::optional<pg::Bytes> sealed_secret,
                                                std::string reason) {
    MW_CO_TRY(auto broken, co_await tx.run(kBreak, destination_id, reason, sealed_secret));
    if (broken.empty()) co_return std::vector<std::string>{};
    MW_CO_CHECK(co_await tx.run(kFailWaiting, destination_id, reason));
    MW_CO_TRY(auto people, co_await tx.run(kWhoCares, destination_id));
    co_return people.column<std::string>("email");
}

Awaitable<> keep_quiet(pg::Connection& tx, Id destination_id, std::chrono::seconds wait) {
    MW_CO_CHECK(co_await tx.run(kQuiet, destination_id, wait.count()));
    co_return result<>{};
}

}  // namespace mw::chat
