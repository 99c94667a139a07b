#include "features/notifications/notification_store.hpp"

namespace mw::notifications {
namespace {

const pg::Query kUnsubscribe{"notifications.unsubscribe", R"(
UPDATE notifications SET state = 2, updated_at = now()
WHERE user_id = $1 AND type = 1 AND state = 1)"};

const pg::Query kTeamsChannel{"notifications.teams_channel", R"(
SELECT id FROM chat_destinations
WHERE account_id = $1 AND id = $2 AND service = 'teams' AND state = 1 FOR SHARE)"};

}  // namespace

boost::asio::awaitable<result<int>> unsubscribe(pg::Pool& pool, Id user_id) {
    MW_CO_TRY(auto rows, co_await pool.run(kUnsubscribe, user_id));
    co_return static_cast<int>(rows.affected());
}

boost::asio::awaitable<result<bool>> is_teams_channel(pg::Connection& tx, Id account_id, Id id) {
    MW_CO_TRY(auto rows, co_await tx.run(kTeamsChannel, account_id, id));
    co_return !rows.empty();
}

}  // namespace mw::notifications
