#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "features/firings/completion_service.hpp"
#include "features/runs/run_service.hpp"
#include "test_support/world.hpp"

namespace mw::firings {
namespace {

using runs::Status;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class CompletionTest : public testing::Test {
  protected:
    // A job that runs after that one's runs that end so.
    Id follower(Id before, std::string statuses, std::optional<Id> account = {}) {
        auto job = world_.job(account.value_or(account_));
        world_.sql(
            "UPDATE jobs SET job_completion_trigger_condition = jsonb_build_object("
            "'condition', jsonb_build_object('job_id', $2::bigint, 'statuses', $3::jsonb)) "
            "WHERE id = $1",
            job, before, statuses);
        return job;
    }
    Id end(Id job, Status status) {
        auto run = world_.queued_run(job);
        world_.sql("UPDATE runs SET status = 3, started_at = now() WHERE id = $1", run);
        world_.get([&] {
            return pg::with_tx(world_.pool(), [&](pg::Connection& tx) -> Awaitable<> {
                MW_CO_CHECK(co_await runs::finish_run(tx, run, status, ""));
                co_return result<>{};
            });
        });
        return run;
    }
    int fire() {
        return world_.get([&] { return fire_completions(world_.pool()); });
    }
    // The jobs that have a queued run.
    std::vector<Id> queued() {
        return world_.sql("SELECT DISTINCT job_id FROM runs WHERE status = 1 ORDER BY job_id")
            .column<Id>("job_id");
    }

    test::World world_;
    Id account_ = world_.account();
    Id first_ = world_.job(account_);
};

TEST_F(CompletionTest, WhoFollowsRunsAfterTheEndsThatItWaitsFor) {
    auto after_good = follower(first_, "[10]");
    auto after_bad = follower(first_, "[20, 30]");
    follower(after_good, "[10]");
    follower(world_.job(account_), "[10, 20, 30]");
    auto run = end(first_, Status::success);
    EXPECT_EQ(fire(), 1);
    EXPECT_THAT(queued(), ElementsAre(after_good));
    auto made = world_.sql(
        "SELECT trigger->>'cause' AS cause, trigger->>'cause_category' AS "
        "category FROM runs WHERE status = 1");
    EXPECT_EQ(made.get<std::string>(0, "category"), "job completion");
    EXPECT_THAT(made.get<std::string>(0, "cause"), HasSubstr(fmt::format("Run {} of ", run)));
    EXPECT_EQ(fire(), 0);
    world_.sql("DELETE FROM completion_firings");
    world_.sql("DELETE FROM runs WHERE status = 1");
    end(first_, Status::error);
    EXPECT_EQ(fire(), 1);
    EXPECT_THAT(queued(), ElementsAre(after_bad));
}

TEST_F(CompletionTest, AcrossProjectsButNotAcrossAccounts) {
    auto near = follower(first_, "[10]");
    follower(first_, "[10]", world_.account());
    EXPECT_NE(world_.value<Id>("SELECT project_id AS v FROM jobs WHERE id = $1", near),
              world_.value<Id>("SELECT project_id AS v FROM jobs WHERE id = $1", first_));
    end(first_, Status::success);
    EXPECT_EQ(fire(), 1);
    EXPECT_THAT(queued(), ElementsAre(near));
}

TEST_F(CompletionTest, WhatIsDeletedDoesNotFollow) {
    auto noted = follower(first_, "[10]");
    auto gone = follower(first_, "[10]");
    world_.sql("UPDATE jobs SET state = 2 WHERE id = $1", gone);
    end(first_, Status::success);
    world_.sql("UPDATE jobs SET state = 2 WHERE id = $1", noted);
    EXPECT_EQ(fire(), 0);
    EXPECT_THAT(queued(), IsEmpty());
    EXPECT_EQ(world_.value<int>("SELECT count(*)::integer AS v FROM completion_firings "
                                "WHERE fired_at IS NULL"),
              0);
}

TEST_F(CompletionTest, AFullQueueIsSaidAndKeepsNobodyElse) {
    follower(first_, "[10]");
    world_.sql("UPDATE accounts SET queue_limit = 0 WHERE id = $1", account_);
    auto elsewhere = world_.account();
    auto other = world_.job(elsewhere);
    auto follows = follower(other, "[10]", elsewhere);
    end(first_, Status::success);
    end(other, Status::success);
    EXPECT_EQ(fire(), 1);
    EXPECT_THAT(queued(), ElementsAre(follows));
    EXPECT_EQ(world_.value<std::string>("SELECT event AS v FROM audit_log WHERE account_id = $1 "
                                        "AND subject_type = 'job'",
                                        account_),
              "job.completion_skipped");
}

TEST_F(CompletionTest, WhatIsNoConditionStartsNothing) {
    auto odd = world_.job(account_);
    for (auto condition : {"{}", R"({"condition": null})", R"({"condition": {"job_id": "x"}})",
                           R"({"condition": {"job_id": 1, "statuses": "10"}})"})
        world_.sql("UPDATE jobs SET job_completion_trigger_condition = $2::jsonb WHERE id = $1",
                   odd, condition);
    end(first_, Status::success);
    EXPECT_EQ(fire(), 0);
}

}  // namespace
}  // namespace mw::firings
