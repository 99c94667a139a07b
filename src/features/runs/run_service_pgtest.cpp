#include "features/runs/run_service.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>

#include "features/jobs/job_store.hpp"
#include "test_support/world.hpp"

namespace mw::runs {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class RunServiceTest : public testing::Test {
  protected:
    RunServiceTest() {
        caller_.kind = api::Caller::Kind::user_token;
        caller_.account_id = account_;
        caller_.user_id = 3;
        caller_.name = "ann@example.com";
    }

    template <class Work>
    auto try_tx(Work work) {
        return world_.run([&] { return pg::with_tx(world_.pool(), work); });
    }
    template <class Work>
    auto tx(Work work) {
        return world_.get([&] { return pg::with_tx(world_.pool(), work); });
    }

    NewRun new_run(Id job_id) {
        return {.account_id = account_, .job_id = job_id, .cause = "a test", .caller = caller_};
    }
    runs::Run create(Id job_id) {
        return tx([&](pg::Connection& c) { return create_run(c, new_run(job_id)); });
    }
    runs::Run fire(Id job_id) {
        auto run = new_run(job_id);
        run.is_scheduled = true;
        run.cause_category = kCauseScheduled;
        run.caller.reset();
        return tx([&](pg::Connection& c) { return create_run(c, run); });
    }
    runs::Run read(Id run_id) {
        auto run = tx([&](pg::Connection& c) { return find_run(c, run_id); });
        return run.value();
    }
    // As a worker would have it.
    void start(Id run_id) {
        world_.sql(
            "UPDATE runs SET status = 3, dequeued_at = now(), started_at = now() WHERE id = $1",
            run_id);
        world_.sql(
            "INSERT INTO run_leases (run_id, token_hash, worker, expires_at) "
            "VALUES ($1, $2, 'w', now() + interval '1 minute')",
            run_id, fmt::format("hash-{}", run_id));
    }
    void add_step(Id run_id, int index, std::string command, Status status) {
        world_.sql(
            "INSERT INTO run_steps (run_id, account_id, index, name, command, status, started_at) "
            "VALUES ($1, $2, $3, $4, $5, $6, now())",
            run_id, account_, index, "Invoke dbt with `" + command + "`", command,
            static_cast<int>(status));
    }
    void add_artifact(Id run_id, int step, std::string path) {
        world_.sql(
            "INSERT INTO artifacts (run_id, step_index, path, size_bytes, object_key) "
            "VALUES ($1, $2, $3, 1, 'k')",
            run_id, step, path);
    }
    // A run whose step at `index` failed and left results.
    runs::Run failed(Id run_id, int index = 4, std::string command = "dbt build") {
        start(run_id);
        add_step(run_id, index, std::move(command), Status::error);
        add_artifact(run_id, index, "run_results.json");
        return end(run_id, Status::error);
    }
    runs::Run end(Id run_id, Status status) {
        return tx([&](pg::Connection& c) { return finish_run(c, run_id, status, "over"); });
    }
    runs::Run retry(Id run_id) {
        return tx([&](pg::Connection& c) { return retry_run(c, caller_, run_id); });
    }
    Error refused_retry(Id run_id) {
        auto run = try_tx([&](pg::Connection& c) { return retry_run(c, caller_, run_id); });
        return run ? Error{Errc::internal, "was not refused", {}, {}} : run.error();
    }
    std::vector<std::string> audit_events(Id run_id) {
        return world_
            .sql(
                "SELECT event FROM audit_log WHERE subject_type = 'run' AND subject_id = $1 "
                "ORDER BY id",
                run_id)
            .column<std::string>("event");
    }

    test::World world_;
    Id account_ = world_.account();
    api::Caller caller_;
};

// Collects what a transaction told others.
class Ear {
  public:
    Ear(test::World& world, std::string channels) : world_(world) {
        connection_ = world.get([&]() -> asio::awaitable<result<std::unique_ptr<pg::Connection>>> {
            auto& pool = world.another_pool();
            co_return co_await pg::Connection::open(pool.blocking(), pool.conninfo());
        });
        world.get([&] { return connection_->run_text("listen", std::move(channels)); });
    }
    // Everything up to a mark that is sent now: what others sent before has arrived by then.
    std::vector<std::string> heard() {
        world_.sql("SELECT pg_notify('mark', '')");
        return world_.get([&]() -> asio::awaitable<result<std::vector<std::string>>> {
            std::vector<std::string> all;
            for (;;) {
                MW_CO_TRY(auto one, co_await connection_->next_notification());
                if (one.channel == "mark") co_return all;
                all.push_back(one.channel + ":" + one.payload);
            }
        });
    }

  private:
    test::World& world_;
    std::unique_ptr<pg::Connection> connection_;
};

constexpr auto kListenAll = "LISTEN mark; LISTEN run_queue; LISTEN run_events; LISTEN run_cancel";

TEST_F(RunServiceTest, ANewRunIsQueuedTracedAndAnnounced) {
    Ear ear(world_, kListenAll);
    auto job = world_.job(account_);
    auto run = create(job);
    EXPECT_EQ(run.status, Status::queued);
    EXPECT_EQ(run.job_id, job);
    EXPECT_EQ(run.dbt_version, "latest");
    auto trigger = from_stored(run.trigger);
    EXPECT_EQ(trigger.cause, "a test");
    EXPECT_EQ(trigger.cause_category, "api");
    EXPECT_THAT(trigger.plan.steps, ElementsAre("dbt build"));
    EXPECT_THAT(audit_events(run.id), ElementsAre("run.created"));
    EXPECT_THAT(ear.heard(),
                testing::UnorderedElementsAre("run_queue:", fmt::format("run_events:{}", run.id)));
}

TEST_F(RunServiceTest, OverridesWinOverJobAndEnvironment) {
    auto job = world_.job(account_);
    world_.sql("UPDATE jobs SET dbt_version = '1.10.0-latest', threads = 2 WHERE id = $1", job);
    EXPECT_EQ(create(job).dbt_version, "1.10.0-latest");
    auto wanted = new_run(job);
    wanted.overrides.dbt_version_override = "1.11.0-latest";
    wanted.overrides.steps_override = {"dbt seed"};
    wanted.overrides.threads_override = 9;
    wanted.overrides.git_branch = "feature";
    auto run = tx([&](pg::Connection& c) { return create_run(c, wanted); });
    EXPECT_EQ(run.dbt_version, "1.11.0-latest");
    EXPECT_EQ(run.git_branch, "feature");
    auto plan = from_stored(run.trigger).plan;
    EXPECT_THAT(plan.steps, ElementsAre("dbt seed"));
    EXPECT_EQ(plan.threads, 9);
}

TEST_F(RunServiceTest, AJobEditedLaterDoesNotChangeAQueuedRun) {
    auto job = world_.job(account_);
    auto run = create(job);
    world_.sql("UPDATE jobs SET execute_steps = '{dbt test}' WHERE id = $1", job);
    EXPECT_THAT(from_stored(read(run.id).trigger).plan.steps, ElementsAre("dbt build"));
}

TEST_F(RunServiceTest, JobsOfOthersAndDeletedOnesAreNotFound) {
    auto try_create = [&](Id job_id) {
        auto run = try_tx([&](pg::Connection& c) { return create_run(c, new_run(job_id)); });
        return run ? Errc::internal : run.error().code;
    };
    EXPECT_EQ(try_create(999'999), Errc::not_found);
    EXPECT_EQ(try_create(world_.job(world_.account())), Errc::not_found);
    auto deleted = world_.job(account_);
    world_.sql("UPDATE jobs SET state = 2 WHERE id = $1", deleted);
    EXPECT_EQ(try_create(deleted), Errc::not_found);
}

TEST_F(RunServiceTest, TheQueueHasALimitEvenForTwoAtOnce) {
    world_.sql("UPDATE accounts SET queue_limit = 2 WHERE id = $1", account_);
    auto job = world_.job(account_);
    create(job);
    // Two callers race for the last place.
    auto attempt = [&]() -> asio::awaitable<bool> {
        auto run = co_await pg::with_tx(
            world_.pool(), [&](pg::Connection& c) { return create_run(c, new_run(job)); });
        if (!run) EXPECT_EQ(run.error().code, Errc::limit_exceeded) << run.error().message;
        co_return run.has_value();
    };
    using asio::experimental::awaitable_operators::operator&&;
    auto [first, second] = world_.run([&] { return attempt() && attempt(); });
    EXPECT_NE(first, second);
    EXPECT_EQ(world_.value<int>("SELECT count(*)::int AS v FROM runs"), 2);
}

TEST_F(RunServiceTest, TheScheduleKeepsOnlyItsNewestQueuedRun) {
    auto job = world_.job(account_);
    auto by_hand = create(job);
    auto older = fire(job);
    auto other_job = fire(world_.job(account_));
    auto newer = fire(job);
    EXPECT_EQ(read(older.id).status, Status::cancelled);
    EXPECT_THAT(world_.message(older.id), HasSubstr("schedule came round again"));
    EXPECT_EQ(read(by_hand.id).status, Status::queued);
    EXPECT_EQ(read(other_job.id).status, Status::queued);
    EXPECT_EQ(read(newer.id).status, Status::queued);
    // One that has begun goes on.
    start(newer.id);
    fire(job);
    EXPECT_EQ(read(newer.id).status, Status::running);
}

TEST_F(RunServiceTest, AQueuedRunIsCancelledAtOnce) {
    auto run = create(world_.job(account_));
    Ear ear(world_, kListenAll);
    auto cancelled = tx([&](pg::Connection& c) { return request_cancel(c, caller_, run.id); });
    EXPECT_EQ(cancelled.status, Status::cancelled);
    EXPECT_EQ(cancelled.status_message, "Cancelled by ann@example.com.");
    EXPECT_TRUE(cancelled.finished_at);
    EXPECT_THAT(audit_events(run.id), ElementsAre("run.created", "run.cancelled"));
    EXPECT_THAT(ear.heard(), testing::Contains(fmt::format("run_events:{}", run.id)));
}

TEST_F(RunServiceTest, ADeletedJobsQueuedRunsAreCancelledAndItsRunningOneGoesOn) {
    auto job = world_.job(account_);
    auto running = create(job).id;
    start(running);
    auto by_hand = create(job).id;
    auto scheduled = fire(job).id;
    auto of_another_job = create(world_.job(account_)).id;
    Ear ear(world_, kListenAll);
    tx([&](pg::Connection& c) { return cancel_queued_runs(c, caller_, job); });

    for (auto id : {by_hand, scheduled}) {
        EXPECT_EQ(world_.status(id), 30);
        EXPECT_EQ(world_.message(id),
                  "Cancelled while it was queued, because ann@example.com deleted the job.");
        EXPECT_TRUE(read(id).finished_at);
        EXPECT_EQ(world_.value<std::string>(
                      "SELECT actor_name || ' ' || (internal_data->>'reason') AS v FROM audit_log "
                      "WHERE event = 'run.cancelled' AND subject_id = $1",
                      id),
                  "ann@example.com job deleted");
    }
    EXPECT_EQ(world_.status(running), 3);
    EXPECT_FALSE(read(running).cancel_requested_at);
    EXPECT_EQ(world_.status(of_another_job), 1);
    // PostgreSQL tells what was said twice in a transaction once.
    EXPECT_THAT(ear.heard(), testing::UnorderedElementsAre(
                                 fmt::format("run_events:{}", by_hand),
                                 "run_queue:", fmt::format("run_events:{}", scheduled)));
}

// A run that is being made while its job is deleted: whichever comes second sees the first.
TEST_F(RunServiceTest, NoRunIsQueuedForAJobThatIsBeingDeleted) {
    using namespace boost::asio::experimental::awaitable_operators;
    auto job = world_.job(account_);
    auto& other = world_.another_pool();
    boost::asio::steady_timer deleted(world_.ioc(), boost::asio::steady_timer::time_point::max());
    auto remove = [&]() -> boost::asio::awaitable<result<>> {
        co_return co_await pg::with_tx(
            other, [&](pg::Connection& c) -> boost::asio::awaitable<result<>> {
                MW_CO_TRY(auto locked, co_await jobs::lock_job(c, account_, job));
                MW_CO_CHECK(co_await cancel_queued_runs(c, caller_, job));
                locked->state = 2;
                deleted.cancel();
                // Until the other one waits for the row.
                for (;;) {
                    MW_CO_TRY(auto waiting, co_await c.run_text(
                                                "waiting",
                                                "SELECT count(*)::int AS v FROM pg_locks "
                                                "WHERE NOT granted AND locktype = 'transactionid'",
                                                {}));
                    if (waiting.get<int>(0, "v") > 0) break;
                }
                MW_CO_CHECK(co_await jobs::update_job(c, *locked));
                co_return result<>{};
            });
    };
    auto make = [&]() -> boost::asio::awaitable<result<runs::Run>> {
        boost::system::error_code woken;
        co_await deleted.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, woken));
        co_return co_await pg::with_tx(
            world_.pool(), [&](pg::Connection& c) { return create_run(c, new_run(job)); });
    };
    auto both = world_.run([&]() -> boost::asio::awaitable<result<bool>> {
        auto [removed, made] = co_await (remove() && make());
        MW_CO_CHECK(removed);
        co_return made.has_value();
    });
    ASSERT_TRUE(both) << both.error().message;
    EXPECT_FALSE(*both);
    EXPECT_EQ(world_.value<int>("SELECT count(*)::int AS v FROM runs"), 0);
}

TEST_F(RunServiceTest, ARunningRunIsAskedToStopOnce) {
    auto run = create(world_.job(account_));
    start(run.id);
    Ear ear(world_, kListenAll);
    auto cancel = [&](pg::Connection& c) { return request_cancel(c, caller_, run.id); };
    auto asked = tx(cancel);
    EXPECT_EQ(asked.status, Status::running);
    ASSERT_TRUE(asked.cancel_requested_at);
    EXPECT_EQ(asked.cancel_reason, "Cancelled by ann@example.com.");
    EXPECT_EQ(tx(cancel).cancel_requested_at, asked.cancel_requested_at);
    EXPECT_THAT(audit_events(run.id), ElementsAre("run.created", "run.cancelled"));
    EXPECT_THAT(ear.heard(), testing::UnorderedElementsAre(fmt::format("run_cancel:{}", run.id),
                                                           fmt::format("run_events:{}", run.id)));
}

TEST_F(RunServiceTest, WhatIsOverCantBeCancelled) {
    auto run = create(world_.job(account_));
    start(run.id);
    end(run.id, Status::success);
    auto same = tx([&](pg::Connection& c) { return request_cancel(c, caller_, run.id); });
    EXPECT_EQ(same.status, Status::success);
    EXPECT_FALSE(same.cancel_requested_at);
    EXPECT_THAT(audit_events(run.id), ElementsAre("run.created"));
}

TEST_F(RunServiceTest, AnotherAccountsRunIsNotFound) {
    auto run = create(world_.job(account_));
    caller_.account_id = world_.account();
    auto refused = try_tx([&](pg::Connection& c) { return request_cancel(c, caller_, run.id); });
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Errc::not_found);
    EXPECT_EQ(refused_retry(run.id).code, Errc::not_found);
    EXPECT_EQ(read(run.id).status, Status::queued);
}

TEST_F(RunServiceTest, FinishingEndsStepsLeaseAndCountsTheFailure) {
    auto job = world_.job(account_);
    auto run = create(job);
    start(run.id);
    add_step(run.id, 1, "", Status::success);
    add_step(run.id, 2, "", Status::running);
    add_step(run.id, 3, "", Status::queued);
    auto over = end(run.id, Status::error);
    EXPECT_EQ(over.status, Status::error);
    EXPECT_EQ(over.status_message, "over");
    EXPECT_TRUE(over.finished_at);
    EXPECT_FALSE(over.worker);
    auto steps = tx([&](pg::Connection& c) { return find_steps(c, {run.id}); });
    EXPECT_EQ(steps.at(0).status, Status::success);
    EXPECT_EQ(steps.at(1).status, Status::error);
    EXPECT_EQ(steps.at(2).status, Status::cancelled);
    auto failures = [&] {
        return world_.value<int>("SELECT run_failure_count AS v FROM jobs WHERE id = $1", job);
    };
    EXPECT_EQ(failures(), 1);

    // Saying it again changes nothing, whatever is said.
    auto again = end(run.id, Status::success);
    EXPECT_EQ(again.status, Status::error);
    EXPECT_EQ(again.finished_at, over.finished_at);
    EXPECT_EQ(failures(), 1);

    auto second = create(job);
    start(second.id);
    end(second.id, Status::cancelled);
    EXPECT_EQ(failures(), 1);
    auto third = create(job);
    start(third.id);
    end(third.id, Status::success);
    EXPECT_EQ(failures(), 0);
}

TEST_F(RunServiceTest, FinishingTellsTheQueue) {
    auto run = create(world_.job(account_));
    start(run.id);
    Ear ear(world_, kListenAll);
    end(run.id, Status::success);
    EXPECT_THAT(ear.heard(),
                testing::UnorderedElementsAre("run_queue:", fmt::format("run_events:{}", run.id)));
}

TEST_F(RunServiceTest, StepsOnlyGoForwards) {
    auto run = create(world_.job(account_));
    world_.sql("UPDATE runs SET status = 2, dequeued_at = now() WHERE id = $1", run.id);
    auto report = [&](Status status, std::optional<Timestamp> started) {
        boost::json::array steps{
            {{"index", 1},
             {"name", "Clone git repository"},
             {"command", ""},
             {"status", static_cast<int>(status)},
             {"started_at",
              started ? boost::json::value(format_rfc3339(*started)) : boost::json::value(nullptr)},
             {"finished_at", nullptr}}};
        world_.get([&] {
            return pg::with_tx(world_.pool(), [&](pg::Connection& c) -> Awaitable<> {
                MW_CO_TRY(auto locked, co_await lock_run(c, run.id));
                co_return co_await report_steps(c, *locked, steps, started);
            });
        });
        return tx([&](pg::Connection& c) { return find_steps(c, {run.id}); }).at(0);
    };
    auto started = test::at("2024-05-27 10:00:00");
    EXPECT_EQ(report(Status::queued, std::nullopt).status, Status::queued);
    EXPECT_EQ(read(run.id).status, Status::starting);
    EXPECT_EQ(report(Status::running, started).status, Status::running);
    EXPECT_EQ(read(run.id).status, Status::running);
    EXPECT_EQ(read(run.id).started_at, started);
    EXPECT_EQ(report(Status::success, started).status, Status::success);
    // A late repetition of an earlier report.
    EXPECT_EQ(report(Status::running, started).status, Status::success);
    EXPECT_EQ(report(Status::error, started).status, Status::success);
}

TEST_F(RunServiceTest, ARetryTakesUpTheFailedStepWithTheOldPlan) {
    auto job = world_.job(account_);
    world_.sql(
        "UPDATE jobs SET run_lint = true, run_compare_changes = true, "
        "errors_on_lint_failure = false, compare_changes_flags = '--select a' WHERE id = $1",
        job);
    auto first = failed(create(job).id, 5);
    EXPECT_TRUE(first.is_latest);
    EXPECT_EQ(first.failed_step_index, 5);
    EXPECT_TRUE(first.has_run_results);
    world_.sql(
        "UPDATE jobs SET execute_steps = '{dbt test}', run_lint = false, "
        "run_compare_changes = false WHERE id = $1",
        job);
    auto second = retry(first.id);
    EXPECT_EQ(second.status, Status::queued);
    EXPECT_EQ(second.retrying_run_id, first.id);
    EXPECT_EQ(second.retry_step_index, 5);
    auto trigger = from_stored(second.trigger);
    EXPECT_EQ(trigger.cause_category, "rerun");
    EXPECT_THAT(trigger.plan.steps, ElementsAre("dbt build"));
    EXPECT_TRUE(trigger.plan.run_lint && trigger.plan.run_compare_changes);
    EXPECT_FALSE(trigger.plan.errors_on_lint_failure);
    EXPECT_EQ(trigger.plan.compare_changes_flags, "--select a");
    EXPECT_THAT(audit_events(second.id), ElementsAre("run.created"));
}

TEST_F(RunServiceTest, ARetryOfARetryCountsInTheWholePlan) {
    auto job = world_.job(account_);
    auto first = failed(create(job).id, 6);
    // The retry left out steps 4 and 5: its step 4 is the plan's 6, its step 5 the plan's 7.
    auto second = failed(retry(first.id).id, 5, "dbt test");
    auto third = retry(second.id);
    EXPECT_EQ(third.retrying_run_id, second.id);
    EXPECT_EQ(third.retry_step_index, 7);
    auto fourth = retry(failed(third.id, 4, "dbt retry").id);
    EXPECT_EQ(fourth.retry_step_index, 7);
}

TEST_F(RunServiceTest, RefusedRetriesSayWhy) {
    auto job = world_.job(account_);
    auto queued = create(job);
    EXPECT_THAT(refused_retry(queued.id).message, HasSubstr("RETRY_NOT_FAILED_RUN"));
    start(queued.id);
    end(queued.id, Status::error);
    EXPECT_THAT(refused_retry(queued.id).message, HasSubstr("RETRY_NO_RUN_RESULTS"));
    auto deps = failed(create(job).id, 3, "dbt deps");
    EXPECT_THAT(refused_retry(deps.id).message, HasSubstr("RETRY_UNSUPPORTED_CMD"));
    EXPECT_THAT(refused_retry(queued.id).message, HasSubstr("RETRY_NOT_LATEST_RUN"));
    auto old = failed(create(job).id);
    world_.sql("UPDATE runs SET dbt_version = '1.5.0' WHERE id = $1", old.id);
    EXPECT_THAT(refused_retry(old.id).message, HasSubstr("RETRY_UNSUPPORTED_VERSION"));
    EXPECT_EQ(refused_retry(old.id).code, Errc::invalid_argument);
}

TEST_F(RunServiceTest, TwoRetriesAtOnceMakeOneRun) {
    auto first = failed(create(world_.job(account_)).id);
    auto attempt = [&]() -> asio::awaitable<bool> {
        auto run = co_await pg::with_tx(
            world_.pool(), [&](pg::Connection& c) { return retry_run(c, caller_, first.id); });
        if (!run) EXPECT_THAT(run.error().message, HasSubstr("RETRY_NOT_LATEST_RUN"));
        co_return run.has_value();
    };
    using asio::experimental::awaitable_operators::operator&&;
    auto [one, other] = world_.run([&] { return attempt() && attempt(); });
    EXPECT_NE(one, other);
}

TEST_F(RunServiceTest, ARerunRetriesWhatItCanAndElseBeginsAnew) {
    auto job = world_.job(account_);
    auto rerun = [&] {
        return tx(
            [&](pg::Connection& c) { return rerun_job(c, caller_, job, std::string(kCauseApi)); });
    };
    auto first = rerun();
    EXPECT_FALSE(first.retrying_run_id);
    failed(first.id);
    auto second = rerun();
    EXPECT_EQ(second.retrying_run_id, first.id);
    start(second.id);
    end(second.id, Status::success);
    auto third = rerun();
    EXPECT_FALSE(third.retrying_run_id);
    start(third.id);
    end(third.id, Status::error);
    EXPECT_FALSE(rerun().retrying_run_id);
}

TEST_F(RunServiceTest, BlockersAreRunsOfTheJobAndThoseInFullSlots) {
    world_.sql("UPDATE accounts SET run_slots = 1 WHERE id = $1", account_);
    auto job = world_.job(account_);
    auto running = create(job);
    auto waiting = create(job);
    auto behind = create(job);
    auto other = create(world_.job(account_));
    auto blockers = [&](Id id) {
        return tx([&](pg::Connection& c) -> Awaitable<std::vector<Id>> {
            std::vector<mw::runs::Run> runs;
            for (auto each : {waiting.id, behind.id, other.id, running.id}) {
                MW_CO_TRY(auto run, co_await find_run(c, each));
                runs.push_back(std::move(*run));
            }
            MW_CO_TRY(auto all, co_await find_blockers(c, runs));
            co_return all[id];
        });
    };
    EXPECT_THAT(blockers(other.id), IsEmpty());
    EXPECT_THAT(blockers(behind.id), ElementsAre(running.id, waiting.id));
    start(running.id);
    EXPECT_THAT(blockers(waiting.id), ElementsAre(running.id));
    EXPECT_THAT(blockers(behind.id), ElementsAre(running.id, waiting.id));
    EXPECT_THAT(blockers(other.id), ElementsAre(running.id));
    world_.sql("UPDATE accounts SET run_slots = 2 WHERE id = $1", account_);
    EXPECT_THAT(blockers(other.id), IsEmpty());
    world_.sql("UPDATE runs SET is_ci = true WHERE id = $1", waiting.id);
    EXPECT_THAT(blockers(waiting.id), IsEmpty());
}

TEST_F(RunServiceTest, APullRequestsRunIsOneOfCiInASchemaOfItsOwn) {
    auto job = world_.job(account_);
    auto made_with = [&](auto change) {
        auto run = new_run(job);
        change(run.overrides);
        return tx([&](pg::Connection& c) { return create_run(c, run); });
    };
    auto schema_of = [](const runs::Run& run) {
        return from_stored(run.trigger).overrides.schema_override.value_or("");
    };
    auto plain = made_with([](Overrides& overrides) { overrides.git_branch = "feature"; });
    EXPECT_FALSE(plain.is_ci);
    EXPECT_EQ(schema_of(plain), "");
    for (auto id : {&Overrides::azure_pull_request_id, &Overrides::github_pull_request_id,
                    &Overrides::gitlab_merge_request_id, &Overrides::non_native_pull_request_id}) {
        auto run = made_with([&](Overrides& overrides) { overrides.*id = 17; });
        EXPECT_TRUE(run.is_ci);
        EXPECT_EQ(schema_of(run), fmt::format("dbt_cloud_pr_{}_17", job));
    }
    auto named = made_with([](Overrides& overrides) {
        overrides.github_pull_request_id = 17;
        overrides.schema_override = "mine";
    });
    EXPECT_TRUE(named.is_ci);
    EXPECT_EQ(schema_of(named), "mine");
}

TEST_F(RunServiceTest, ARunKeepsWhatItsJobDeferredTo) {
    auto job = world_.job(account_);
    world_.sql(
        "UPDATE jobs SET deferring_environment_id = environment_id, "
        "deferring_job_definition_id = id WHERE id = $1",
        job);
    auto run = create(job);
    world_.sql(
        "UPDATE jobs SET deferring_environment_id = NULL, deferring_job_definition_id = NULL");
    auto plan = from_stored(read(run.id).trigger).plan;
    EXPECT_EQ(plan.deferring_environment_id, run.environment_id);
    EXPECT_EQ(plan.deferring_job_definition_id, job);
    EXPECT_EQ(run.deferring_run_id, std::nullopt);
}

}  // namespace
}  // namespace mw::runs
