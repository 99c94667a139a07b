#include "features/chat/chat_api.hpp"

#include <fmt/format.h>

#include "api/example_schema.hpp"
#include "base/described_json.hpp"
#include "features/audit/audit_store.hpp"

namespace mw::chat {
namespace {

using api::Area;

class ChatApi {
  public:
    ChatApi(pg::Pool& pool, Messenger& messenger) : pool_(pool), messenger_(messenger) {}

    api::Reply get(api::Call& call) {
        MW_CO_TRY(auto lease, co_await pool_.acquire());
        MW_CO_TRY(auto state, co_await state_json(*lease, call.account_id));
        co_return api::success(std::move(state));
    }

    api::Reply set(api::Call& call) {
        MW_CO_TRY(auto body, call.body());
        JsonReader in(body);
        std::optional<bool> slack, teams;
        in.optional("slack", slack);
        in.optional("teams", teams);
        if (!slack && !teams) in.error("slack", "or teams is required");
        MW_CO_CHECK(in.finish());
        auto work = [&](pg::Connection& tx) -> Awaitable<boost::json::object> {
            if (slack) MW_CO_CHECK(co_await turn(tx, call, Service::slack, *slack));
            if (teams) MW_CO_CHECK(co_await turn(tx, call, Service::teams, *teams));
            co_return co_await state_json(tx, call.account_id);
        };
        MW_CO_TRY(auto state, co_await pg::with_tx(pool_, work));
        co_return api::success(std::move(state));
    }

    api::Reply list(api::Call& call) {
        auto status = call.request.query_value("status").value_or("");
        if (status != "" && status != "pending" && status != "sent" && status != "failed")
            co_return fail_field("status", "must be pending, sent or failed");
        MW_CO_TRY(auto lease, co_await pool_.acquire());
        MW_CO_CHECK(co_await check_any_on(*lease, call.account_id));
        MW_CO_TRY(auto messages, co_await list_messages(*lease, call.account_id, status));
        boost::json::array json;
        for (const auto& message : messages)
            json.push_back(described_to_json(message));
        co_return api::success(std::move(json));
    }

    api::Reply again(api::Call& call) {
        MW_CO_TRY(auto id, call.id("id"));
        auto work = [&](pg::Connection& tx) -> Awaitable<std::optional<Message>> {
            MW_CO_CHECK(co_await check_any_on(tx, call.account_id));
            co_return co_await try_again(tx, call.account_id, id);
        };
        MW_CO_TRY(auto message, co_await pg::with_tx(pool_, work));
        if (!message)
            co_return fail(Errc::not_found,
                           "There is no message of this account that failed and has somewhere to "
                           "go: what it was for may have to be connected again.");
        co_return api::success(described_to_json(*message));
    }

  private:
    Awaitable<> turn(pg::Connection& tx, const api::Call& call, Service service, bool on) {
        if (!messenger_.settings().has(service)) co_return api::not_found();
        MW_CO_CHECK(co_await set_enabled(tx, call.account_id, service, on));
        auto event = fmt::format("chat.{}_{}", name_of(service), on ? "enabled" : "disabled");
        co_return co_await audit::record(tx, call.caller, {event, "account", call.account_id});
    }

    Awaitable<> check_any_on(pg::Connection& connection, Id account_id) {
        auto slack = co_await check_on(connection, messenger_, account_id, Service::slack);
        if (slack || slack.error().code != Errc::not_found) co_return slack;
        co_return co_await check_on(connection, messenger_, account_id, Service::teams);
    }

    Awaitable<boost::json::object> state_json(pg::Connection& connection, Id account_id) {
        const auto& settings = messenger_.settings();
        MW_CO_TRY(bool slack, co_await is_enabled(connection, account_id, Service::slack));
        MW_CO_TRY(bool teams, co_await is_enabled(connection, account_id, Service::teams));
        boost::json::value workspace;
        if (settings.slack && slack) {
            MW_CO_TRY(auto found, co_await find_workspace(connection, account_id));
            if (found) workspace = destination_json(*found);
        }
        boost::json::object slack_json{
            {"available", settings.slack.has_value()},
            {"enabled", slack},
            {"can_connect", settings.slack && !settings.slack->client_id.empty()},
            {"workspace", std::move(workspace)}};
        boost::json::object teams_json{{"available", settings.teams}, {"enabled", teams}};
        co_return boost::json::object{{"slack", std::move(slack_json)},
                                      {"teams", std::move(teams_json)}};
    }

    pg::Pool& pool_;
    Messenger& messenger_;
};

boost::json::object state_schema() {
    boost::json::object state{
        {"slack",
         {{"available", true}, {"enabled", true}, {"can_connect", true}, {"workspace", nullptr}}},
        {"teams", {{"available", true}, {"enabled", true}}}};
    return api::schema_like(state);
}

}  // namespace

Awaitable<> check_on(pg::Connection& connection, const Messenger& messenger, Id account_id,
                     Service service) {
    if (!messenger.settings().has(service)) co_return api::not_found();
    MW_CO_TRY(bool enabled, co_await is_enabled(connection, account_id, service));
    if (!enabled) co_return api::not_found();
    co_return result<>{};
}

boost::json::object destination_json(const Destination& destination) {
    auto json = described_to_json(destination);
    json.erase("service");
    auto quiet = destination.quiet_until > now();
    if (!quiet) json["quiet_until"] = nullptr;
    if (destination.service == name_of(Service::teams))
        for (auto name : {"bot_name", "connected_by", "broken_reason", "broken_at"})
            json.erase(name);
    return json;
}

boost::json::object destination_schema(Service service) {
    Destination example;
    example.service = name_of(service);
    return api::schema_like(destination_json(example));
}

void add_chat_endpoints(api::Api& api, pg::Pool& pool, Messenger& messenger) {
    using How = api::Route::Answer;
    auto chat = std::make_shared<ChatApi>(pool, messenger);
    const std::string path = "/api/ui/accounts/{account_id}/chat/";
    boost::json::object yes_or_no{{"type", "boolean"}};
    auto message = api::schema_like(described_to_json(Message{}));
    api.get(path, api::reads(Area::notifications),
            [chat](api::Call& call) { return chat->get(call); })
        .says("Tell which chats are on, and which workspace is connected")
        .gives(How::one, state_schema());
    api.post(path, api::writes(Area::notifications),
             [chat](api::Call& call) { return chat->set(call); })
        .says("Turn Slack or Teams on or off for the account")
        .takes({{"type", "object"}, {"properties", {{"slack", yes_or_no}, {"teams", yes_or_no}}}})
        .gives(How::one, state_schema());
    api.get(path + "messages/", api::reads(Area::notifications),
            [chat](api::Call& call) { return chat->list(call); })
        .says("List the newest messages, with what became of them")
        .asks({"status"})
        .gives(How::one, {{"type", "array"}, {"items", message}});
    api.post(path + "messages/{id}/again/", api::writes(Area::notifications),
             [chat](api::Call& call) { return chat->again(call); })
        .says("Send a message that failed again")
        .gives(How::one, message);
    add_slack_endpoints(api, pool, messenger);
    add_teams_endpoints(api, pool, messenger);
}

}  // namespace mw::chat
