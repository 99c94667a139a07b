#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "features/connection_tests/connection_test_store.hpp"
#include "features/pull_request_schemas/schema_store.hpp"
#include "test_support/world.hpp"

namespace mw::pull_request_schemas {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class SchemaTest : public testing::Test {
  protected:
    SchemaTest() {
        repository_ = world_.value<Id>(
            "INSERT INTO repositories (account_id, project_id, remote_url) SELECT account_id, "
            "project_id, 'https://h/acme/shop.git' FROM jobs WHERE id = $1 RETURNING id AS v",
            job_);
        world_.sql("UPDATE projects SET repository_id = $1", repository_);
    }

    template <class Work>
    auto tx(Work work) {
        return world_.get([&] { return pg::with_tx(world_.pool(), work); });
    }
    Id run(std::string category = "ci", std::optional<std::string> schema = {}) {
        return world_.value<Id>(
            "INSERT INTO runs (account_id, project_id, environment_id, job_id, trigger, "
            "dbt_version, is_ci) SELECT account_id, project_id, environment_id, id, "
            "jsonb_build_object('cause_category', $2::text, 'schema_override', $3::text, "
            "'github_pull_request_id', 12), 'latest', true FROM jobs WHERE id = $1 "
            "RETURNING id AS v",
            job_, category, schema.value_or(own()));
    }
    std::string own() const { return fmt::format("dbt_cloud_pr_{}_12", job_); }
    void note(Id run, std::vector<std::string> relations) {
        tx([&](pg::Connection& tx) { return note_schemas(tx, run, relations); });
    }
    int want(std::int64_t number = 12) {
        return tx([&](pg::Connection& tx) { return want_dropped(tx, repository_, number); });
    }
    int send() {
        return tx([](pg::Connection& tx) { return send_errands(tx); });
    }
    int settle() {
        return tx([](pg::Connection& tx) { return settle_errands(tx); });
    }
    // As the process that went there would end it.
    void end_errand(bool ok) {
        auto claimed = world_.get([&] { return connection_tests::claim_tests(world_.pool(), 5); });
        ASSERT_EQ(claimed.size(), 1U);
        connection_tests::Outcome outcome{.ok = ok, .message = "no such host"};
        world_.get([&] {
            return connection_tests::finish_test(world_.pool(), claimed[0].token_hash, outcome);
        });
    }
    std::vector<std::string> schemas(std::string where = "true") {
        return world_
            .sql(
                "SELECT database_name || '.' || schema_name AS s FROM pull_request_schemas WHERE " +
                where + " ORDER BY 1")
            .column<std::string>("s");
    }

    test::World world_;
    Id account_ = world_.account();
    Id job_ = world_.job(account_);
    Id repository_ = 0;
};

TEST_F(SchemaTest, OnlyWhatIsTheRunsOwnEntersTheList) {
    auto quoted = [&](std::string schema) { return fmt::format(R"("db"."{}"."orders")", schema); };
    note(run(), {quoted(own()), quoted(own() + "_marketing"), quoted("analytics"),
                 quoted("dbt_cloud_pr_99999_12"), quoted(own() + "3"), "nonsense"});
    EXPECT_THAT(schemas(), ElementsAre("db." + own(), "db." + own() + "_marketing"));
}

TEST_F(SchemaTest, RunsThatNoWebhookMadeLeaveNothingToDrop) {
    auto relation = fmt::format(R"("db"."{}"."orders")", own());
    note(run("api"), {relation});
    note(run("ci", "analytics"), {R"("db"."analytics"."orders")"});
    note(run("ci", "dbt_cloud_pr_99999_12"), {R"("db"."dbt_cloud_pr_99999_12"."orders")"});
    EXPECT_THAT(schemas(), IsEmpty());
}

TEST_F(SchemaTest, TheTableItselfRefusesAnyOtherName) {
    for (auto name : {"analytics", "dbt_cloud_pr_", "dbt_cloud_pr_1_2x", "x_dbt_cloud_pr_1_2"})
        EXPECT_ANY_THROW(world_.sql(
            "INSERT INTO pull_request_schemas (environment_id, job_id, pull_request, schema_name) "
            "SELECT environment_id, id, 12, $2 FROM jobs WHERE id = $1",
            job_, name))
            << name;
}

TEST_F(SchemaTest, AClosedOnesGoWhenNoRunMayWriteToThemAnyMore) {
    auto going_on = run();
    note(going_on, {fmt::format("db.{}.orders", own())});
    EXPECT_EQ(send(), 0) << "nobody wants them dropped";
    EXPECT_EQ(want(13), 0);
    EXPECT_EQ(want(), 1);
    EXPECT_EQ(send(), 0) << "a run goes on";
    world_.sql("UPDATE runs SET status = 30, finished_at = now() WHERE id = $1", going_on);
    EXPECT_EQ(send(), 1);
    EXPECT_EQ(send(), 0) << "once";
    EXPECT_EQ(world_.value<std::string>("SELECT drop_schemas::text AS v FROM connection_tests"),
              fmt::format(R"([{{"schema": "{}", "database": "db"}}])", own()));
    end_errand(true);
    EXPECT_EQ(settle(), 1);
    EXPECT_THAT(schemas("dropped_at IS NOT NULL"), ElementsAre("db." + own()));
    EXPECT_EQ(send(), 0);
}

TEST_F(SchemaTest, WhatCouldNotBeDroppedIsTriedAgainFiveTimes) {
    auto over = run();
    note(over, {fmt::format("db.{}.orders", own())});
    world_.sql("UPDATE runs SET status = 10, finished_at = now()");
    want();
    for (int i = 0; i < 5; ++i) {
        EXPECT_EQ(send(), 1) << i;
        end_errand(false);
        EXPECT_EQ(settle(), 0);
        EXPECT_EQ(send(), 0) << "not at once";
        world_.sql("UPDATE pull_request_schemas SET next_try_at = now()");
    }
    EXPECT_EQ(send(), 0);
    EXPECT_EQ(world_.value<std::string>("SELECT last_error AS v FROM pull_request_schemas"),
              "no such host");
}

TEST_F(SchemaTest, AnErrandThatIsGoneIsNotWaitedForForEver) {
    note(run(), {fmt::format("db.{}.orders", own())});
    world_.sql("UPDATE runs SET status = 10, finished_at = now()");
    want();
    send();
    world_.sql("DELETE FROM connection_tests");
    settle();
    world_.sql("UPDATE pull_request_schemas SET next_try_at = now()");
    EXPECT_EQ(send(), 1);
}

TEST_F(SchemaTest, OneThatIsOpenedAgainKeepsWhatIsStillThere) {
    note(run(), {fmt::format("db.{}.orders", own())});
    world_.sql("UPDATE runs SET status = 10, finished_at = now()");
    want();
    tx([&](pg::Connection& tx) { return want_kept(tx, repository_, 12); });
    EXPECT_EQ(send(), 0);
}

TEST_F(SchemaTest, OneThatComesBackAfterItWasDroppedGoesAgain) {
    auto relation = fmt::format("db.{}.orders", own());
    note(run(), {relation});
    world_.sql("UPDATE runs SET status = 10, finished_at = now()");
    want();
    send();
    end_errand(true);
    settle();
    // A run that was slow to stop.
    note(run(), {relation});
    world_.sql("UPDATE runs SET status = 30, finished_at = now()");
    EXPECT_EQ(send(), 1);
}

TEST_F(SchemaTest, OneThatIsBuiltAnewBeforeItsEndWasHeardOfIsThereAgain) {
    auto relation = fmt::format("db.{}.orders", own());
    note(run(), {relation});
    world_.sql("UPDATE runs SET status = 10, finished_at = now()");
    want();
    send();
    end_errand(true);
    tx([&](pg::Connection& tx) { return want_kept(tx, repository_, 12); });
    note(run(), {relation});
    settle();
    world_.sql("UPDATE runs SET status = 10, finished_at = now()");
    EXPECT_EQ(want(), 1);
    EXPECT_EQ(send(), 1);
}

TEST_F(SchemaTest, ErrandsAreNoTestsThatAnybodySees) {
    note(run(), {fmt::format("db.{}.orders", own())});
    world_.sql("UPDATE runs SET status = 10, finished_at = now()");
    want();
    send();
    auto id = world_.value<Id>("SELECT id AS v FROM connection_tests");
    EXPECT_FALSE(
        world_.get([&] { return connection_tests::find_test(world_.pool(), account_, id); }));
    EXPECT_EQ(world_.get([&] {
        return pg::with_tx(world_.pool(), [&](pg::Connection& tx) {
            return connection_tests::count_unfinished(tx, account_);
        });
    }),
              0);
}

}  // namespace
}  // namespace mw::pull_request_schemas
