#include "features/notifications/notification_store.hpp"

namespace mw::notifications {
namespace {

const pg::Query kUnsubscribe{"notifications.unsubscribe", R"(
UPDATE notifications SET state = 2, updated_at = now()
WHERE user_id = $1 AND type = 1 AND state = 1)"};

}  // namespace

boost::asio::awaitable<result<int>> unsubscribe(pg::Pool& pool, Id user_id) {
    MW_CO_TRY(auto rows, co_await pool.run(kUnsubscribe, user_id));
    co_return static_cast<int>(rows.affected());
}

}  // namespace mw::notifications
