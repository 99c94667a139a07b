#include "roles/scheduler/scheduler.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <thread>

#include "base/readiness.hpp"
#include "base/unique_fd.hpp"
#include "test_support/world.hpp"

namespace mw::scheduler {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

// The whole role against a real database. Workers are shell scripts that stand for
// `millwright run`; they speak to the test through `fifo` and go on for ever by reading `never`.
class SchedulerTest : public testing::Test {
  protected:
    SchedulerTest() {
        auto pattern = (fs::temp_directory_path() / "millwright-scheduler-XXXXXX").string();
        folder_ = ::mkdtemp(pattern.data());
        for (const char* name : {"fifo", "never"})
            ::mkfifo((folder_ / name).c_str(), 0600);
        settings_.set("DATABASE_URL", world_.pool().conninfo());
        settings_.set("DATA_DIR", (folder_ / "data").string());
        settings_.set("RUN_DIR", (folder_ / "run").string());
        settings_.set("SCHEDULER_POLL_SECONDS", "1");
        world_.get(events_.acquire_listening());
    }
    ~SchedulerTest() override {
        if (role_.joinable()) stop();
        std::error_code ignored;
        fs::remove_all(folder_, ignored);
    }

    void start(const std::string& worker, bool listening = true) {
        auto program = folder_ / "worker";
        fs::remove(program);
        std::ofstream(program) << "#!/bin/sh\ncd " << folder_.string() << "\n" << worker << "\n";
        fs::permissions(program, fs::perms::owner_all);
        auto layout = Layout::from(settings_).value();
        layout.program = program;

        int ends[2];
        ASSERT_EQ(::pipe2(ends, O_CLOEXEC), 0);
        UniqueFd ready(ends[0]);
        ::setenv(kReadyFdVariable, std::to_string(ends[1]).c_str(), 1);
        role_ = std::thread([this, layout] { exit_code_ = run_scheduler(settings_, layout); });
        char byte = 0;
        ASSERT_EQ(::read(ready.get(), &byte, 1), 1) << "the scheduler did not start";
        // It listens to this one last.
        while (listening && !world_.value<bool>("SELECT EXISTS (SELECT 1 FROM pg_stat_activity "
                                                "WHERE datname = current_database() AND "
                                                "query LIKE 'LISTEN git_deliveries%') AS v")) {
        }
    }
    int stop() {
        ::kill(::getpid(), SIGTERM);
        role_.join();
        return exit_code_;
    }

    std::string hear() {
        std::ifstream fifo(folder_ / "fifo");
        std::string line;
        std::getline(fifo, line);
        return line;
    }
    void notify(const std::string& channel, const std::string& payload = "") {
        world_.sql("SELECT pg_notify($1, $2)", channel, payload);
    }
    void queue_connection_test() {
        auto job = world_.job(world_.account());
        world_.sql(
            "INSERT INTO connection_tests (account_id, environment_id) "
            "SELECT account_id, environment_id FROM jobs WHERE id = $1",
            job);
    }
    void wait_for_test(int status) {
        while (world_.value<int>("SELECT status AS v FROM connection_tests") != status) {
        }
    }
    std::string test_message() {
        return world_.value<std::string>("SELECT message AS v FROM connection_tests");
    }
    // Looks again after each change of any run.
    void wait_for_status(Id run_id, int status) {
        while (world_.status(run_id) != status)
            world_.get(events_.next());
    }

    // The changes of runs, as a browser would hear of them.
    class Events {
      public:
        explicit Events(test::World& world) : pool_(world.another_pool()) {}
        boost::asio::awaitable<result<bool>> acquire_listening() {
            MW_CO_TRY(auto lease, co_await pool_.acquire());
            lease_.emplace(std::move(lease));
            MW_CO_CHECK(co_await (*lease_)->run_text("test", "LISTEN run_events"));
            co_return true;
        }
        boost::asio::awaitable<result<pg::Notification>> next() {
            return (*lease_)->next_notification();
        }

      private:
        pg::Pool& pool_;
        std::optional<pg::Pool::Lease> lease_;
    };

    test::World world_;
    Events events_{world_};
    fs::path folder_;
    Settings settings_;
    std::thread role_;
    int exit_code_ = -1;
};

TEST_F(SchedulerTest, ARunWhoseWorkersDieEndsAfterThreeAttempts) {
    auto run = world_.queued_run(world_.job(world_.account()));
    start("exit 9");
    wait_for_status(run, 20);
    EXPECT_EQ(world_.message(run),
              "The run could not be started: 3 workers were lost before its first step began. The "
              "last one ended with exit code 9.");
    EXPECT_EQ(world_.value<int>("SELECT attempt AS v FROM runs"), 3);
    EXPECT_EQ(stop(), 0);
}

TEST_F(SchedulerTest, ADueScheduleStartsAWorkerWithItsToken) {
    auto job = world_.job(world_.account());
    start("cat <&3 > fifo; exec 9<> never; read x <&9");
    world_.sql(
        "UPDATE jobs SET cron = '* * * * *', schedule_enabled = true, next_run_at = now() "
        "WHERE id = $1",
        job);
    notify("job_schedule");
    EXPECT_THAT(hear(), testing::StartsWith("mwr_"));
    EXPECT_EQ(world_.value<int>("SELECT count(*) AS v FROM runs WHERE is_scheduled"), 1);
    EXPECT_EQ(world_.value<int>("SELECT count(*) AS v FROM schedule_firings"), 1);
    EXPECT_EQ(world_.value<int>("SELECT count(*) AS v FROM run_leases"), 1);
}

TEST_F(SchedulerTest, NotificationsWakeItBetweenPolls) {
    settings_.set("SCHEDULER_POLL_SECONDS", "3600");
    start("exit 9");
    auto run = world_.queued_run(world_.job(world_.account()));
    notify("run_queue");
    wait_for_status(run, 20);
}

TEST_F(SchedulerTest, ACancelReachesTheWorkerAtOnce) {
    auto run = world_.queued_run(world_.job(world_.account()));
    start("trap 'exit 0' TERM; echo up > fifo; exec 9<> never; while :; do read x <&9; done");
    EXPECT_EQ(hear(), "up");
    world_.sql("UPDATE runs SET cancel_requested_at = now(), cancel_reason = 'Cancelled by Ann.'");
    notify("run_cancel", std::to_string(run));
    wait_for_status(run, 30);
    EXPECT_EQ(world_.message(run), "Cancelled by Ann.");
}

TEST_F(SchedulerTest, AStopEndsItsWorkersAndWritesDownHow) {
    auto account = world_.account();
    auto not_begun = world_.queued_run(world_.job(account));
    start("trap 'exit 0' TERM; echo up > fifo; exec 9<> never; while :; do read x <&9; done");
    EXPECT_EQ(hear(), "up");
    auto begun = world_.queued_run(world_.job(account));
    notify("run_queue");
    EXPECT_EQ(hear(), "up");
    world_.sql("UPDATE runs SET status = 3, started_at = now() WHERE id = $1", begun);
    EXPECT_EQ(stop(), 0);
    EXPECT_EQ(world_.status(not_begun), 1);
    EXPECT_EQ(world_.status(begun), 20);
    EXPECT_THAT(world_.message(begun), HasSubstr("was stopped together with Millwright"));
    EXPECT_EQ(world_.value<int>("SELECT count(*) AS v FROM run_leases"), 0);
    EXPECT_TRUE(fs::is_empty(folder_ / "run/workers"));
}

TEST_F(SchedulerTest, AWorkerOfAKilledSchedulerThatHasDiedIsNoticedAtTheNextStart) {
    auto run = world_.queued_run(world_.job(world_.account()));
    world_.sql("UPDATE runs SET status = 3, attempt = 1, started_at = now(), dequeued_at = now()");
    world_.sql(
        "INSERT INTO run_leases (run_id, token_hash, worker, expires_at) "
        "VALUES ($1, 'hash-1', 'w', now() + interval '1 hour')",
        run);
    fs::create_directories(folder_ / "run/workers");
    std::ofstream(folder_ / "run/workers" / fmt::format("run-{}.json", run))
        << fmt::format(R"({{"kind":"run","id":{},"token_hash":"hash-1","pid":1,"start_ticks":1,)"
                       R"("boot_id":"earlier","started_at":"2024-05-27T10:00:00Z"}})",
                       run);
    start("exit 9");
    wait_for_status(run, 20);
    EXPECT_THAT(world_.message(run), HasSubstr("was gone when the scheduler was started again"));
}

TEST_F(SchedulerTest, ItHealsWhenTheDatabaseDropsItsConnections) {
    auto ours = world_.sql("SELECT pid FROM pg_stat_activity WHERE datname = current_database()")
                    .column<Id>("pid");
    start("exit 9");
    world_.sql(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = current_database() AND NOT pid = ANY($1::bigint[])",
        ours);
    auto run = world_.queued_run(world_.job(world_.account()));
    notify("run_queue");
    wait_for_status(run, 20);
    EXPECT_EQ(stop(), 0);
}

TEST_F(SchedulerTest, WithoutADatabaseItKeepsTryingAndStops) {
    settings_.set("DATABASE_URL", "host=/nonexistent");
    start("exit 9", false);
    EXPECT_EQ(stop(), 0);
}

TEST_F(SchedulerTest, LeftoverWorkspacesGo) {
    fs::create_directories(folder_ / "data/workspaces/run-77/repository");
    auto job = world_.job(world_.account());
    start("exit 9");
    // Once the janitor has had its first pass the partitions are there.
    while (world_.value<int>(
               "SELECT count(*) AS v FROM pg_inherits WHERE inhparent = 'run_log'::regclass") < 2) {
    }
    EXPECT_FALSE(fs::exists(folder_ / "data/workspaces/run-77"));
    EXPECT_GT(job, 0);
}

TEST_F(SchedulerTest, CachesThatNoRunHasUsedForLongGo) {
    auto packages = folder_ / "data/package_cache";
    auto parsed = folder_ / "data/parse_cache";
    for (const char* name : {"old", "new"}) {
        fs::create_directories(packages / name / "packages/utils");
        fs::create_directories(parsed);
        std::ofstream(packages / name / "packages/utils/a.sql") << "x";
        std::ofstream(parsed / name) << "x";
    }
    auto long_ago = fs::file_time_type::clock::now() - std::chrono::days(31);
    fs::last_write_time(packages / "old", long_ago);
    fs::last_write_time(parsed / "old", long_ago);
    start("exit 9");
    // Packages are looked at last.
    while (fs::exists(packages / "old"))
        world_.value<int>("SELECT 1 AS v");
    EXPECT_FALSE(fs::exists(parsed / "old"));
    EXPECT_TRUE(fs::exists(parsed / "new"));
    EXPECT_TRUE(fs::exists(packages / "new/packages/utils/a.sql"));
}

TEST_F(SchedulerTest, AConnectionTestGetsAProcessOfItsOwn) {
    queue_connection_test();
    start("echo \"$1 $(cat <&3)\" > fifo; exec 9<> never; read x <&9");
    EXPECT_THAT(hear(), testing::StartsWith("connection-test mwr_"));
    wait_for_test(3);
    EXPECT_EQ(
        world_.value<int>("SELECT count(*) AS v FROM connection_tests WHERE token_hash <> ''"), 1);
}

TEST_F(SchedulerTest, AConnectionTestWhoseProcessDiesSaysHow) {
    queue_connection_test();
    start("exit 7");
    wait_for_test(20);
    EXPECT_EQ(test_message(), "The process that did the test ended with exit code 7.");
}

TEST_F(SchedulerTest, AConnectionTestThatCannotBeStartedSaysWhy) {
    start("exit 0");
    fs::remove(folder_ / "worker");
    queue_connection_test();
    notify("run_queue");
    wait_for_test(20);
    EXPECT_THAT(test_message(), testing::StartsWith("The test could not be started: "));
}

TEST_F(SchedulerTest, AnOverdueConnectionTestIsEndedWithItsProcess) {
    queue_connection_test();
    start("echo $$ > fifo; exec 9<> never; read x <&9");
    auto pid = std::stoi(hear());
    wait_for_test(3);
    world_.sql("UPDATE connection_tests SET started_at = now() - interval '1 hour'");
    notify("run_queue");
    wait_for_test(20);
    EXPECT_THAT(test_message(), HasSubstr("given up"));
    while (::kill(pid, 0) == 0) {
    }
}

TEST(SchedulerSettings, ABadOneIsRefused) {
    Settings settings;
    settings.set("MAX_RUNS", "none");
    settings.set("DATA_DIR", "/nonexistent/data");
    EXPECT_EQ(run_scheduler(settings, Layout{}), 1);
}

}  // namespace
}  // namespace mw::scheduler
