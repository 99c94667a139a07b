#include "features/notifications/notification.hpp"

#include <fmt/format.h>

#include "features/groups/group_store.hpp"
#include "features/notifications/notification_store.hpp"
#include "features/resources/resource_api.hpp"

namespace mw::notifications {
namespace {

namespace asio = boost::asio;
using Change = resources::Change<Notification>;

asio::awaitable<result<>> check(Change& change) {
    auto& row = change.row;
    MW_CO_TRY(bool member, co_await groups::is_member(change.tx, row.account_id, row.user_id));
    if (!member) co_return fail_field("user_id", "is no member of this account");
    auto type = static_cast<Type>(row.type);
    if (type == Type::external_email &&
        row.external_email.value_or("").find('@') == std::string::npos)
        co_return fail_field("external_email", "must be an e-mail address");
    if ((type == Type::slack || type == Type::slack_second) &&
        row.slack_channel_id.value_or("").empty())
        co_return fail_field("slack_channel_id", "is required for a Slack channel");
    if (type == Type::teams && !row.teams_channel_id)
        co_return fail_field("teams_channel_id", "is required for a channel of Teams");
    if (row.teams_channel_id) {
        MW_CO_TRY(bool known,
                  co_await is_teams_channel(change.tx, row.account_id, *row.teams_channel_id));
        if (!known) co_return fail_field("teams_channel_id", "there is nothing with this id");
    }
    for (auto [field, jobs] : {std::pair("on_cancel", &row.on_cancel),
                               {"on_failure", &row.on_failure},
                               {"on_success", &row.on_success},
                               {"on_warning", &row.on_warning}})
        for (auto job : *jobs)
            MW_CO_CHECK(co_await resources::check_reference(change.tx, field, "jobs",
                                                            row.account_id, std::nullopt, job));
    co_return result<>{};
}

}  // namespace

void add_notification_endpoints(api::Api& api, pg::Pool& pool) {
    using resources::field;
    using Row = Notification;
    resources::Resource<Row> notifications{
        .noun = "notification",
        .table = "notifications",
        .area = api::Area::notifications,
        .fields = {field(&Row::user_id, {.required = true}), field(&Row::type, {.numbers = {1, 6}}),
                   field(&Row::external_email, {.most = 320}), field(&Row::slack_channel_id),
                   field(&Row::slack_channel_name), field(&Row::teams_channel_id),
                   field(&Row::on_cancel), field(&Row::on_failure), field(&Row::on_success),
                   field(&Row::on_warning)},
        .json =
            [](const Row& row) {
                auto json = described_to_json(row);
                json["user"] = nullptr;
                return json;
            },
        .check = check};
    resources::add_resource(api, pool, std::move(notifications),
                            "/api/v2/accounts/{account_id}/notifications/");
    api.post("/api/v2/notifications/unsubscribe/", api::signed_in(),
             [&pool](api::Call& call) -> api::Reply {
                 int ended = 0;
                 if (call.caller.user_id) {
                     MW_CO_TRY(ended, co_await unsubscribe(pool, *call.caller.user_id));
                 }
                 co_return api::success(boost::json::object{{"unsubscribed", ended}});
             })
        .says("End every notification by e-mail to whoever asks")
        .gives(api::Route::Answer::one, {{"type", "object"}});
}

}  // namespace mw::notifications
