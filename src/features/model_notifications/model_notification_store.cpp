#include "features/model_notifications/model_notification_store.hpp"

namespace mw::model_notifications {
namespace {

const pg::Query kFind{"model_notifications.find", R"(
SELECT enabled, on_success, on_failure, on_warning, on_skipped FROM model_notifications
WHERE environment_id = $1)"};

const pg::Query kSet{"model_notifications.set", R"(
INSERT INTO model_notifications (environment_id, enabled, on_success, on_failure, on_warning,
                                 on_skipped)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (environment_id) DO UPDATE SET enabled = excluded.enabled,
    on_success = excluded.on_success, on_failure = excluded.on_failure,
    on_warning = excluded.on_warning, on_skipped = excluded.on_skipped, updated_at = now())"};

}  // namespace

boost::asio::awaitable<result<Switches>> find_switches(pg::Connection& connection,
                                                       Id environment_id) {
    MW_CO_TRY(auto rows, co_await connection.run(kFind, environment_id));
    co_return rows.first<Switches>().value_or(Switches{});
}

boost::asio::awaitable<result<>> set_switches(pg::Connection& tx, Id environment_id,
                                              Switches switches) {
    MW_CO_CHECK(co_await tx.run(kSet, environment_id, switches.enabled, switches.on_success,
                                switches.on_failure, switches.on_warning, switches.on_skipped));
    co_return result<>{};
}

}  // namespace mw::model_notifications
