#include "features/chat/slack_client.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <boost/url/encode.hpp>
#include <boost/url/rfc/unreserved_chars.hpp>

#include "base/json_reader.hpp"
#include "features/chat/slack_words.hpp"
#include "infra/crypto/base64.hpp"

namespace mw::chat {
namespace {

using namespace std::chrono_literals;
namespace urls = boost::urls;

constexpr std::size_t kAnswerBytesMax = 4UL * 1024 * 1024;
constexpr int kPageOfChannels = 1000;
constexpr int kPagesMax = 50;

std::string text_at(const boost::json::object& object, std::string_view name) {
    const auto* value = object.if_contains(name);
    return value && value->is_string() ? std::string(value->get_string()) : std::string();
}

std::string text_at(const boost::json::object& object, std::string_view within,
                    std::string_view name) {
    const auto* value = object.if_contains(within);
    return value && value->is_object() ? text_at(value->get_object(), name) : std::string();
}

bool is_true(const boost::json::object& object, std::string_view name) {
    const auto* value = object.if_contains(name);
    return value && value->is_bool() && value->get_bool();
}

std::string encoded(std::string_view text) {
    return urls::encode(text, urls::unreserved_chars);
}

boost::json::object object_in(std::string_view body) {
    auto value = parse_json(body);
    if (!value || !value->is_object()) return {};
    return std::move(value->get_object());
}

std::unexpected<Error> slow_down(const http::ClientResponse& response) {
    return std::unexpected(to_result({Outcome::Kind::wait, "Slack asks to wait a little.",
                                      wait_of(response.header("retry-after"))})
                               .error());
}

}  // namespace

SlackClient::SlackClient(const boost::asio::any_io_executor& executor, SlackSettings settings)
    : settings_(std::move(settings)), client_(executor) {
}

http::ClientRequest SlackClient::request_to(std::string_view method) const {
    http::ClientRequest request;
    request.url = fmt::format("{}/{}", settings_.api_url, method);
    request.connect_timeout = 5s;
    request.total_timeout = 15s;
    request.response_bytes_max = kAnswerBytesMax;
    request.headers.emplace_back("User-Agent", "millwright-chat/1");
    return request;
}

boost::asio::awaitable<Outcome> SlackClient::post(Secret token, std::string channel_id,
                                                  SlackMessage message) {
    auto request = request_to("chat.postMessage");
    request.method = "POST";
    request.bearer_token = std::move(token);
    request.headers.emplace_back("Content-Type", "application/json; charset=utf-8");
    request.body = boost::json::serialize(boost::json::object{{"channel", channel_id},
                                                              {"text", message.text},
                                                              {"blocks", message.blocks},
                                                              {"unfurl_links", false},
                                                              {"unfurl_media", false}});
    auto response = co_await client_.send(std::move(request));
    if (!response) co_return Outcome{Outcome::Kind::later, response.error().message};
    if (response->status == 429) {
        auto wait = wait_of(response->header("retry-after"));
        co_return Outcome{Outcome::Kind::wait,
                          fmt::format("Slack asked to wait {} s.", wait.count()), wait};
    }
    if (!response->ok())
        co_return Outcome{Outcome::Kind::later,
                          fmt::format("Slack answered {}.", response->status)};
    auto body = object_in(response->body);
    if (is_true(body, "ok")) co_return Outcome{};
    co_return outcome_of(text_at(body, "error"));
}

Awaitable<SlackClient::Answer> SlackClient::ask(http::ClientRequest request) {
    MW_CO_TRY(auto response, co_await client_.send(std::move(request)));
    if (response.status == 429) co_return slow_down(response);
    if (!response.ok())
        co_return fail(Errc::upstream_failed, fmt::format("Slack answered {}.", response.status));
    Answer answer{object_in(response.body), std::string(response.header("x-oauth-scopes"))};
    if (is_true(answer.body, "ok")) co_return answer;
    auto error = text_at(answer.body, "error");
    co_return fail(Errc::conflict, outcome_of(error).reason, error);
}

Awaitable<SlackBot> SlackClient::bot_of(Secret token) {
    auto request = request_to("auth.test");
    request.method = "POST";
    request.headers.emplace_back("Content-Type", "application/json; charset=utf-8");
    request.bearer_token = token;
    MW_CO_TRY(auto answer, co_await ask(std::move(request)));
    if (text_at(answer.body, "bot_id").empty())
        co_return fail_field("token", "is a person's, not a bot's: one begins with xoxb-");
    if (!answer.scopes.empty() && !has_scope(answer.scopes, "chat:write"))
        co_return fail_field("token", "lacks the scope chat:write");
    co_return SlackBot{text_at(answer.body, "team_id"), text_at(answer.body, "team"),
                       text_at(answer.body, "user"), std::move(token)};
}

Awaitable<std::string> SlackClient::page_of_channels(const Secret& token, std::string_view types,
                                                     std::string cursor,
                                                     std::vector<SlackChannel>& channels) {
    auto request = request_to("conversations.list");
    request.url +=
        fmt::format("?exclude_archived=true&limit={}&types={}", kPageOfChannels, encoded(types));
    if (!cursor.empty()) request.url += "&cursor=" + encoded(cursor);
    request.bearer_token = token;
    MW_CO_TRY(auto answer, co_await ask(std::move(request)));
    const auto* list = answer.body.if_contains("channels");
    if (list && list->is_array())
        for (const auto& item : list->get_array()) {
            if (!item.is_object() || is_true(item.get_object(), "is_archived")) continue;
            const auto& channel = item.get_object();
            channels.push_back({text_at(channel, "id"), text_at(channel, "name"),
                                is_true(channel, "is_private"), is_true(channel, "is_member")});
        }
    co_return text_at(answer.body, "response_metadata", "next_cursor");
}

Awaitable<std::vector<SlackChannel>> SlackClient::channels(Secret token) {
    std::vector<SlackChannel> channels;
    std::string_view types = "public_channel,private_channel";
    std::string cursor;
    for (int page = 0; page < kPagesMax; ++page) {
        auto next = co_await page_of_channels(token, types, cursor, channels);
        // A bot may be allowed to see the public ones only.
        if (!next && next.error().detail == "missing_scope" && types != "public_channel") {
            types = "public_channel";
            channels.clear();
            cursor.clear();
            continue;
        }
        MW_CO_TRY(cursor, std::move(next));
        if (cursor.empty()) break;
    }
    std::ranges::sort(channels, {}, &SlackChannel::name);
    co_return channels;
}

Awaitable<SlackBot> SlackClient::redeem(std::string code, std::string redirect_uri) {
    auto request = request_to("oauth.v2.access");
    request.method = "POST";
    request.headers.emplace_back("Content-Type", "application/x-www-form-urlencoded");
    request.headers.emplace_back(
        "Authorization",
        "Basic " + crypto::base64_encode(fmt::format("{}:{}", settings_.client_id,
                                                     settings_.client_secret.reveal())));
    request.body = fmt::format("code={}&redirect_uri={}", encoded(code), encoded(redirect_uri));
    MW_CO_TRY(auto answer, co_await ask(std::move(request)));
    Secret token(text_at(answer.body, "access_token"));
    if (token.empty() || text_at(answer.body, "token_type") != "bot")
        co_return fail(Errc::conflict, "Slack gave no token of a bot.");
    if (answer.body.contains("expires_in"))
        co_return fail(Errc::conflict,
                       "Slack gave a token that ends by itself: turn off token rotation in the "
                       "settings of the Slack app.");
    if (!has_scope(text_at(answer.body, "scope"), "chat:write"))
        co_return fail(Errc::conflict, "Slack gave a token without the scope chat:write.");
    // Slack names the bot by its id only.
    MW_CO_TRY(auto bot, co_await bot_of(std::move(token)));
    co_return bot;
}

}  // namespace mw::chat
