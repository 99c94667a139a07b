#include "features/chat/pgtest_chats.hpp"
#include "features/chat/slack_attempt.hpp"
#include "features/notifications/notification.hpp"

namespace mw::chat {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class ChatApiTest : public ChatWorld {
  protected:
    std::vector<std::string> names(std::string search) {
        auto answer = world_.get(path("slack/channels/?search=" + search));
        EXPECT_EQ(answer.status, 200) << answer.body;
        std::vector<std::string> names;
        for (const auto& channel : answer.data().as_array())
            names.emplace_back(channel.at("name").as_string());
        return names;
    }
    int kept(std::string_view word) {
        return world_.value<int>(
            "SELECT count(*)::integer AS v FROM chat_destinations d "
            "WHERE position($1 IN d::text) > 0 OR position($1::bytea IN d.sealed_secret) > 0",
            word);
    }
};

TEST_F(ChatApiTest, ABotsTokenIsCheckedAndSealed) {
    auto state = world_.get(path()).data();
    EXPECT_EQ(state.at("slack").at("available"), true);
    EXPECT_EQ(state.at("slack").at("can_connect"), true);
    EXPECT_TRUE(state.at("slack").at("workspace").is_null());
    EXPECT_THAT(connect("xoxp-1").message(), HasSubstr("xoxb-"));
    double_.say_no("invalid_auth", "/auth.test");
    EXPECT_THAT(connect().message(), HasSubstr("token: Slack did not take it"));
    double_.say("/auth.test", R"({"ok": true, "team": "t", "team_id": "T", "user": "u"})");
    EXPECT_THAT(connect().message(), HasSubstr("not a bot's"));
    double_.say("/auth.test", R"({"ok": true, "team_id": "T", "bot_id": "B"})", 200,
                "X-OAuth-Scopes: channels:read,users:read\r\n");
    EXPECT_THAT(connect().message(), HasSubstr("chat:write"));
    auto made = connect(" xoxb-very-secret ");
    ASSERT_EQ(made.status, 200) << made.body;
    EXPECT_EQ(made.data().at("name"), "Harbour");
    EXPECT_EQ(made.data().at("place"), "T1");
    EXPECT_EQ(made.data().at("bot_name"), "millwright");
    EXPECT_EQ(double_.at("/auth.test").back().authorization, "Bearer xoxb-very-secret");
    EXPECT_THAT(made.body, Not(HasSubstr("xoxb-")));
    EXPECT_THAT(world_.get(path()).body, Not(HasSubstr("xoxb-")));
    EXPECT_EQ(kept("very-secret"), 0);
    EXPECT_EQ(world_.value<int>("SELECT count(*)::integer AS v FROM audit_log "
                                "WHERE event = 'chat.slack_connected'"),
              1);
}

TEST_F(ChatApiTest, AnotherWorkspaceTakesThePlaceOfTheFirst) {
    connect();
    slack_rule("on_failure", "C1");
    ended(runs::Status::error);
    double_.say("/auth.test", R"({"ok": true, "team": "Quay", "team_id": "T2", "user": "mw",
                                  "bot_id": "B2"})");
    EXPECT_EQ(connect("xoxb-2").data().at("name"), "Quay");
    // A channel of the first is none of the second.
    EXPECT_FALSE(deliver());
    EXPECT_EQ(world_.value<int>("SELECT count(*)::integer AS v FROM chat_destinations "
                                "WHERE sealed_secret IS NOT NULL"),
              1);
    EXPECT_EQ(world_.call("DELETE", path("slack/")).status, 200);
    EXPECT_TRUE(world_.get(path()).data().at("slack").at("workspace").is_null());
    EXPECT_EQ(world_.call("DELETE", path("slack/")).status, 404);
    EXPECT_EQ(world_.get(path("slack/channels/")).status, 404);
    EXPECT_THAT(told(runs::Status::error), IsEmpty());
}

TEST_F(ChatApiTest, ChannelsAreListedPageByPageAndKeptForAWhile) {
    connect();
    double_.say("/conversations.list", R"({"ok": true, "channels": [
        {"id": "C1", "name": "data-alerts", "is_member": true},
        {"id": "C2", "name": "old", "is_archived": true}],
        "response_metadata": {"next_cursor": "dGVhbQ=="}})");
    double_.say("/conversations.list", R"({"ok": true, "channels": [
        {"id": "C3", "name": "alerts", "is_private": true}, {"id": "C4", "name": "general"}],
        "response_metadata": {"next_cursor": ""}})");
    EXPECT_THAT(names(""), ElementsAre("alerts", "data-alerts", "general"));
    auto asked = double_.at("/conversations.list");
    ASSERT_EQ(asked.size(), 2u);
    EXPECT_EQ(asked[0].authorization, "Bearer xoxb-secret-1");
    EXPECT_THAT(asked[0].target, HasSubstr("exclude_archived=true"));
    EXPECT_THAT(asked[0].target, HasSubstr("types=public_channel%2Cprivate_channel"));
    EXPECT_THAT(asked[1].target, HasSubstr("cursor=dGVhbQ%3D%3D"));
    EXPECT_THAT(names("Alerts"), ElementsAre("alerts", "data-alerts"));
    EXPECT_THAT(names("#data"), ElementsAre("data-alerts"));
    EXPECT_THAT(names("C4"), ElementsAre("general"));
    EXPECT_THAT(names("nothing"), IsEmpty());
    EXPECT_EQ(double_.at("/conversations.list").size(), 2u);
}

TEST_F(ChatApiTest, ABotThatMaySeePublicChannelsOnlyListsThose) {
    connect();
    double_.say_no("missing_scope", "/conversations.list");
    double_.say("/conversations.list", R"({"ok": true, "channels": [{"id": "C1", "name": "a"}]})");
    EXPECT_THAT(names(""), ElementsAre("a"));
    EXPECT_THAT(double_.at("/conversations.list")[1].target, HasSubstr("types=public_channel"));
}

TEST_F(ChatApiTest, WhatSlackAsksIsAskedOfWhoeverLooks) {
    connect();
    double_.say("/conversations.list", "{}", 429, "Retry-After: 7\r\n");
    auto answer = world_.get(path("slack/channels/"));
    EXPECT_EQ(answer.status, 429);
    EXPECT_EQ(answer.headers.at("retry-after"), "7");
    double_.say_no("channel_not_found");
    auto test = world_.post(path("slack/test/"), R"({"channel_id": "C9"})");
    EXPECT_EQ(test.status, 409);
    EXPECT_THAT(test.message(), HasSubstr("channel_not_found"));
    EXPECT_EQ(world_.post(path("slack/test/"), R"({"channel_id": "C1"})").status, 200);
    EXPECT_EQ(world_.post(path("slack/test/"), "{}").status, 400);
}

TEST_F(ChatApiTest, ChannelsOfTeamsShowTheirHostAndNoMore) {
    auto id = add_teams("Alarms", "sig=very-secret");
    auto listed = world_.get(path("teams/"));
    EXPECT_EQ(listed.data().at(0).at("name"), "Alarms");
    EXPECT_EQ(listed.data().at(0).at("place"), "127.0.0.1");
    EXPECT_THAT(listed.body, Not(HasSubstr("very-secret")));
    EXPECT_EQ(kept("very-secret"), 0);
    auto post = [&](std::string body, std::string rest = "") {
        return world_.post(path("teams/" + rest), body);
    };
    EXPECT_THAT(post(R"({"name": "Alarms", "url": "https://h/1"})").message(), HasSubstr("name"));
    EXPECT_THAT(post(R"({"name": "x", "url": "http://h.example/1"})").message(),
                HasSubstr("https://"));
    EXPECT_THAT(post(R"({"name": "x", "url": "ftp"})").message(), HasSubstr("url"));
    EXPECT_THAT(post(R"({"name": "x", "url": "https://a:b@h/1"})").message(), HasSubstr("url"));
    EXPECT_EQ(post(R"({"name": "Second", "url": "https://h.example/1?sig=2"})").status, 201);
    auto one = fmt::format("{}/", id);
    EXPECT_THAT(post(R"({"name": "Second"})", one).message(), HasSubstr("name"));
    EXPECT_EQ(post(R"({"name": "Renamed"})", one).data().at("name"), "Renamed");
    EXPECT_EQ(post("", one + "test/").status, 200);
    EXPECT_EQ(double_.at("/hook?sig=very-secret").size(), 1u);
    EXPECT_EQ(post(R"({"url": "https://other.example/x"})", one).data().at("place"),
              "other.example");
    teams_rule("on_failure", id);
    EXPECT_EQ(world_.call("DELETE", path("teams/" + one)).status, 200);
    EXPECT_THAT(told(runs::Status::error), IsEmpty());
    EXPECT_EQ(world_.value<int>("SELECT state AS v FROM notifications"), 2);
    EXPECT_EQ(post("", one + "test/").status, 404);
}

TEST_F(ChatApiTest, ARuleNamesAChannelOfTeamsOfTheAccount) {
    notifications::add_notification_endpoints(world_.api(), world_.pool());
    connect();
    auto id = add_teams();
    auto slack = world_.value<Id>("SELECT id AS v FROM chat_destinations WHERE service = 'slack'");
    auto post = [&](std::string more) {
        return world_.post(fmt::format("/api/v2/accounts/{}/notifications/", account_),
                           fmt::format(R"({{"user_id": {}, "type": 6, "on_failure": [{}]{}}})",
                                       user_, job_, more));
    };
    EXPECT_THAT(post("").message(), HasSubstr("teams_channel_id"));
    EXPECT_THAT(post(fmt::format(R"(, "teams_channel_id": {})", slack)).message(),
                HasSubstr("teams_channel_id"));
    EXPECT_THAT(post(R"(, "teams_channel_id": 987654)").message(), HasSubstr("teams_channel_id"));
    auto made = post(fmt::format(R"(, "teams_channel_id": {})", id));
    ASSERT_EQ(made.status, 200) << made.body;
    EXPECT_EQ(made.data().at("teams_channel_id"), id);
    EXPECT_THAT(told(runs::Status::error), ElementsAre("Alarms"));
}

TEST_F(ChatApiTest, ABrowserConnectsAWorkspaceByItsOwnCookie) {
    auto begun = world_.get(path("slack/connect/"));
    ASSERT_EQ(begun.status, 200) << begun.body;
    std::string url(begun.data().at("url").as_string());
    EXPECT_THAT(url, testing::StartsWith("https://slack.com/oauth/v2/authorize?"));
    EXPECT_THAT(url, HasSubstr("client_id=client-1"));
    EXPECT_THAT(url, HasSubstr("chat:write.public"));
    EXPECT_THAT(url, HasSubstr("complete/slack"));
    auto cookie = begun.headers.at("set-cookie");
    EXPECT_THAT(cookie, HasSubstr("HttpOnly; Secure; SameSite=Lax"));
    cookie = cookie.substr(0, cookie.find(';'));
    auto state = url.substr(url.find("state=") + 6);
    auto come_back = [&](std::string query, std::string with) {
        auto answer = world_.call("GET", "/complete/slack?" + query, "", {{"cookie", with}});
        EXPECT_EQ(answer.status, 303);
        EXPECT_THAT(answer.headers.at("set-cookie"), HasSubstr("Max-Age=0"));
        return answer.headers.at("location");
    };
    auto page = fmt::format("/settings/{}/chat?slack=", account_);
    EXPECT_EQ(come_back("code=1&state=" + state, ""), "/");
    EXPECT_EQ(come_back("code=1&state=another", cookie), page + "expired");
    EXPECT_EQ(come_back("error=access_denied&state=" + state, cookie), page + "denied");
    // Somebody else has signed in meanwhile.
    world_.authenticator().caller.user_id = user_ + 1;
    EXPECT_EQ(come_back("code=1&state=" + state, cookie), page + "expired");
    world_.authenticator().caller.user_id = user_;
    double_.say_no("invalid_code", "/oauth.v2.access");
    EXPECT_EQ(come_back("code=1&state=" + state, cookie), page + "refused");
    double_.say("/oauth.v2.access", "", 502);
    EXPECT_EQ(come_back("code=1&state=" + state, cookie), page + "unreachable");
    // One that ends by itself would end the messages, too.
    double_.say("/oauth.v2.access", R"({"ok": true, "access_token": "xoxb-granted",
        "token_type": "bot", "scope": "chat:write,channels:read", "expires_in": 43200})");
    EXPECT_EQ(come_back("code=1&state=" + state, cookie), page + "refused");
    double_.say("/oauth.v2.access", R"({"ok": true, "access_token": "xoxb-granted",
        "token_type": "bot", "scope": "chat:write,channels:read", "team": {"id": "T1"}})");
    EXPECT_EQ(come_back("code=the+code&state=" + state, cookie), page + "connected");
    auto asked = double_.at("/oauth.v2.access").back();
    EXPECT_THAT(asked.authorization, testing::StartsWith("Basic "));
    EXPECT_THAT(asked.body, HasSubstr("redirect_uri=https%3A%2F%2Fh%2Fcomplete%2Fslack"));
    EXPECT_EQ(double_.at("/auth.test").back().authorization, "Bearer xoxb-granted");
    EXPECT_EQ(world_.get(path()).data().at("slack").at("workspace").at("name"), "Harbour");
}

TEST_F(ChatApiTest, AnAttemptThatIsTooOldIsNone) {
    auto attempt = begin_slack_attempt(account_, user_);
    http::Request request;
    auto cookie = slack_attempt_cookie(attempt, sealer_, now() - std::chrono::minutes(11));
    request.headers["cookie"] = cookie.substr(0, cookie.find(';'));
    EXPECT_FALSE(slack_attempt_of(request, sealer_, now()));
    EXPECT_TRUE(slack_attempt_of(request, sealer_, now() - std::chrono::minutes(5)));
    crypto::Sealer other{crypto::DataKey::generate()};
    EXPECT_FALSE(slack_attempt_of(request, other, now() - std::chrono::minutes(5)));
}

}  // namespace
}  // namespace mw::chat
