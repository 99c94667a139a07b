#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/steady_timer.hpp>

#include "features/firings/firing_service.hpp"
#include "test_support/world.hpp"

namespace mw::firings {
namespace {

namespace asio = boost::asio;
using test::at;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class FiringTest : public testing::Test {
  protected:
    Id scheduled_job(std::string cron, std::string_view next_run_at) {
        auto job = world_.job(account_);
        world_.sql(
            "UPDATE jobs SET cron = $2, schedule_enabled = true, next_run_at = $3 WHERE id = $1",
            job, cron, at(next_run_at));
        return job;
    }
    FireReport fire(std::string_view now) { return world_.get(fire_due(world_.pool(), at(now))); }
    Timestamp next_run_at(Id job) {
        return world_.value<Timestamp>("SELECT next_run_at AS v FROM jobs WHERE id = $1", job);
    }
    std::vector<Timestamp> firings() {
        return world_.sql("SELECT due_at FROM schedule_firings ORDER BY due_at")
            .column<Timestamp>("due_at");
    }
    int runs() { return world_.value<int>("SELECT count(*) AS v FROM runs"); }

    test::World world_;
    Id account_ = world_.account();
};

TEST_F(FiringTest, FiresWhenDueAndPlansTheNextTime) {
    auto job = scheduled_job("0 * * * *", "2024-05-27 10:00:00");
    auto before = fire("2024-05-27 09:59:59.999999");
    EXPECT_EQ(before.fired, 0);
    EXPECT_EQ(before.next_due, at("2024-05-27 10:00:00"));
    EXPECT_EQ(runs(), 0);

    auto report = fire("2024-05-27 10:00:00");
    EXPECT_EQ(report.fired, 1);
    EXPECT_EQ(report.next_due, at("2024-05-27 11:00:00"));
    EXPECT_EQ(next_run_at(job), at("2024-05-27 11:00:00"));
    auto run = world_.sql(
        "SELECT r.status, r.is_scheduled, r.job_id, r.trigger->>'cause_category' AS category, "
        "f.due_at FROM runs r JOIN schedule_firings f ON f.run_id = r.id");
    ASSERT_EQ(run.size(), 1);
    EXPECT_EQ(run.get<int>(0, "status"), 1);
    EXPECT_TRUE(run.get<bool>(0, "is_scheduled"));
    EXPECT_EQ(run.get<Id>(0, "job_id"), job);
    EXPECT_EQ(run.get<std::string>(0, "category"), "scheduled");
    EXPECT_EQ(run.get<Timestamp>(0, "due_at"), at("2024-05-27 10:00:00"));
    EXPECT_EQ(fire("2024-05-27 10:00:01").fired, 0);
}

TEST_F(FiringTest, NothingScheduledMeansNothingDue) {
    world_.job(account_);
    EXPECT_EQ(fire("2024-05-27 10:00:00").next_due, std::nullopt);
}

TEST_F(FiringTest, DowntimeFiresOnceForTheLatestMissedTime) {
    auto job = scheduled_job("*/15 * * * *", "2024-05-27 10:00:00");
    EXPECT_EQ(fire("2024-05-29 07:20:00").fired, 1);
    EXPECT_THAT(firings(), ElementsAre(at("2024-05-29 07:15:00")));
    EXPECT_EQ(next_run_at(job), at("2024-05-29 07:30:00"));
    EXPECT_EQ(runs(), 1);
}

TEST_F(FiringTest, AClockStepBackFiresNothingTwice) {
    auto job = scheduled_job("0 * * * *", "2024-05-27 10:00:00");
    EXPECT_EQ(fire("2024-05-27 10:00:00").fired, 1);
    // Back by half an hour: nothing is due, and a correction that plans 10:00 again, or a person
    // who saves the job, finds that it has fired.
    EXPECT_EQ(fire("2024-05-27 09:30:00").fired, 0);
    EXPECT_EQ(world_.get(replan_schedules(world_.pool(), at("2024-05-27 09:30:00"))), 1);
    EXPECT_EQ(next_run_at(job), at("2024-05-27 10:00:00"));
    auto again = fire("2024-05-27 10:00:00");
    EXPECT_EQ(again.fired, 0);
    EXPECT_EQ(again.next_due, at("2024-05-27 11:00:00"));
    EXPECT_EQ(runs(), 1);
}

TEST_F(FiringTest, ATimePlannedWhileTheClockWasAheadIsCorrected) {
    auto ahead = scheduled_job("0 * * * *", "2031-01-01 00:00:00");
    auto never = scheduled_job("0 * * * *", "2024-05-27 11:00:00");
    auto right = scheduled_job("30 * * * *", "2024-05-27 10:30:00");
    auto broken = scheduled_job("nonsense", "2031-01-01 00:00:00");
    world_.sql("UPDATE jobs SET next_run_at = NULL WHERE id = $1", never);
    EXPECT_EQ(world_.get(replan_schedules(world_.pool(), at("2024-05-27 10:10:00"))), 2);
    EXPECT_EQ(next_run_at(ahead), at("2024-05-27 11:00:00"));
    EXPECT_EQ(next_run_at(never), at("2024-05-27 11:00:00"));
    EXPECT_EQ(next_run_at(right), at("2024-05-27 10:30:00"));
    EXPECT_EQ(next_run_at(broken), at("2031-01-01 00:00:00"));
    EXPECT_EQ(world_.get(replan_schedules(world_.pool(), at("2024-05-27 10:10:00"))), 0);
}

TEST_F(FiringTest, WhatIsSwitchedOffOrDeletedDoesNotFire) {
    struct Case {
        const char* table;
        const char* change;
        const char* key;
    };
    for (auto [table, change, key] :
         {Case{"jobs", "schedule_enabled = false", "id"}, Case{"jobs", "state = 2", "id"},
          Case{"environments", "state = 2", "environment_id"},
          Case{"projects", "state = 2", "project_id"}}) {
        auto job = scheduled_job("0 * * * *", "2024-05-27 10:00:00");
        world_.sql(fmt::format("UPDATE {} SET {} WHERE id = (SELECT {} FROM jobs WHERE id = $1)",
                               table, change, key),
                   job);
        auto report = fire("2024-05-27 10:00:00");
        EXPECT_EQ(report.fired + report.skipped + report.failed, 0) << table << " " << change;
        EXPECT_EQ(report.next_due, std::nullopt) << table << " " << change;
    }
    scheduled_job("0 * * * *", "2024-05-27 10:00:00");
    world_.sql("UPDATE accounts SET state = 2");
    EXPECT_EQ(fire("2024-05-27 10:00:00").fired, 0);
    EXPECT_EQ(runs(), 0);
}

TEST_F(FiringTest, AScheduleThatCannotBeReadIsPutAsideAndKeepsNoOtherFromFiring) {
    auto broken = scheduled_job("nonsense", "2024-05-27 09:00:00");
    scheduled_job("0 * * * *", "2024-05-27 10:00:00");
    auto report = fire("2024-05-27 10:00:00");
    EXPECT_EQ(report.fired, 1);
    EXPECT_EQ(report.next_due, at("2024-05-27 11:00:00"));
    EXPECT_TRUE(
        world_.sql("SELECT next_run_at FROM jobs WHERE id = $1", broken).is_null(0, "next_run_at"));
}

TEST_F(FiringTest, AFullQueueSkipsTheFiringAndSaysSo) {
    auto other = world_.job(account_);
    world_.queued_run(other);
    world_.sql("UPDATE accounts SET queue_limit = 1");
    auto job = scheduled_job("0 * * * *", "2024-05-27 10:00:00");
    auto report = fire("2024-05-27 10:00:00");
    EXPECT_EQ(report.fired, 0);
    EXPECT_EQ(report.skipped, 1);
    EXPECT_EQ(next_run_at(job), at("2024-05-27 11:00:00"));
    EXPECT_EQ(runs(), 1);
    auto row = world_.sql(
        "SELECT event, actor_type, subject_id, internal_data->>'reason' AS reason FROM audit_log");
    ASSERT_EQ(row.size(), 1);
    EXPECT_EQ(row.get<std::string>(0, "event"), "job.schedule_skipped");
    EXPECT_EQ(row.get<Id>(0, "subject_id"), job);
    EXPECT_THAT(row.get<std::string>(0, "reason"), HasSubstr("queue is full"));
    // What was skipped does not come back when there is room.
    world_.sql("UPDATE accounts SET queue_limit = 100");
    EXPECT_EQ(fire("2024-05-27 10:59:59").fired, 0);
    EXPECT_EQ(fire("2024-05-27 11:00:00").fired, 1);
}

TEST_F(FiringTest, ANewerScheduledRunReplacesAQueuedOneButNoOther) {
    auto job = scheduled_job("0 * * * *", "2024-05-27 10:00:00");
    auto by_api = world_.queued_run(job);
    EXPECT_EQ(fire("2024-05-27 10:00:00").fired, 1);
    auto first = world_.value<Id>("SELECT max(id) AS v FROM runs");
    EXPECT_EQ(fire("2024-05-27 11:00:00").fired, 1);
    auto second = world_.value<Id>("SELECT max(id) AS v FROM runs");
    EXPECT_EQ(world_.status(first), 30);
    EXPECT_THAT(world_.message(first), HasSubstr("schedule"));
    EXPECT_EQ(world_.status(second), 1);
    EXPECT_EQ(world_.status(by_api), 1);
}

TEST_F(FiringTest, AScheduledRunThatHasStartedIsNotReplaced) {
    auto job = scheduled_job("0 * * * *", "2024-05-27 10:00:00");
    auto started = world_.queued_run(job, false, true);
    world_.sql("UPDATE runs SET status = 2, dequeued_at = now()");
    EXPECT_EQ(fire("2024-05-27 10:00:00").fired, 1);
    EXPECT_EQ(world_.status(started), 2);
}

// Several schedulers with connections of their own fire the same jobs at the same moment.
TEST_F(FiringTest, ConcurrentSchedulersFireEachDueTimeOnce) {
    constexpr int kJobs = 12;
    constexpr int kSchedulers = 4;
    for (int i = 0; i < kJobs; ++i)
        scheduled_job("0 * * * *", "2024-05-27 10:00:00");
    int fired = 0;
    int working = kSchedulers;
    auto scheduler = [&]() -> asio::awaitable<void> {
        auto& pool = world_.another_pool(2);
        for (auto hour : {"2024-05-27 10:00:00", "2024-05-27 11:00:00"}) {
            auto report = co_await fire_due(pool, at(hour));
            if (!report) throw std::runtime_error(report.error().detail);
            fired += report->fired;
            EXPECT_EQ(report->failed, 0);
        }
        --working;
    };
    for (int i = 0; i < kSchedulers; ++i)
        asio::co_spawn(world_.ioc(), scheduler, [](std::exception_ptr thrown) {
            if (thrown) std::rethrow_exception(thrown);
        });
    world_.ioc().restart();
    while (working > 0)
        world_.ioc().run_one();
    EXPECT_EQ(fired, 2 * kJobs);
    EXPECT_EQ(runs(), 2 * kJobs);
    EXPECT_EQ(firings().size(), 2U * kJobs);
}

// A crash between any two statements of a firing leaves nothing of it.
TEST_F(FiringTest, AFiringIsAllOrNothing) {
    auto job = scheduled_job("0 * * * *", "2024-05-27 10:00:00");
    world_.sql(
        "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'no runs today'; END $$");
    world_.sql("CREATE TRIGGER refuse BEFORE INSERT ON runs EXECUTE FUNCTION refuse()");
    auto report = fire("2024-05-27 10:00:00");
    EXPECT_EQ(report.failed, 1);
    EXPECT_EQ(next_run_at(job), at("2024-05-27 10:00:00"));
    EXPECT_THAT(firings(), IsEmpty());
    EXPECT_EQ(runs(), 0);
    world_.sql("DROP TRIGGER refuse ON runs");
    EXPECT_EQ(fire("2024-05-27 10:00:05").fired, 1);
    EXPECT_THAT(firings(), ElementsAre(at("2024-05-27 10:00:00")));
}

TEST_F(FiringTest, OldFiringsAreForgotten) {
    scheduled_job("0 * * * *", "2024-05-27 10:00:00");
    fire("2024-05-27 10:00:00");
    fire("2024-05-27 11:00:00");
    EXPECT_EQ(world_.get([&]() -> Awaitable<int> {
        MW_CO_TRY(auto connection, co_await world_.pool().acquire());
        co_return co_await delete_firings(*connection, at("2024-05-27 10:30:00"));
    }),
              1);
    EXPECT_THAT(firings(), ElementsAre(at("2024-05-27 11:00:00")));
}

}  // namespace
}  // namespace mw::firings
