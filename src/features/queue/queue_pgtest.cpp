#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/detached.hpp>
#include <boost/asio/steady_timer.hpp>
#include <set>

#include "features/queue/queue_service.hpp"
#include "infra/crypto/token_hash.hpp"
#include "test_support/world.hpp"

namespace mw::queue {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using test::at;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr auto kNow = "2024-05-27 10:00:00";

class QueueTest : public testing::Test {
  protected:
    std::vector<Claimed> claim_now(int capacity = 100, std::string worker = "here") {
        return world_.get(claim(
            world_.pool(),
            {.worker = std::move(worker), .capacity = capacity, .lease = 30s, .now = at(kNow)}));
    }
    std::vector<Id> claim_ids(int capacity = 100, std::string worker = "here") {
        std::vector<Id> ids;
        for (const auto& claimed : claim_now(capacity, std::move(worker)))
            ids.push_back(claimed.run_id);
        return ids;
    }
    void finish(Id run_id) {
        world_.sql("UPDATE runs SET status = 10, finished_at = now() WHERE id = $1", run_id);
        world_.sql("DELETE FROM run_leases WHERE run_id = $1", run_id);
    }
    void set_running(Id run_id) {
        world_.sql("UPDATE runs SET status = 3, started_at = dequeued_at WHERE id = $1", run_id);
        world_.sql(
            "INSERT INTO run_steps (run_id, account_id, index, name, status) "
            "SELECT id, account_id, 1, 'Clone git repository', 3 FROM runs WHERE id = $1",
            run_id);
    }
    bool has_lease(Id run_id) {
        return world_.value<bool>("SELECT EXISTS (SELECT 1 FROM run_leases WHERE run_id = $1) AS v",
                                  run_id);
    }
    std::vector<LostLease> expire(std::string_view now) {
        return world_.get(expire_leases(world_.pool(), at(now), 30s));
    }

    test::World world_;
};

TEST_F(QueueTest, AClaimStartsTheRunAndLeasesIt) {
    auto run = world_.queued_run(world_.job(world_.account()));
    auto claimed = claim_now();
    ASSERT_EQ(claimed.size(), 1U);
    EXPECT_EQ(claimed[0].run_id, run);
    EXPECT_THAT(claimed[0].token.reveal(), testing::StartsWith("mwr_"));
    EXPECT_EQ(claimed[0].token_hash, crypto::hash_token(claimed[0].token.reveal()));
    auto row = world_.sql(
        "SELECT r.status, r.attempt, r.dequeued_at, l.token_hash, l.worker, l.expires_at, "
        "l.heartbeat_at FROM runs r JOIN run_leases l ON l.run_id = r.id");
    EXPECT_EQ(row.get<int>(0, "status"), 2);
    EXPECT_EQ(row.get<int>(0, "attempt"), 1);
    EXPECT_EQ(row.get<Timestamp>(0, "dequeued_at"), at(kNow));
    EXPECT_EQ(row.get<Timestamp>(0, "heartbeat_at"), at(kNow));
    EXPECT_EQ(row.get<Timestamp>(0, "expires_at"), at(kNow) + 30s);
    EXPECT_EQ(row.get<std::string>(0, "token_hash"), claimed[0].token_hash);
    EXPECT_EQ(row.get<std::string>(0, "worker"), "here");
    EXPECT_THAT(claim_now(), IsEmpty());
}

TEST_F(QueueTest, RunSlotsAreNeverExceeded) {
    auto account = world_.account(2);
    std::vector<Id> runs;
    for (int i = 0; i < 4; ++i)
        runs.push_back(world_.queued_run(world_.job(account)));
    EXPECT_THAT(claim_ids(), ElementsAre(runs[0], runs[1]));
    EXPECT_THAT(claim_ids(), IsEmpty());
    finish(runs[0]);
    EXPECT_THAT(claim_ids(), ElementsAre(runs[2]));
}

TEST_F(QueueTest, AJobHasOneRunAtATimeAndBlocksNoOther) {
    auto account = world_.account();
    auto job = world_.job(account);
    auto first = world_.queued_run(job);
    auto second = world_.queued_run(job);
    auto other = world_.queued_run(world_.job(account));
    EXPECT_THAT(claim_ids(), ElementsAre(first, other));
    EXPECT_THAT(claim_ids(), IsEmpty());
    finish(first);
    EXPECT_THAT(claim_ids(), ElementsAre(second));
}

TEST_F(QueueTest, CiIsExemptFromSlotsAndFromItsJob) {
    auto account = world_.account(1);
    auto job = world_.job(account);
    auto deploy = world_.queued_run(job);
    auto ci_1 = world_.queued_run(job, true);
    auto ci_2 = world_.queued_run(job, true);
    auto waiting = world_.queued_run(world_.job(account));
    EXPECT_THAT(claim_ids(), ElementsAre(deploy, ci_1, ci_2));
    finish(deploy);
    // CI runs in progress neither take the slot nor block their job.
    auto next = world_.queued_run(job);
    EXPECT_THAT(claim_ids(), ElementsAre(waiting));
    finish(waiting);
    EXPECT_THAT(claim_ids(), ElementsAre(next));
}

TEST_F(QueueTest, MachineCapacityHoldsAcrossClaimsAndRestarts) {
    auto account = world_.account(100);
    for (int i = 0; i < 5; ++i)
        world_.queued_run(world_.job(account));
    EXPECT_EQ(claim_ids(2).size(), 2U);
    EXPECT_EQ(claim_ids(2).size(), 0U);
    EXPECT_EQ(claim_ids(2, "elsewhere").size(), 2U);
    EXPECT_EQ(claim_ids(3).size(), 1U);
    EXPECT_EQ(claim_ids(1).size(), 0U);
}

TEST_F(QueueTest, AccountsTakeTurns) {
    auto busy = world_.account(100);
    auto quiet = world_.account(100);
    std::vector<Id> many;
    for (int i = 0; i < 4; ++i)
        many.push_back(world_.queued_run(world_.job(busy)));
    auto late = world_.queued_run(world_.job(quiet));
    EXPECT_THAT(claim_ids(2), ElementsAre(many[0], late));
    // The busy one has one in progress, the quiet one too: the older run goes first.
    auto later = world_.queued_run(world_.job(quiet));
    EXPECT_THAT(claim_ids(3), ElementsAre(many[1]));
    EXPECT_THAT(claim_ids(4), ElementsAre(later));
}

TEST_F(QueueTest, AnAccountWithoutSlotsOrDeletedStartsNothing) {
    world_.queued_run(world_.job(world_.account(0)));
    auto deleted = world_.account();
    world_.queued_run(world_.job(deleted));
    world_.sql("UPDATE accounts SET state = 2 WHERE id = $1", deleted);
    EXPECT_THAT(claim_ids(), IsEmpty());
}

TEST_F(QueueTest, ALockedRunIsPassedOverNotWaitedFor) {
    auto account = world_.account();
    auto locked = world_.queued_run(world_.job(account));
    auto free = world_.queued_run(world_.job(account));
    auto& other = world_.another_pool();
    auto lease = world_.get(other.acquire());
    world_.get(lease->run_text("test", "BEGIN"));
    world_.get(lease->run_text("test", "SELECT id FROM runs WHERE id = $1 FOR NO KEY UPDATE",
                               {pg::to_param(locked)}));
    EXPECT_THAT(claim_ids(), ElementsAre(free));
    world_.get(lease->run_text("test",
                               "UPDATE runs SET status = 30, finished_at = now() "
                               "WHERE status = 1"));
    world_.get(lease->run_text("test", "COMMIT"));
    EXPECT_THAT(claim_ids(), IsEmpty());
}

TEST_F(QueueTest, AnAccountInOtherHandsIsLeftToThem) {
    auto run = world_.queued_run(world_.job(world_.account()));
    auto& other = world_.another_pool();
    auto lease = world_.get(other.acquire());
    world_.get(lease->run_text("test", "BEGIN"));
    EXPECT_EQ(world_.get(lock_waiting_accounts(*lease)).size(), 1U);
    EXPECT_THAT(claim_ids(), IsEmpty());
    world_.get(lease->run_text("test", "ROLLBACK"));
    EXPECT_THAT(claim_ids(), ElementsAre(run));
}

// Many runs, many claimers at once on connections of their own, runs ending in between: no run is
// given out twice and no account ever has more in progress than it may.
TEST_F(QueueTest, ConcurrentClaimersShareTheQueue) {
    constexpr int kAccounts = 3;
    constexpr int kSlots = 3;
    constexpr int kClaimers = 6;
    std::set<Id> queued;
    for (int i = 0; i < kAccounts; ++i) {
        auto account = world_.account(kSlots);
        for (int j = 0; j < 8; ++j) {
            auto job = world_.job(account);
            queued.insert(world_.queued_run(job));
            queued.insert(world_.queued_run(job));
        }
    }
    std::multiset<Id> claimed;
    int working = kClaimers;
    auto claimer = [&](int number) -> asio::awaitable<void> {
        auto& pool = world_.another_pool(2);
        while (claimed.size() < queued.size()) {
            auto mine = co_await claim(pool, {.worker = fmt::format("worker-{}", number),
                                              .capacity = 2,
                                              .lease = 30s,
                                              .now = at(kNow)});
            if (!mine) throw std::runtime_error(mine.error().detail);
            auto lease = co_await pool.acquire();
            for (const auto& run : *mine) {
                claimed.insert(run.run_id);
                auto most = co_await (*lease)->run_text(
                    "test",
                    "SELECT coalesce(max(n), 0) AS n, coalesce(max(j), 0) AS j FROM (SELECT "
                    "count(*) AS n, count(*) - count(DISTINCT job_id) AS j FROM runs WHERE status "
                    "= 2 GROUP BY account_id) t");
                EXPECT_LE(most->template get<int>(0, "n"), kSlots);
                EXPECT_EQ(most->template get<int>(0, "j"), 0) << "two runs of one job at once";
                co_await (*lease)->run_text(
                    "test",
                    "WITH gone AS (DELETE FROM run_leases WHERE run_id = $1) "
                    "UPDATE runs SET status = 10, finished_at = now() WHERE id = $1",
                    {pg::to_param(run.run_id)});
            }
        }
        --working;
    };
    for (int i = 0; i < kClaimers; ++i)
        asio::co_spawn(
            world_.ioc(), [&, i] { return claimer(i); },
            [](std::exception_ptr thrown) {
                if (thrown) std::rethrow_exception(thrown);
            });
    world_.ioc().restart();
    while (working > 0)
        world_.ioc().run_one();
    EXPECT_EQ(claimed.size(), queued.size());
    EXPECT_EQ(std::set<Id>(claimed.begin(), claimed.end()), queued);
}

TEST_F(QueueTest, ALeaseThatLivesIsLeftAlone) {
    auto run = world_.queued_run(world_.job(world_.account()));
    claim_now();
    EXPECT_THAT(expire("2024-05-27 10:00:29"), IsEmpty());
    world_.sql("UPDATE run_leases SET expires_at = '2024-05-27 10:01:00Z'");
    EXPECT_THAT(expire("2024-05-27 10:00:59"), IsEmpty());
    EXPECT_EQ(world_.status(run), 2);
}

TEST_F(QueueTest, ARunThatHadNotBegunGoesBackThreeTimes) {
    auto run = world_.queued_run(world_.job(world_.account()));
    for (int attempt = 1; attempt < kAttemptsMax; ++attempt) {
        claim_now();
        world_.sql(
            "INSERT INTO run_steps (run_id, account_id, index, name) "
            "SELECT id, account_id, 1, 'Clone git repository' FROM runs");
        auto lost = expire("2024-05-27 10:00:30");
        ASSERT_EQ(lost.size(), 1U);
        EXPECT_EQ(lost[0].run_id, run);
        EXPECT_EQ(lost[0].fate, Fate::requeued);
        auto row = world_.sql("SELECT status, attempt, dequeued_at, cancel_reason FROM runs");
        EXPECT_EQ(row.get<int>(0, "status"), 1);
        EXPECT_EQ(row.get<int>(0, "attempt"), attempt);
        EXPECT_TRUE(row.is_null(0, "dequeued_at"));
        EXPECT_FALSE(has_lease(run));
        EXPECT_EQ(world_.value<int>("SELECT count(*) AS v FROM run_steps"), 0);
    }
    claim_now();
    auto lost = expire("2024-05-27 10:00:30");
    ASSERT_EQ(lost.size(), 1U);
    EXPECT_EQ(lost[0].fate, Fate::ended);
    EXPECT_EQ(world_.status(run), 20);
    EXPECT_EQ(world_.message(run),
              "The run could not be started: 3 workers were lost before its first step began. The "
              "last one was not heard from for 30 seconds.");
    EXPECT_THAT(claim_now(), IsEmpty());
}

TEST_F(QueueTest, ARunThatHadBegunEndsWithTheReason) {
    auto run = world_.queued_run(world_.job(world_.account()));
    claim_now();
    set_running(run);
    ASSERT_EQ(expire("2024-05-27 10:00:30").size(), 1U);
    EXPECT_EQ(world_.status(run), 20);
    EXPECT_THAT(world_.message(run),
                HasSubstr("was lost: it was not heard from for 30 seconds. The steps that it had "
                          "finished are kept"));
    EXPECT_FALSE(has_lease(run));
    EXPECT_EQ(world_.value<int>("SELECT count(*) AS v FROM run_steps WHERE status < 10"), 0);
    EXPECT_THAT(expire("2024-05-27 10:00:31"), IsEmpty());
}

TEST_F(QueueTest, ARunThatWasToBeCancelledEndsCancelled) {
    auto run = world_.queued_run(world_.job(world_.account()));
    claim_now();
    world_.sql("UPDATE runs SET cancel_requested_at = now(), cancel_reason = 'Cancelled by Ann.'");
    ASSERT_EQ(expire("2024-05-27 10:00:30").size(), 1U);
    EXPECT_EQ(world_.status(run), 30);
    EXPECT_EQ(world_.message(run), "Cancelled by Ann.");
}

TEST_F(QueueTest, TwoSchedulersExpireALeaseOnce) {
    auto run = world_.queued_run(world_.job(world_.account()));
    claim_now();
    std::vector<LostLease> lost;
    int working = 2;
    auto expirer = [&]() -> asio::awaitable<void> {
        auto mine = co_await expire_leases(world_.another_pool(), at("2024-05-27 10:00:30"), 30s);
        lost.insert(lost.end(), mine->begin(), mine->end());
        --working;
    };
    for (int i = 0; i < 2; ++i)
        asio::co_spawn(world_.ioc(), expirer, asio::detached);
    world_.ioc().restart();
    while (working > 0)
        world_.ioc().run_one();
    ASSERT_EQ(lost.size(), 1U);
    EXPECT_EQ(world_.status(run), 1);
    EXPECT_EQ(world_.value<int>("SELECT attempt AS v FROM runs"), 1);
}

TEST_F(QueueTest, AWorkersExitIsActedOnAtOnce) {
    auto run = world_.queued_run(world_.job(world_.account()));
    auto claimed = claim_now();
    auto release = [&](std::string hash) {
        return world_.get(release_after_exit(world_.pool(), run, std::move(hash),
                                             "was killed by signal 9 (Killed)"));
    };
    EXPECT_EQ(release("of an earlier attempt"), Fate::unchanged);
    EXPECT_EQ(world_.status(run), 2);
    EXPECT_EQ(release(claimed[0].token_hash), Fate::requeued);
    EXPECT_EQ(release(claimed[0].token_hash), Fate::unchanged);
    EXPECT_EQ(world_.status(run), 1);

    claimed = claim_now();
    set_running(run);
    EXPECT_EQ(release(claimed[0].token_hash), Fate::ended);
    EXPECT_EQ(world_.status(run), 20);
    EXPECT_EQ(world_.message(run),
              "The worker that executed this run was lost: it was killed by signal 9 (Killed). The "
              "steps that it had finished are kept; the one in progress may have been done in "
              "part.");
}

TEST_F(QueueTest, AWorkerThatHadFinishedItsRunChangesNothing) {
    auto run = world_.queued_run(world_.job(world_.account()));
    auto claimed = claim_now();
    finish(run);
    EXPECT_EQ(world_.get(release_after_exit(world_.pool(), run, claimed[0].token_hash,
                                            "ended with exit code 0")),
              Fate::unchanged);
    EXPECT_EQ(world_.get(release_after_exit(world_.pool(), 999999, "x", "ended")), Fate::unchanged);
    EXPECT_EQ(world_.status(run), 10);
}

TEST_F(QueueTest, RunsThatGoOnForTooLongAreAskedToStop) {
    auto account = world_.account();
    auto with_timeout = world_.queued_run(world_.job(account), false, false, 600);
    auto without = world_.queued_run(world_.job(account));
    claim_now();
    set_running(with_timeout);
    auto stop = [&](std::string_view now) {
        return world_.get(stop_overdue_runs(world_.pool(), at(now)));
    };
    // Its worker ends it at 10:10; the watch gives it a minute more.
    EXPECT_THAT(stop("2024-05-27 10:11:00"), IsEmpty());
    EXPECT_THAT(stop("2024-05-27 10:11:01"), ElementsAre(with_timeout));
    EXPECT_THAT(stop("2024-05-27 10:11:02"), IsEmpty());
    EXPECT_EQ(world_.value<std::string>("SELECT cancel_reason AS v FROM runs WHERE id = $1",
                                        with_timeout),
              "This run timed out after running for 10 minutes");
    EXPECT_EQ(world_.status(with_timeout), 3);
    EXPECT_THAT(stop("2024-05-28 10:00:00"), IsEmpty());
    EXPECT_THAT(stop("2024-05-28 10:00:01"), ElementsAre(without));
    EXPECT_EQ(
        world_.value<std::string>("SELECT cancel_reason AS v FROM runs WHERE id = $1", without),
        "This run was cancelled after running for 1 day, the most that the account allows.");
}

TEST_F(QueueTest, TheSmallerOfTheTwoLimitsCounts) {
    auto account = world_.account();
    auto run = world_.queued_run(world_.job(account), false, false, 7200);
    claim_now();
    world_.sql("UPDATE accounts SET run_duration_limit_seconds = 3600");
    EXPECT_THAT(world_.get(stop_overdue_runs(world_.pool(), at("2024-05-27 11:00:01"))),
                ElementsAre(run));
    world_.sql("UPDATE runs SET cancel_requested_at = NULL, cancel_reason = NULL");
    world_.sql("UPDATE accounts SET run_duration_limit_seconds = 0");
    EXPECT_THAT(world_.get(stop_overdue_runs(world_.pool(), at("2024-05-27 11:00:01"))), IsEmpty());
}

TEST_F(QueueTest, ACancelThatIsIgnoredIsCarriedOut) {
    auto run = world_.queued_run(world_.job(world_.account()));
    claim_now();
    set_running(run);
    world_.sql(
        "UPDATE runs SET cancel_requested_at = '2024-05-27 10:05:00Z', cancel_reason = 'By Ann.'");
    auto end = [&](std::string_view now) {
        return world_.get(end_ignored_cancels(world_.pool(), at(now)));
    };
    EXPECT_THAT(end("2024-05-27 10:05:29"), IsEmpty());
    EXPECT_THAT(world_.get(leased_runs(world_.pool())), ElementsAre(run));
    EXPECT_THAT(end("2024-05-27 10:05:30"), ElementsAre(run));
    EXPECT_EQ(world_.status(run), 30);
    EXPECT_EQ(world_.message(run), "By Ann.");
    EXPECT_FALSE(has_lease(run));
    EXPECT_THAT(end("2024-05-27 10:06:00"), IsEmpty());
    EXPECT_THAT(world_.get(leased_runs(world_.pool())), IsEmpty());
}

}  // namespace
}  // namespace mw::queue
