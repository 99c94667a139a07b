#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "features/mail/mail_api.hpp"
#include "features/mail/owner_letter_store.hpp"
#include "features/mail/run_letter_store.hpp"
#include "features/runs/pgtest_api.hpp"
#include "features/runs/run_service.hpp"

namespace mw::mail {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class MailTest : public testing::Test {
  protected:
    MailTest() {
        world_.act_as(account_);
        add_mail_endpoints(world_.api(), world_.pool(), mailer_, "https://h");
        user_ = world_.value<Id>(
            "INSERT INTO users (email) VALUES ('ann@example.com') RETURNING id AS v");
        world_.sql(
            "INSERT INTO account_members (account_id, user_id, license_type) "
            "VALUES ($1, $2, 'developer')",
            account_, user_);
    }

    // A mail server that nobody listens at.
    static MailSettings nowhere() {
        MailSettings settings;
        settings.server.host = "127.0.0.1";
        settings.server.port = 1;
        settings.server.security = smtp::Security::none;
        settings.from_address = "millwright@example.com";
        settings.from_name = "Millwright";
        settings.retries = {.attempts = 2, .first_pause = std::chrono::seconds(0)};
        return settings;
    }
    void rule(int type, std::string column, std::optional<std::string> address = {}) {
        world_.sql(fmt::format("INSERT INTO notifications (account_id, user_id, type, "
                               "external_email, {}) VALUES ($1, $2, $3, $4, ARRAY[$5::bigint])",
                               column),
                   account_, user_, type, address, job_);
    }
    // The addresses that hear of a run that ends so.
    std::vector<std::string> told(runs::Status status, bool with_warning = false) {
        auto run = world_.queued_run(job_);
        world_.sql("UPDATE runs SET status = 3, started_at = now() WHERE id = $1", run);
        if (with_warning)
            world_.sql(
                "INSERT INTO run_nodes (run_id, step_index, unique_id, name, resource_type, "
                "status) VALUES ($1, 4, 'test.a.b', 'b', 'test', 'warn')",
                run);
        world_.get([&] {
            return pg::with_tx(world_.pool(), [&](pg::Connection& tx) -> Awaitable<> {
                MW_CO_CHECK(co_await runs::finish_run(tx, run, status, "over"));
                co_return result<>{};
            });
        });
        return addresses(run);
    }
    std::vector<std::string> addresses(Id run) {
        std::vector<std::string> found;
        auto rows = world_.get([&] { return world_.pool().run(kOfRun, run); });
        return rows.column<std::string>("recipient");
    }
    void write(std::string recipient) {
        world_.get([&] {
            return pg::with_tx(world_.pool(), [&](pg::Connection& tx) -> Awaitable<> {
                co_return co_await Outbox(sealer_).write(
                    tx, account_, kInvitation, recipient,
                    {"Join", "come: https://h/invite#mwi_secret", "<p>come</p>"});
            });
        });
    }
    std::string path(std::string rest = "") {
        return fmt::format("/api/ui/accounts/{}/mail/{}", account_, rest);
    }
    bool deliver() {
        return world_.get([&] { return mailer_.deliver_next(); });
    }

    static inline const pg::Query kOfRun{
        "mail_test.of_run", "SELECT recipient FROM letters WHERE run_id = $1 ORDER BY recipient"};
    test::ApiWorld world_;
    Id account_ = world_.account();
    Id job_ = world_.job(account_);
    Id user_ = 0;
    crypto::Sealer sealer_{crypto::DataKey::generate()};
    Mailer mailer_{world_.ioc().get_executor(), world_.pool(), sealer_, nowhere(), "https://h"};
};

TEST_F(MailTest, WhoIsNamedForAnEndHearsOfIt) {
    rule(1, "on_failure");
    rule(4, "on_failure", "ops@example.org");
    rule(4, "on_success", "boss@example.org");
    rule(2, "on_failure");  // a Slack channel
    EXPECT_THAT(told(runs::Status::error), ElementsAre("ann@example.com", "ops@example.org"));
    EXPECT_THAT(told(runs::Status::success), ElementsAre("boss@example.org"));
    EXPECT_THAT(told(runs::Status::cancelled), IsEmpty());
    rule(4, "on_cancel", "night@example.org");
    EXPECT_THAT(told(runs::Status::cancelled), ElementsAre("night@example.org"));
    rule(4, "on_warning", "careful@example.org");
    EXPECT_THAT(told(runs::Status::success), ElementsAre("boss@example.org"));
    EXPECT_THAT(told(runs::Status::success, true),
                ElementsAre("boss@example.org", "careful@example.org"));
}

TEST_F(MailTest, AnAddressHearsOnceAndOnlyWhileItsPersonIsAMember) {
    rule(1, "on_failure");
    rule(4, "on_failure", "Ann@Example.com");
    EXPECT_EQ(told(runs::Status::error).size(), 1u);
    world_.sql("UPDATE notifications SET state = 2 WHERE type = 4");
    world_.sql("UPDATE account_members SET state = 2 WHERE user_id = $1", user_);
    EXPECT_THAT(told(runs::Status::error), IsEmpty());
}

TEST_F(MailTest, OwnersOfModelsHearOfTheirs) {
    auto environment = world_.value<Id>("SELECT environment_id AS v FROM jobs WHERE id = $1", job_);
    auto run = world_.queued_run(job_);
    world_.sql("UPDATE runs SET status = 20, finished_at = now() WHERE id = $1", run);
    world_.sql("INSERT INTO environment_states (environment_id) VALUES ($1)", environment);
    auto node = [&](std::string type, std::string name, std::string facts,
                    std::optional<std::string> status = {}, std::string parents = "{}") {
        world_.sql(
            "INSERT INTO environment_nodes (environment_id, unique_id, resource_type, name, "
            "parents, defined, last_run_id, last_status, last_error) "
            "VALUES ($1, $2 || '.' || $3, $2, $3, $4::text[], 'd', $5, $6, 'it said so')",
            environment, type, name, parents, run, status);
        world_.sql(
            "INSERT INTO node_facts (environment_id, unique_id, digest, facts) "
            "VALUES ($1, $2 || '.' || $3, 'd', $4::jsonb)",
            environment, type, name, facts);
    };
    node("group", "finance", R"({"owner": {"email": "Flo@example.com"}})");
    node("group", "sales", R"({"owner": {"email": ["sam@example.com", "sue@example.com"]}})");
    node("model", "orders", R"({"group": "finance"})", "error");
    node("model", "visits", R"({"config": {"group": "sales"}})", "success");
    node("model", "nobodys", "{}", "error");
    node("test", "visits_are_good", "{}", "fail", "{model.visits}");
    auto tell = [&] {
        world_.get([&] {
            return pg::with_tx(world_.pool(), [&](pg::Connection& tx) -> Awaitable<> {
                co_return co_await tell_owners(tx, run);
            });
        });
        return addresses(run);
    };
    EXPECT_THAT(tell(), IsEmpty());
    world_.sql(
        "INSERT INTO model_notifications (environment_id, enabled, on_failure) "
        "VALUES ($1, true, true)",
        environment);
    EXPECT_THAT(tell(), ElementsAre("flo@example.com", "sam@example.com", "sue@example.com"));
    EXPECT_EQ(tell().size(), 3u);
    auto told = world_.get([&] { return nodes_of_owner(world_.pool(), run, "Sam@example.com"); });
    ASSERT_EQ(told.size(), 1u);
    EXPECT_EQ(told.front().name, "visits_are_good");
    EXPECT_EQ(told.front().message, "it said so");
    // Old news are no news.
    world_.sql("DELETE FROM letters");
    world_.sql("UPDATE runs SET finished_at = now() - interval '2 days' WHERE id = $1", run);
    EXPECT_THAT(tell(), IsEmpty());
}

TEST_F(MailTest, AnAccountMayHaveNone) {
    rule(1, "on_failure");
    write("earlier@example.com");
    EXPECT_EQ(world_.post(path(), R"({"enabled": false})").data().at("enabled"), false);
    EXPECT_THAT(told(runs::Status::error), IsEmpty());
    write("bob@example.com");
    EXPECT_EQ(world_.value<int>("SELECT count(*)::integer AS v FROM letters"), 0);
    auto state = world_.call("GET", path()).data();
    EXPECT_EQ(state.at("configured"), true);
    EXPECT_EQ(state.at("enabled"), false);
    EXPECT_EQ(state.at("server"), "127.0.0.1:1, not encrypted");
    world_.post(path(), R"({"enabled": true})");
    EXPECT_EQ(told(runs::Status::error).size(), 1u);
    EXPECT_THAT(world_.post(path(), R"({"enabled": "x"})").message(), HasSubstr("enabled"));
}

TEST_F(MailTest, WhatALetterSaysIsSealedWhileItWaits) {
    write("bob@example.com");
    EXPECT_EQ(world_.value<int>("SELECT count(*)::integer AS v FROM letters l "
                                "WHERE position('mwi_secret' IN l::text) > 0 OR "
                                "position('mwi_secret'::bytea IN l.sealed_content) > 0"),
              0);
    auto taken = world_.get([&] { return take_letter(world_.pool()); });
    ASSERT_TRUE(taken);
    auto content = open_content(sealer_, *taken);
    ASSERT_TRUE(content);
    EXPECT_THAT(content->text, HasSubstr("mwi_secret"));
    EXPECT_EQ(content->subject, "Join");
    // Nobody else gets it meanwhile.
    EXPECT_FALSE(world_.get([&] { return take_letter(world_.pool()); }));
    world_.sql("UPDATE letters SET taken_until = now() - interval '1 second'");
    EXPECT_TRUE(world_.get([&] { return take_letter(world_.pool()); }));
}

TEST_F(MailTest, WhatCannotBeSentIsTriedAgainAndThenShown) {
    write("bob@example.com");
    EXPECT_TRUE(deliver());
    auto waiting = world_.call("GET", path("letters/?status=pending")).data();
    EXPECT_EQ(waiting.at(0).at("attempts"), 1);
    EXPECT_FALSE(waiting.at(0).at("last_error").is_null());
    EXPECT_TRUE(deliver());
    EXPECT_FALSE(deliver());
    auto failed = world_.call("GET", path("letters/?status=failed")).data().at(0);
    EXPECT_EQ(failed.at("attempts"), 2);
    EXPECT_EQ(failed.at("subject"), "Join");
    auto again = world_.post(path(fmt::format("letters/{}/again/", failed.at("id").as_int64())));
    EXPECT_EQ(again.data().at("status"), "pending");
    EXPECT_TRUE(deliver());
    EXPECT_EQ(world_.post(path("letters/999/again/")).status, 404);
    EXPECT_EQ(world_.call("GET", path("letters/?status=lost")).status, 400);
    EXPECT_EQ(world_.post(path("test/")).status, 503);
}

TEST_F(MailTest, ARuleIsEndedByTheLinkInItsLetters) {
    rule(4, "on_failure", "ops@example.org");
    auto key = world_.value<std::string>("SELECT unsubscribe_key::text AS v FROM notifications");
    auto stop = [&](std::string token) {
        return world_.post("/api/ui/unsubscribe/", fmt::format(R"({{"token": "{}"}})", token));
    };
    EXPECT_EQ(stop("nobody's").status, 404);
    EXPECT_EQ(stop(key).json().at("recipient"), "ops@example.org");
    EXPECT_THAT(told(runs::Status::error), IsEmpty());
    EXPECT_EQ(stop(key).status, 404);
}

TEST_F(MailTest, ARuleIsEndedByAMailProgramsOwnButton) {
    rule(4, "on_failure", "ops@example.org");
    auto key = world_.value<std::string>("SELECT unsubscribe_key::text AS v FROM notifications");
    auto address = "/api/ui/unsubscribe/" + key + "/";
    // A link checker that follows it ends nothing; a person is asked first.
    auto shown = world_.call("GET", address);
    EXPECT_EQ(shown.status, 303);
    EXPECT_EQ(shown.headers.at("location"), "/unsubscribe#" + key);
    EXPECT_EQ(world_.call("GET", "/api/ui/unsubscribe/a\r\nb/").status, 404);
    EXPECT_EQ(world_.post(address, "something=else").status, 400);
    EXPECT_EQ(told(runs::Status::error).size(), 1U);
    EXPECT_EQ(world_.post(address, "List-Unsubscribe=One-Click").status, 200);
    EXPECT_EQ(world_.post(address, "List-Unsubscribe=One-Click").status, 404);
}

TEST_F(MailTest, WithoutAMailServerNothingWaits) {
    write("bob@example.com");
    world_.get([&] { return remove_waiting(world_.pool()); });
    EXPECT_EQ(world_.value<int>("SELECT count(*)::integer AS v FROM letters"), 0);
    Mailer off(world_.ioc().get_executor(), world_.pool(), sealer_, {}, "https://h");
    auto sent = world_.run([&] { return off.send_now("a@b.c", {}); });
    EXPECT_EQ(sent.error().code, Errc::conflict);
}

TEST_F(MailTest, OldOnesGo) {
    write("bob@example.com");
    world_.sql("UPDATE letters SET status = 'sent', ended_at = now() - interval '31 days'");
    write("ann@example.com");
    auto gone =
        world_.get([&] { return delete_old_letters(world_.pool(), std::chrono::days(30)); });
    EXPECT_EQ(gone, 1);
    EXPECT_EQ(world_.value<int>("SELECT count(*)::integer AS v FROM letters"), 1);
}

}  // namespace
}  // namespace mw::mail
