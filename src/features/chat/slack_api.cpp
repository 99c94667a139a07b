#include <fmt/format.h>

#include "api/example_schema.hpp"
#include "base/described_json.hpp"
#include "base/log.hpp"
#include "base/trimmed.hpp"
#include "features/audit/audit_store.hpp"
#include "features/chat/chat_api.hpp"
#include "features/chat/slack_attempt.hpp"
#include "infra/crypto/token_hash.hpp"

namespace mw::chat {
namespace {

using api::Area;

http::Response redirect(std::string to) {
    http::Response response;
    response.status = 303;
    response.headers["location"] = std::move(to);
    response.headers["cache-control"] = "no-store";
    response.headers["referrer-policy"] = "no-referrer";
    response.headers["set-cookie"] = ended_slack_attempt_cookie();
    return response;
}

http::Response back_to_page(Id account_id, std::string_view word) {
    return redirect(fmt::format("/settings/{}/chat?slack={}", account_id, word));
}

class SlackApi {
  public:
    SlackApi(api::Authenticator& authenticator, pg::Pool& pool, Messenger& messenger)
        : authenticator_(authenticator), pool_(pool), messenger_(messenger) {}

    // Where the browser is to go, which takes a cookie with it.
    api::Reply connect(api::Call& call) {
        MW_CO_CHECK(co_await check(call));
        const auto& settings = messenger_.slack()->settings();
        if (settings.client_id.empty())
            co_return fail(Errc::conflict,
                           "The operator has set up no Slack app (MILLWRIGHT_SLACK_CLIENT_ID): "
                           "enter a bot's token instead.");
        if (!call.caller.user_id)
            co_return fail(Errc::forbidden, "Sign in: Slack sends the browser back here.");
        auto attempt = begin_slack_attempt(call.account_id, *call.caller.user_id);
        auto response = api::success(boost::json::object{
            {"url", slack_authorize_url(settings, attempt, messenger_.public_url())}});
        response.headers["cache-control"] = "no-store";
        response.headers["set-cookie"] = slack_attempt_cookie(attempt, messenger_.sealer(), now());
        co_return response;
    }

    // Slack sends the browser here. It must be the one that began, and still be signed in.
    api::Reply complete(http::Request& request) {
        auto attempt = slack_attempt_of(request, messenger_.sealer(), now());
        if (!attempt || !messenger_.slack()) co_return redirect("/");
        auto state = request.query_value("state").value_or("");
        auto caller = co_await authenticator_.authenticate(request);
        if (!caller || caller->user_id != attempt->user_id ||
            caller->account_id != attempt->account_id ||
            !caller->grants.may(api::writes(Area::notifications)) ||
            !crypto::constant_time_equal(attempt->state, state))
            co_return back_to_page(attempt->account_id, "expired");
        if (request.query_value("error")) co_return back_to_page(attempt->account_id, "denied");
        auto bot = co_await messenger_.slack()->redeem(request.query_value("code").value_or(""),
                                                       slack_redirect_uri(messenger_.public_url()));
        if (!bot) {
            log::warn("Slack was not connected",
                      {{"account", attempt->account_id}, {"reason", bot.error().message}});
            bool said_no =
                bot.error().code == Errc::conflict || bot.error().code == Errc::invalid_argument;
            co_return back_to_page(attempt->account_id, said_no ? "refused" : "unreachable");
        }
        auto saved = co_await save(*caller, attempt->account_id, std::move(*bot));
        if (!saved && saved.error().code == Errc::not_found)
            co_return back_to_page(attempt->account_id, "expired");
        MW_CO_CHECK(std::move(saved));
        co_return back_to_page(attempt->account_id, "connected");
    }

    api::Reply enter_token(api::Call& call) {
        MW_CO_CHECK(co_await check(call));
        MW_CO_TRY(auto body, call.body());
        JsonReader in(body);
        std::string given;
        in.required("token", given, {1, 1024});
        MW_CO_CHECK(in.finish());
        Secret token{std::string(trimmed(given))};
        if (!token.reveal().starts_with("xoxb-"))
            co_return fail_field("token", "must be a bot's, which begins with xoxb-");
        auto bot = co_await messenger_.slack()->bot_of(std::move(token));
        // What Slack says of a token is said of the field.
        if (!bot && bot.error().code == Errc::conflict)
            co_return fail_field("token", bot.error().message);
        MW_CO_CHECK(bot);
        MW_CO_TRY(auto workspace, co_await save(call.caller, call.account_id, std::move(*bot)));
        co_return api::success(destination_json(workspace));
    }

    api::Reply disconnect(api::Call& call) {
        auto work = [&](pg::Connection& tx) -> Awaitable<Destination> {
            MW_CO_TRY(auto workspace, co_await find(tx, call));
            MW_CO_CHECK(co_await remove_destination(tx, call.account_id, workspace.id));
            MW_CO_CHECK(co_await audit::record(tx, call.caller,
                                               {"chat.slack_disconnected",
                                                "chat_destination",
                                                workspace.id,
                                                {{"name", workspace.name}}}));
            co_return workspace;
        };
        MW_CO_TRY(auto workspace, co_await pg::with_tx(pool_, work));
        messenger_.forget_channels(workspace.id);
        co_return api::success(destination_json(workspace));
    }

    api::Reply channels(api::Call& call) {
        MW_CO_TRY(auto workspace, co_await find(call));
        if (workspace.broken_reason) co_return fail(Errc::conflict, *workspace.broken_reason);
        auto search = call.request.query_value("search").value_or("").substr(0, 100);
        MW_CO_TRY(auto found,
                  co_await messenger_.find_channels(std::move(workspace), std::move(search)));
        boost::json::array json;
        for (const auto& channel : found)
            json.push_back(described_to_json(channel));
        co_return api::success(std::move(json));
    }

    api::Reply test(api::Call& call) {
        MW_CO_TRY(auto workspace, co_await find(call));
        MW_CO_TRY(auto body, call.body());
        JsonReader in(body);
        std::string channel;
        in.required("channel_id", channel, {1, 100});
        MW_CO_CHECK(in.finish());
        MW_CO_CHECK(
            co_await messenger_.test_slack(std::move(workspace), channel, call.caller.name));
        co_return api::success(boost::json::object{{"channel_id", channel}});
    }

  private:
    Awaitable<> check(const api::Call& call) {
        MW_CO_TRY(auto lease, co_await pool_.acquire());
        co_return co_await check_on(*lease, messenger_, call.account_id, Service::slack);
    }

    Awaitable<Destination> find(const api::Call& call) {
        MW_CO_TRY(auto lease, co_await pool_.acquire());
        co_return co_await find(*lease, call);
    }
    Awaitable<Destination> find(pg::Connection& connection, const api::Call& call) {
        MW_CO_CHECK(co_await check_on(connection, messenger_, call.account_id, Service::slack));
        MW_CO_TRY(auto workspace, co_await find_workspace(connection, call.account_id));
        if (!workspace)
            co_return fail(Errc::not_found, "No Slack workspace is connected to this account.");
        co_return std::move(*workspace);
    }

    Awaitable<Destination> save(api::Caller caller, Id account_id, SlackBot bot) {
        NewDestination given{.service = Service::slack,
                             .name = bot.team_name.empty() ? bot.team_id : bot.team_name,
                             .place = bot.team_id,
                             .bot_name = bot.bot_name,
                             .secret = std::move(bot.token),
                             .connected_by = caller.user_id};
        auto work = [&](pg::Connection& tx) -> Awaitable<Destination> {
            MW_CO_CHECK(co_await check_on(tx, messenger_, account_id, Service::slack));
            MW_CO_TRY(auto id, co_await save_destination(tx, messenger_.sealer(), account_id,
                                                         std::move(given)));
            boost::json::object said{{"name", bot.team_name}, {"team_id", bot.team_id}};
            MW_CO_CHECK(co_await audit::record(
                tx, caller, {"chat.slack_connected", "chat_destination", id, std::move(said)}));
            MW_CO_TRY(auto workspace, co_await find_workspace(tx, account_id));
            co_return std::move(*workspace);
        };
        MW_CO_TRY(auto workspace, co_await pg::with_tx(pool_, work));
        messenger_.forget_channels(workspace.id);
        co_return workspace;
    }

    api::Authenticator& authenticator_;
    pg::Pool& pool_;
    Messenger& messenger_;
};

}  // namespace

void add_slack_endpoints(api::Api& api, pg::Pool& pool, Messenger& messenger) {
    using How = api::Route::Answer;
    auto slack = std::make_shared<SlackApi>(api.authenticator(), pool, messenger);
    const std::string path = "/api/ui/accounts/{account_id}/chat/slack/";
    boost::json::object text{{"type", "string"}};
    auto workspace = destination_schema(Service::slack);
    auto reads = api::reads(Area::notifications);
    auto writes = api::writes(Area::notifications);
    api.get(path + "connect/", writes, [slack](api::Call& call) { return slack->connect(call); })
        .says("Say where a browser goes to connect a workspace; it needs the cookie that comes too")
        .gives(How::one, api::schema_like({{"url", ""}}));
    api.post(path + "token/", writes, [slack](api::Call& call) { return slack->enter_token(call); })
        .says("Connect a workspace by a bot's token")
        .takes({{"type", "object"}, {"required", {"token"}}, {"properties", {{"token", text}}}})
        .gives(How::one, workspace);
    api.del(path, writes, [slack](api::Call& call) { return slack->disconnect(call); })
        .says("Disconnect the workspace, and forget its token")
        .gives(How::one, workspace);
    api.get(path + "channels/", reads, [slack](api::Call& call) { return slack->channels(call); })
        .says("List channels whose name has this in it")
        .asks({"search"})
        .gives(How::one,
               {{"type", "array"}, {"items", api::schema_like(described_to_json(SlackChannel{}))}});
    api.post(path + "test/", writes, [slack](api::Call& call) { return slack->test(call); })
        .says("Send a test to a channel, at once")
        .takes({{"type", "object"},
                {"required", {"channel_id"}},
                {"properties", {{"channel_id", text}}}})
        .gives(How::one, api::schema_like({{"channel_id", ""}}));
    api.open().add("GET", "/complete/slack",
                   [slack](http::Request& request) { return slack->complete(request); });
}

}  // namespace mw::chat
