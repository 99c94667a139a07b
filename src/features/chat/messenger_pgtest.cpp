#include "features/chat/pgtest_chats.hpp"

namespace mw::chat {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class MessengerTest : public ChatWorld {};

TEST_F(MessengerTest, WhatIsNamedForAnEndHearsOfIt) {
    slack_rule("on_failure", "C1");
    EXPECT_THAT(told(runs::Status::error), IsEmpty());  // no workspace yet
    connect();
    slack_rule("on_success", "C2", 2);
    auto teams = add_teams();
    teams_rule("on_failure", teams);
    EXPECT_THAT(told(runs::Status::error), ElementsAre("Alarms", "C1-name"));
    EXPECT_THAT(told(runs::Status::success), ElementsAre("C2-name"));
    EXPECT_THAT(told(runs::Status::cancelled), IsEmpty());
    slack_rule("on_warning", "C3");
    EXPECT_THAT(told(runs::Status::success), ElementsAre("C2-name"));
    EXPECT_THAT(told(runs::Status::success, true), ElementsAre("C2-name", "C3-name"));
    // However many rules name it, a channel hears once.
    slack_rule("on_failure", "C1");
    EXPECT_EQ(told(runs::Status::error).size(), 2u);
}

TEST_F(MessengerTest, AMessageIsOfTheRunsTransaction) {
    connect();
    slack_rule("on_success", "C1");
    auto run = world_.queued_run(job_);
    world_.sql("UPDATE runs SET status = 3, started_at = now() WHERE id = $1", run);
    auto outcome = world_.run([&]() -> Awaitable<> {
        co_return co_await pg::with_tx(world_.pool(), [&](pg::Connection& tx) -> Awaitable<> {
            MW_CO_CHECK(co_await runs::finish_run(tx, run, runs::Status::success, ""));
            co_return fail(Errc::internal, "undone");
        });
    });
    EXPECT_FALSE(outcome);
    EXPECT_FALSE(deliver());
}

TEST_F(MessengerTest, SlackIsToldByTheBotAndTeamsByACard) {
    connect();
    slack_rule("on_failure", "C1");
    teams_rule("on_failure", add_teams());
    auto run = ended(runs::Status::error);
    EXPECT_EQ(deliver_all(), 2);
    auto posts = double_.at("/chat.postMessage");
    ASSERT_EQ(posts.size(), 1u);
    EXPECT_EQ(posts[0].authorization, "Bearer xoxb-secret-1");
    EXPECT_EQ(posts[0].content_type, "application/json; charset=utf-8");
    auto said = posts[0].json();
    EXPECT_EQ(said.at("channel"), "C1");
    EXPECT_THAT(std::string(said.at("text").as_string()), HasSubstr("❌ j failed"));
    EXPECT_THAT(posts[0].body, HasSubstr(fmt::format("/runs/{}|Open the run", run)));
    auto cards = double_.at("/hook?sig");
    ASSERT_EQ(cards.size(), 1u);
    EXPECT_EQ(cards[0].json().at("type"), "message");
    EXPECT_THAT(cards[0].body, HasSubstr("application/vnd.microsoft.card.adaptive"));
    EXPECT_EQ(messages("sent").as_array().size(), 2u);
}

TEST_F(MessengerTest, ARequestToWaitHoldsBackTheWholeWorkspaceAndIsNoTry) {
    connect();
    slack_rule("on_failure", "C1");
    slack_rule("on_failure", "C2");
    teams_rule("on_failure", add_teams());
    ended(runs::Status::error);
    double_.say("/chat.postMessage", R"({"ok": false, "error": "ratelimited"})", 429,
                "Retry-After: 40\r\n");
    // Teams is not held back.
    EXPECT_EQ(deliver_all(), 2);
    EXPECT_THAT(double_.posts(), ElementsAre("C1"));
    EXPECT_EQ(messages("pending").as_array().size(), 2u);
    EXPECT_EQ(world_.value<int>("SELECT sum(attempts)::integer AS v FROM chat_messages "
                                "WHERE status = 'pending'"),
              0);
    EXPECT_TRUE(world_.value<bool>(
        "SELECT quiet_until BETWEEN now() + interval '30 seconds' AND now() + interval '40 "
        "seconds' AS v FROM chat_destinations WHERE service = 'slack'"));
    EXPECT_EQ(world_.post(path("slack/test/"), R"({"channel_id": "C1"})").status, 429);
    // The other account that has the same workspace waits too.
    world_.sql("UPDATE chat_destinations SET quiet_until = now()");
    world_.sql("UPDATE chat_messages SET next_try_at = now()");
    EXPECT_EQ(deliver_all(), 2);
    EXPECT_THAT(double_.posts(), ElementsAre("C1", "C1", "C2"));
}

TEST_F(MessengerTest, AnAccountWithTheSameWorkspaceWaitsToo) {
    connect();
    slack_rule("on_failure", "C1");
    ended(runs::Status::error);
    auto other = world_.account();
    world_.sql(
        "INSERT INTO chat_destinations (account_id, service, name, place) "
        "VALUES ($1, 'slack', 'Harbour', 'T1')",
        other);
    double_.say("/chat.postMessage", "{}", 429, "Retry-After: 40\r\n");
    deliver_all();
    EXPECT_EQ(world_.value<int>("SELECT count(*)::integer AS v FROM chat_destinations "
                                "WHERE quiet_until > now() + interval '20 seconds'"),
              2);
}

TEST_F(MessengerTest, AWorkspaceHearsOneAtATime) {
    connect();
    slack_rule("on_failure", "C1");
    slack_rule("on_failure", "C2");
    ended(runs::Status::error);
    auto take = [&] {
        return world_.get([&] { return take_message(world_.pool(), {"slack", "teams"}); });
    };
    // Whoever took it has died.
    auto taken = take();
    ASSERT_TRUE(taken);
    EXPECT_FALSE(take());
    EXPECT_FALSE(deliver());
    world_.sql("UPDATE chat_destinations SET busy_until = now()");
    EXPECT_EQ(deliver_all(), 2);
    EXPECT_THAT(double_.posts(), ElementsAre("C1", "C2"));
}

TEST_F(MessengerTest, ATokenThatIsNoLongerGoodBreaksTheWorkspaceAndIsToldOnce) {
    connect();
    slack_rule("on_failure", "C1");
    slack_rule("on_failure", "C2");
    ended(runs::Status::error);
    double_.say_no("token_revoked");
    EXPECT_EQ(deliver_all(), 1);
    EXPECT_EQ(letters(), 1);
    EXPECT_EQ(world_.value<std::string>("SELECT recipient AS v FROM letters"), "ann@example.com");
    auto shown = world_.get(path()).data().at("slack").at("workspace");
    EXPECT_THAT(std::string(shown.at("broken_reason").as_string()), HasSubstr("token_revoked"));
    // What waits has failed, what comes is kept, and nobody is asked.
    EXPECT_EQ(messages("failed").as_array().size(), 2u);
    ended(runs::Status::error);
    EXPECT_EQ(messages("failed").as_array().size(), 4u);
    EXPECT_FALSE(deliver());
    EXPECT_EQ(letters(), 1);
    auto failed = messages("failed").at(0).at("id").as_int64();
    auto again = path(fmt::format("messages/{}/again/", failed));
    EXPECT_EQ(world_.post(again).status, 404);
    // The same workspace by another token.
    connect("xoxb-secret-2");
    EXPECT_TRUE(world_.get(path()).data().at("slack").at("workspace").at("broken_at").is_null());
    EXPECT_EQ(world_.post(again).data().at("status"), "pending");
    EXPECT_TRUE(deliver());
    EXPECT_EQ(double_.at("/chat.postMessage").back().authorization, "Bearer xoxb-secret-2");
    double_.say_no("account_inactive");
    EXPECT_EQ(world_.post(path("slack/test/"), R"({"channel_id": "C1"})").status, 409);
    EXPECT_EQ(letters(), 2);
}

TEST_F(MessengerTest, OwnersAreToldWhereWhoConnectedItIsGone) {
    connect();
    slack_rule("on_failure", "C1");
    world_.sql("UPDATE account_members SET state = 2 WHERE user_id = $1", user_);
    auto owner =
        world_.value<Id>("INSERT INTO users (email) VALUES ('own@example.com') RETURNING id AS v");
    world_.sql("INSERT INTO account_members (account_id, user_id) VALUES ($1, $2)", account_,
               owner);
    auto group = world_.value<Id>(
        "INSERT INTO groups (account_id, name) VALUES ($1, 'Bosses') RETURNING id AS v", account_);
    world_.sql(
        "INSERT INTO group_permissions (account_id, group_id, permission_set) "
        "VALUES ($1, $2, 'owner')",
        account_, group);
    world_.sql("INSERT INTO group_members (group_id, user_id) VALUES ($1, $2)", group, owner);
    ended(runs::Status::error);
    double_.say_no("invalid_auth");
    deliver_all();
    EXPECT_EQ(world_.value<std::string>("SELECT recipient AS v FROM letters"), "own@example.com");
}

TEST_F(MessengerTest, WhatIsWrongWithAChannelIsADeadLetterAndElseItIsTriedAgain) {
    connect();
    slack_rule("on_failure", "C1");
    ended(runs::Status::error);
    double_.say_no("channel_not_found");
    EXPECT_EQ(deliver_all(), 1);
    auto failed = messages("failed").at(0);
    EXPECT_EQ(failed.at("attempts"), 1);
    EXPECT_EQ(failed.at("job_name"), "j");
    EXPECT_THAT(std::string(failed.at("last_error").as_string()), HasSubstr("channel_not_found"));
    // Sent again, it meets a Slack that is unwell, twice.
    world_.post(path(fmt::format("messages/{}/again/", failed.at("id").as_int64())));
    double_.say_no("internal_error");
    double_.say("/chat.postMessage", "oh", 503);
    EXPECT_TRUE(deliver());
    EXPECT_EQ(messages("pending").at(0).at("attempts"), 1);
    EXPECT_TRUE(deliver());
    EXPECT_FALSE(deliver());
    EXPECT_EQ(messages("failed").at(0).at("attempts"), 2);
    EXPECT_EQ(letters(), 0);
}

TEST_F(MessengerTest, WhatTeamsRefusesSaysWhyAndShowsNoAddress) {
    auto channel = add_teams("Alarms", "sig=very-secret");
    teams_rule("on_failure", channel);
    ended(runs::Status::error);
    double_.say("/hook", "", 404);
    EXPECT_EQ(deliver_all(), 1);
    auto failed = messages("failed");
    EXPECT_THAT(std::string(failed.at(0).at("last_error").as_string()), HasSubstr("404"));
    EXPECT_THAT(boost::json::serialize(failed), Not(HasSubstr("very-secret")));
    // Its answer may ask to wait, too.
    world_.post(path(fmt::format("messages/{}/again/", failed.at(0).at("id").as_int64())));
    double_.say("/hook", "", 429, "Retry-After: 20\r\n");
    EXPECT_EQ(deliver_all(), 1);
    EXPECT_EQ(messages("pending").at(0).at("attempts"), 0);
}

TEST_F(MessengerTest, AnAddressInsideIsNotCalledUnlessItIsAllowed) {
    teams_rule("on_failure", add_teams());
    ended(runs::Status::error);
    auto strict = settings();
    strict.networks = {};
    Messenger messenger(world_.ioc().get_executor(), world_.pool(), sealer_, strict, "https://h");
    EXPECT_TRUE(world_.get([&] { return messenger.deliver_next(); }));
    EXPECT_THAT(double_.at("/hook"), IsEmpty());
    EXPECT_THAT(std::string(messages("failed").at(0).at("last_error").as_string()),
                HasSubstr("MILLWRIGHT_CHAT_NETWORKS"));
}

TEST_F(MessengerTest, AnAccountMayHaveNone) {
    connect();
    slack_rule("on_failure", "C1");
    auto channel = add_teams();
    teams_rule("on_failure", channel);
    ended(runs::Status::error);
    EXPECT_EQ(world_.post(path(), R"({"slack": false})").data().at("slack").at("enabled"), false);
    // What waits is not sent later, and Teams goes on.
    EXPECT_EQ(messages("pending").as_array().size(), 1u);
    EXPECT_THAT(told(runs::Status::error), ElementsAre("Alarms"));
    EXPECT_EQ(world_.get(path("slack/channels/")).status, 404);
    EXPECT_EQ(connect().status, 404);
    world_.post(path(), R"({"teams": false})");
    EXPECT_EQ(world_.get(path("teams/")).status, 404);
    EXPECT_EQ(world_.get(path("messages/")).status, 404);
    EXPECT_EQ(world_.post(path(fmt::format("teams/{}/test/", channel))).status, 404);
    EXPECT_THAT(double_.posts(), IsEmpty());
    world_.post(path(), R"({"slack": true, "teams": true})");
    EXPECT_EQ(told(runs::Status::error).size(), 2u);
    EXPECT_EQ(world_.post(path(), "{}").status, 400);
}

TEST_F(MessengerTest, WhatTheOperatorHasOffIsNotSpokenTo) {
    connect();
    slack_rule("on_failure", "C1");
    teams_rule("on_failure", add_teams());
    ended(runs::Status::error);
    auto half = settings();
    half.slack.reset();
    Messenger messenger(world_.ioc().get_executor(), world_.pool(), sealer_, half, "https://h");
    EXPECT_TRUE(world_.get([&] { return messenger.deliver_next(); }));
    EXPECT_FALSE(world_.get([&] { return messenger.deliver_next(); }));
    EXPECT_THAT(double_.posts(), IsEmpty());
    world_.get([&] { return remove_waiting(world_.pool(), {"slack"}); });
    EXPECT_THAT(messages("pending").as_array(), IsEmpty());
}

TEST_F(MessengerTest, OldOnesGo) {
    connect();
    slack_rule("on_failure", "C1");
    ended(runs::Status::error);
    deliver_all();
    ended(runs::Status::error);
    auto remove = [&] {
        return world_.get(
            [&] { return delete_old_messages(world_.pool(), std::chrono::days(30)); });
    };
    EXPECT_EQ(remove(), 0);
    world_.sql(
        "UPDATE chat_messages SET ended_at = now() - interval '31 days', "
        "created_at = now() - interval '31 days' WHERE status = 'sent'");
    EXPECT_EQ(remove(), 1);
    EXPECT_EQ(messages("pending").as_array().size(), 1u);
}

}  // namespace
}  // namespace mw::chat
