#include <fmt/format.h>

#include "base/described_json.hpp"
#include "features/audit/audit_store.hpp"
#include "features/chat/chat_api.hpp"

namespace mw::chat {
namespace {

using api::Area;

// What a client sent: on a change, only what is to change.
struct Input {
    std::optional<std::string> name;
    std::optional<Secret> url;
    std::string host;  // of the url
};

result<Input> read(const RequestBody& body, bool is_new) {
    JsonReader in(body);
    std::string name, url;
    if (is_new) {
        in.required("name", name, {1, 100});
        in.required("url", url, {1, 2048});
    } else {
        in.keep("name", name, {1, 100});
        in.keep("url", url, {1, 2048});
    }
    MW_CHECK(in.finish());
    Input input;
    if (!name.empty()) input.name = std::move(name);
    if (!url.empty()) {
        MW_TRY(input.host, host_of_url(url));
        input.url = Secret(std::move(url));
    }
    return input;
}

class TeamsApi {
  public:
    TeamsApi(pg::Pool& pool, Messenger& messenger) : pool_(pool), messenger_(messenger) {}

    api::Reply list(api::Call& call) {
        MW_CO_TRY(auto lease, co_await pool_.acquire());
        MW_CO_CHECK(co_await check(*lease, call));
        MW_CO_TRY(auto channels, co_await list_teams_channels(*lease, call.account_id));
        boost::json::array json;
        for (const auto& channel : channels)
            json.push_back(destination_json(channel));
        co_return api::success(std::move(json));
    }

    api::Reply create(api::Call& call) {
        MW_CO_TRY(auto body, call.body());
        MW_CO_TRY(auto input, read(body, true));
        auto work = [&](pg::Connection& tx) -> Awaitable<Destination> {
            MW_CO_CHECK(co_await check(tx, call));
            NewDestination given{.service = Service::teams,
                                 .name = *input.name,
                                 .place = input.host,
                                 .secret = *input.url};
            MW_CO_TRY(auto id, co_await save_destination(tx, messenger_.sealer(), call.account_id,
                                                         std::move(given)));
            MW_CO_TRY(auto channel, co_await find(tx, call, id));
            MW_CO_CHECK(co_await record(tx, call, "chat.teams_channel_created", channel));
            co_return channel;
        };
        MW_CO_TRY(auto channel, co_await pg::with_tx(pool_, work));
        co_return api::success(destination_json(channel), 201);
    }

    api::Reply update(api::Call& call) {
        MW_CO_TRY(auto id, call.id("id"));
        MW_CO_TRY(auto body, call.body());
        MW_CO_TRY(auto input, read(body, false));
        auto work = [&](pg::Connection& tx) -> Awaitable<Destination> {
            MW_CO_CHECK(co_await check(tx, call));
            MW_CO_TRY(auto before, co_await find(tx, call, id));
            if (input.name)
                MW_CO_CHECK(co_await rename_teams_channel(tx, call.account_id, id, *input.name));
            if (input.url)
                MW_CO_CHECK(
                    co_await replace_url(tx, messenger_.sealer(), id, *input.url, input.host));
            MW_CO_TRY(auto channel, co_await find(tx, call, id));
            MW_CO_CHECK(co_await record(tx, call, "chat.teams_channel_updated", channel));
            co_return channel;
        };
        MW_CO_TRY(auto channel, co_await pg::with_tx(pool_, work));
        co_return api::success(destination_json(channel));
    }

    api::Reply remove(api::Call& call) {
        MW_CO_TRY(auto id, call.id("id"));
        auto work = [&](pg::Connection& tx) -> Awaitable<Destination> {
            MW_CO_CHECK(co_await check(tx, call));
            MW_CO_TRY(auto channel, co_await find(tx, call, id));
            MW_CO_CHECK(co_await remove_destination(tx, call.account_id, id));
            MW_CO_CHECK(co_await record(tx, call, "chat.teams_channel_deleted", channel));
            co_return channel;
        };
        MW_CO_TRY(auto channel, co_await pg::with_tx(pool_, work));
        co_return api::success(destination_json(channel));
    }

    api::Reply test(api::Call& call) {
        MW_CO_TRY(auto id, call.id("id"));
        auto work = [&](pg::Connection& tx) -> Awaitable<Destination> {
            MW_CO_CHECK(co_await check(tx, call));
            co_return co_await find(tx, call, id);
        };
        MW_CO_TRY(auto channel, co_await pg::with_tx(pool_, work));
        auto json = destination_json(channel);
        MW_CO_CHECK(co_await messenger_.test_teams(std::move(channel), call.caller.name));
        co_return api::success(std::move(json));
    }

  private:
    Awaitable<> check(pg::Connection& connection, const api::Call& call) {
        co_return co_await check_on(connection, messenger_, call.account_id, Service::teams);
    }

    static Awaitable<Destination> find(pg::Connection& connection, const api::Call& call, Id id) {
        MW_CO_TRY(auto channel, co_await find_teams_channel(connection, call.account_id, id));
        if (!channel) co_return api::not_found();
        co_return std::move(*channel);
    }

    static Awaitable<> record(pg::Connection& tx, const api::Call& call, std::string_view event,
                              const Destination& channel) {
        boost::json::object said{{"name", channel.name}, {"host", channel.place}};
        co_return co_await audit::record(tx, call.caller,
                                         {event, "chat_destination", channel.id, std::move(said)});
    }

    pg::Pool& pool_;
    Messenger& messenger_;
};

}  // namespace

void add_teams_endpoints(api::Api& api, pg::Pool& pool, Messenger& messenger) {
    using How = api::Route::Answer;
    auto teams = std::make_shared<TeamsApi>(pool, messenger);
    const std::string path = "/api/ui/accounts/{account_id}/chat/teams/";
    boost::json::object text{{"type", "string"}};
    boost::json::object input{{"type", "object"}, {"properties", {{"name", text}, {"url", text}}}};
    auto whole = input;
    whole["required"] = {"name", "url"};
    auto channel = destination_schema(Service::teams);
    auto reads = api::reads(Area::notifications);
    auto writes = api::writes(Area::notifications);
    api.get(path, reads, [teams](api::Call& call) { return teams->list(call); })
        .says("List the account's channels of Microsoft Teams, without their addresses")
        .gives(How::one, {{"type", "array"}, {"items", channel}});
    api.post(path, writes, [teams](api::Call& call) { return teams->create(call); })
        .says("Add a channel of Teams by the address of its workflow")
        .takes(whole)
        .gives(How::one, channel);
    api.post(path + "{id}/", writes, [teams](api::Call& call) { return teams->update(call); })
        .says("Rename a channel, or give it another address")
        .takes(input)
        .gives(How::one, channel);
    api.del(path + "{id}/", writes, [teams](api::Call& call) { return teams->remove(call); })
        .says("Remove a channel; rules that name it end")
        .gives(How::one, channel);
    api.post(path + "{id}/test/", writes, [teams](api::Call& call) { return teams->test(call); })
        .says("Send a test to a channel, at once")
        .gives(How::one, channel);
}

}  // namespace mw::chat
