#include "executor/process/process_executor.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cstdlib>
#include <fstream>

#include "base/files.hpp"
#include "executor/process/worker_record.hpp"
#include "infra/cgroup/group.hpp"
#include "infra/process/proc_info.hpp"
#include "test_support/run_on.hpp"

namespace mw::executor {
namespace {

namespace asio = boost::asio;
namespace fs = std::filesystem;
using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

constexpr WorkId kRun{Kind::run, 12};

// Workers here are shell scripts that stand for `millwright run`. They speak to the test through
// files and `fifo`, and go on for ever by reading `never`: nothing waits for time to pass.
class ProcessExecutorTest : public testing::Test {
  protected:
    ProcessExecutorTest() {
        auto pattern = (fs::temp_directory_path() / "millwright-executor-XXXXXX").string();
        folder_ = ::mkdtemp(pattern.data());
        fs::create_directory(folder_ / "workspaces");
        for (const char* name : {"fifo", "never"})
            ::mkfifo((folder_ / name).c_str(), 0600);
    }
    ~ProcessExecutorTest() override {
        for (auto& executor : executors_)
            for (const auto& running : executor->list())
                executor->cancel(running.work, 0ms);
        std::error_code ignored;
        ioc_.restart();
        ioc_.run_for(5s);
        fs::remove_all(folder_, ignored);
    }

    fs::path script(const std::string& body) {
        auto path = folder_ / "worker";
        fs::remove(path);
        std::ofstream(path) << "#!/bin/sh\ncd " << folder_.string() << "\n" << body << "\n";
        fs::permissions(path, fs::perms::owner_all);
        return path;
    }

    ProcessExecutor& executor(const std::string& body) {
        executors_.push_back(std::make_unique<ProcessExecutor>(
            ioc_.get_executor(), blocking_,
            ProcessExecutorOptions{.program = script(body),
                                   .environment = {{"PATH", "/usr/bin:/bin"}},
                                   .records_dir = folder_ / "workers",
                                   .workspaces_dir = folder_ / "workspaces",
                                   .groups = groups_,
                                   .on_ended = [this] { ended_.cancel(); }}));
        return *executors_.back();
    }

    template <class Work>
    auto run(Work work) {
        return test::run_on(ioc_, std::move(work));
    }

    result<> start(ProcessExecutor& executor, WorkId work = kRun, std::string hash = "hash-1") {
        return run(executor.start({work, Secret("mwr_secret"), std::move(hash)}));
    }

    std::vector<Ended> next_ended(ProcessExecutor& executor) {
        return run([this, &executor]() -> asio::awaitable<std::vector<Ended>> {
            auto ended = executor.take_ended();
            while (ended.empty()) {
                boost::system::error_code woken;
                co_await ended_.async_wait(asio::redirect_error(asio::use_awaitable, woken));
                ended = executor.take_ended();
            }
            co_return ended;
        });
    }

    static Executor::Keep keeping(std::vector<WorkId> work) {
        return [work = std::move(work)]() -> asio::awaitable<result<std::vector<WorkId>>> {
            co_return work;
        };
    }
    std::vector<std::string> workspaces() const {
        std::vector<std::string> names;
        for (const auto& entry : fs::directory_iterator(folder_ / "workspaces"))
            names.push_back(entry.path().filename());
        std::ranges::sort(names);
        return names;
    }

    // Returns when the worker has written to the fifo that it is up.
    std::string hear() {
        std::ifstream fifo(folder_ / "fifo");
        std::string line;
        std::getline(fifo, line);
        return line;
    }
    std::string content(const char* name) {
        return read_file(folder_ / name, 1 << 20).value_or("(nothing)");
    }
    std::vector<WorkerRecord> records() { return WorkerRecords(folder_ / "workers").read_all(); }

    fs::path folder_;
    cgroup::Tree groups_;
    asio::io_context ioc_{1};
    BlockingPool blocking_{{.threads = 1}};
    asio::steady_timer ended_{ioc_, asio::steady_timer::time_point::max()};
    std::vector<std::unique_ptr<ProcessExecutor>> executors_;
};

TEST_F(ProcessExecutorTest, WorkerGetsItsTokenByAPipeAndNothingElse) {
    auto& workers = executor(
        "cat <&3 > token; env > environment; echo \"$0 $*\" > argv; ls /proc/self/fd > fds; exit "
        "3");
    ASSERT_TRUE(start(workers));
    // It may have ended already: what runs is looked at where the worker waits.
    auto ended = next_ended(workers);
    ASSERT_EQ(ended.size(), 1U);
    EXPECT_EQ(ended[0].work, kRun);
    EXPECT_EQ(ended[0].token_hash, "hash-1");
    EXPECT_EQ(ended[0].how, "ended with exit code 3");
    EXPECT_TRUE(workers.list().empty());
    EXPECT_TRUE(records().empty());
    EXPECT_TRUE(workers.take_ended().empty());

    EXPECT_EQ(content("token"), "mwr_secret");
    EXPECT_THAT(content("environment"), HasSubstr("MILLWRIGHT_TOKEN_FD=3\n"));
    EXPECT_THAT(content("environment"), Not(HasSubstr("mwr_secret")));
    EXPECT_THAT(content("argv"), HasSubstr("worker run\n"));
}

TEST_F(ProcessExecutorTest, RecordNamesTheProcessAndHoldsNoToken) {
    auto& workers = executor("echo up > fifo; cat <> never");
    ASSERT_TRUE(start(workers));
    EXPECT_EQ(hear(), "up");
    EXPECT_EQ(workers.list().size(), 1U);
    auto known = records();
    ASSERT_EQ(known.size(), 1U);
    EXPECT_EQ(known[0].work, kRun);
    EXPECT_TRUE(process::is_running(known[0].pid, known[0].start_ticks));
    auto file = folder_ / "workers" / "run-12.json";
    EXPECT_THAT(read_file(file, 4096).value(), Not(HasSubstr("mwr_secret")));
    EXPECT_EQ(fs::status(file).permissions(), fs::perms::owner_read | fs::perms::owner_write);
}

TEST_F(ProcessExecutorTest, CancelAsksFirst) {
    auto& workers = executor(
        "trap 'exit 7' TERM; echo up > fifo; exec 9<> never; while :; do read x <&9; done");
    ASSERT_TRUE(start(workers));
    hear();
    workers.cancel(kRun, 60s);
    EXPECT_EQ(next_ended(workers).at(0).how, "ended with exit code 7");
}

TEST_F(ProcessExecutorTest, CancelKillsWhatDoesNotListen) {
    auto& workers =
        executor("trap '' TERM; echo up > fifo; exec 9<> never; while :; do read x <&9; done");
    ASSERT_TRUE(start(workers));
    hear();
    workers.cancel(kRun, 1ms);
    EXPECT_EQ(next_ended(workers).at(0).how, "was killed by signal 9 (Killed)");
}

TEST_F(ProcessExecutorTest, AKillFromOutsideIsExplained) {
    auto& workers = executor("kill -9 $$");
    ASSERT_TRUE(start(workers));
    EXPECT_EQ(next_ended(workers).at(0).how,
              "was killed by signal 9 (Killed), which the operating system does when memory runs "
              "out");
}

TEST_F(ProcessExecutorTest, CancelAllReturnsWhenAllAreGone) {
    auto& workers =
        executor("trap '' TERM; echo up > fifo; exec 9<> never; while :; do read x <&9; done");
    ASSERT_TRUE(start(workers, {Kind::run, 1}));
    hear();
    ASSERT_TRUE(start(workers, {Kind::run, 2}));
    hear();
    run(workers.cancel_all(1ms));
    EXPECT_TRUE(workers.list().empty());
    EXPECT_EQ(workers.take_ended().size(), 2U);
}

TEST_F(ProcessExecutorTest, AnUnknownWorkIsNotCancelled) {
    auto& workers = executor("exit 0");
    workers.cancel({Kind::run, 99}, 0ms);
    EXPECT_TRUE(workers.take_ended().empty());
}

TEST_F(ProcessExecutorTest, TheNextSchedulerTakesOverALivingWorker) {
    auto& first = executor(
        "trap 'exit 7' TERM; echo up > fifo; exec 9<> never; while :; do read x <&9; done");
    ASSERT_TRUE(start(first));
    hear();
    // The first scheduler goes without a word; its worker and the record stay.
    auto& second = executor("exit 0");
    second.adopt();
    auto running = second.list();
    ASSERT_EQ(running.size(), 1U);
    EXPECT_EQ(running[0].work, kRun);
    EXPECT_EQ(running[0].token_hash, "hash-1");
    second.cancel(kRun, 60s);
    auto ended = next_ended(second);
    EXPECT_EQ(ended.at(0).token_hash, "hash-1");
    EXPECT_EQ(ended.at(0).how, "ended after its scheduler had been restarted");
    EXPECT_TRUE(second.list().empty());
}

TEST_F(ProcessExecutorTest, AnAdoptedWorkerCanBeKilled) {
    auto& first =
        executor("trap '' TERM; echo up > fifo; exec 9<> never; while :; do read x <&9; done");
    ASSERT_TRUE(start(first));
    hear();
    auto& second = executor("exit 0");
    second.adopt();
    second.cancel(kRun, 0ms);
    EXPECT_EQ(next_ended(second).at(0).work, kRun);
}

TEST_F(ProcessExecutorTest, TheNextSchedulerReportsWhatEndedMeanwhile) {
    WorkerRecords store(folder_ / "workers");
    WorkerRecord gone{.work = kRun,
                      .token_hash = "hash-1",
                      .pid = ::getpid(),
                      .start_ticks = 1,  // someone else had the pid then
                      .boot_id = current_boot_id(),
                      .started_at = now()};
    WorkerRecord other_boot = gone;
    other_boot.work.id = 13;
    other_boot.start_ticks = process::start_ticks(::getpid()).value();
    other_boot.boot_id = "another";
    ASSERT_TRUE(store.write(gone));
    ASSERT_TRUE(store.write(other_boot));
    std::ofstream(folder_ / "workers" / "run-14.json") << "{\"pid\":";
    auto& workers = executor("exit 0");
    workers.adopt();
    auto ended = workers.take_ended();
    std::ranges::sort(ended, {}, [](const Ended& end) { return end.work; });
    ASSERT_EQ(ended.size(), 2U);
    EXPECT_EQ(ended[0].how, "was gone when the scheduler was started again");
    EXPECT_EQ(ended[1].work.id, 13);
    EXPECT_TRUE(workers.list().empty());
    EXPECT_TRUE(fs::is_empty(folder_ / "workers"));
}

TEST_F(ProcessExecutorTest, ASecondAttemptKillsTheFirst) {
    auto& workers =
        executor("trap '' TERM; echo up > fifo; exec 9<> never; while :; do read x <&9; done");
    ASSERT_TRUE(start(workers, kRun, "hash-1"));
    hear();
    script("exit 5");
    ASSERT_TRUE(start(workers, kRun, "hash-2"));
    auto ended = next_ended(workers);
    if (ended.size() == 1) {
        auto later = next_ended(workers);
        ended.insert(ended.end(), later.begin(), later.end());
    }
    ASSERT_EQ(ended.size(), 2U);
    EXPECT_EQ(ended[0].token_hash, "hash-1");
    EXPECT_EQ(ended[1].token_hash, "hash-2");
    EXPECT_EQ(ended[1].how, "ended with exit code 5");
}

TEST_F(ProcessExecutorTest, AProgramThatCannotStartIsAnError) {
    auto& workers = executor("exit 0");
    fs::remove(folder_ / "worker");
    auto started = start(workers);
    ASSERT_FALSE(started);
    EXPECT_THAT(started.error().message, HasSubstr("worker"));
    EXPECT_TRUE(workers.list().empty());
    EXPECT_TRUE(workers.take_ended().empty());
}

TEST_F(ProcessExecutorTest, ReapRemovesOnlyWhatNobodyUses) {
    auto& workers = executor("echo up > fifo; cat <> never");
    ASSERT_TRUE(start(workers));
    hear();
    for (const char* name : {"run-12", "run-13", "run-14/repository/locked", "connection-test-3",
                             "develop-4", "notes", "run-x"})
        fs::create_directories(folder_ / "workspaces" / name);
    fs::permissions(folder_ / "workspaces/run-14/repository/locked", fs::perms::none);
    fs::permissions(folder_ / "workspaces/run-14/repository", fs::perms::none);
    EXPECT_EQ(run(workers.reap(keeping({{Kind::run, 13}}))), 3);
    EXPECT_THAT(workspaces(), ElementsAre("notes", "run-12", "run-13", "run-x"));
}

TEST_F(ProcessExecutorTest, ReapLeavesWorkThatIsStartedWhileItLooks) {
    auto& workers = executor("echo up > fifo; cat <> never");
    fs::create_directories(folder_ / "workspaces/run-12/of-an-earlier-attempt");
    auto start_meanwhile = [&]() -> asio::awaitable<result<std::vector<WorkId>>> {
        EXPECT_TRUE(co_await workers.start({{Kind::run, 12}, Secret("t"), "hash"}));
        co_return std::vector<WorkId>{};
    };
    EXPECT_EQ(run(workers.reap(start_meanwhile)), 0);
    EXPECT_THAT(workspaces(), ElementsAre("run-12"));
}

TEST_F(ProcessExecutorTest, ReapRemovesNothingWhenItCannotTellWhatToKeep) {
    auto& workers = executor("exit 0");
    fs::create_directories(folder_ / "workspaces/run-12");
    auto unknown = []() -> asio::awaitable<result<std::vector<WorkId>>> {
        co_return fail(Errc::unavailable, "no database");
    };
    EXPECT_FALSE(run(workers.reap(unknown)));
    EXPECT_THAT(workspaces(), ElementsAre("run-12"));
}

TEST_F(ProcessExecutorTest, ReapRemovesWhatAnEarlierOneHadPutAside) {
    auto& workers = executor("exit 0");
    fs::create_directories(folder_ / "workspaces/.aside-1-1-run-9/profiles");
    EXPECT_EQ(run(workers.reap(keeping({}))), 1);
    EXPECT_THAT(workspaces(), ElementsAre());
}

// Empty folders stand for groups: both go by rmdir.
TEST_F(ProcessExecutorTest, AWorkersGroupGoesWithIt) {
    groups_.places = {{cgroup::Version::v1, {cgroup::Controller::memory}, folder_ / "groups"}};
    auto& workers = executor("mkdir -p groups/run-12.$$ groups/run-12.1; kill -9 $$");
    ASSERT_TRUE(start(workers));
    next_ended(workers);
    ioc_.restart();
    ioc_.run_for(5s);
    EXPECT_THAT(cgroup::group_names(groups_), ElementsAre("run-12.1"));
}

TEST_F(ProcessExecutorTest, ReapRemovesTheGroupsOfWorkersThatAreGone) {
    groups_.places = {{cgroup::Version::v1, {cgroup::Controller::memory}, folder_ / "groups"}};
    auto& workers = executor("echo up > fifo; cat <> never");
    auto mine = cgroup::worker_group_name("run-12", ::getpid());
    for (const auto& name : {mine, std::string("run-13.2147483647")})
        fs::create_directories(folder_ / "groups" / name);
    EXPECT_EQ(run(workers.reap(keeping({}))), 1);
    EXPECT_THAT(cgroup::group_names(groups_), ElementsAre(mine));
}

TEST(WorkerEnvironment, HoldsNothingThatOpensADoor) {
    Settings settings;
    for (const auto& spec : all_settings())
        settings.set(spec.key, std::string("/value-of-") + std::string(spec.key));
    Layout layout;
    layout.data_dir = "/d";
    layout.run_dir = "/r";
    auto environment = worker_environment(settings, layout);
    for (const auto& spec : all_settings())
        if (spec.secret) {
            EXPECT_FALSE(environment.contains("MILLWRIGHT_" + std::string(spec.key))) << spec.key;
        }
    for (const char* name : {"MILLWRIGHT_DATABASE_URL", "MILLWRIGHT_MASTER_KEY_FILE",
                             "MILLWRIGHT_CONFIG", "MILLWRIGHT_OBJECT_STORE", "MILLWRIGHT_TLS_KEY"})
        EXPECT_FALSE(environment.contains(name)) << name;
    EXPECT_EQ(environment.at("MILLWRIGHT_DATA_DIR"), "/d");
    EXPECT_EQ(environment.at("MILLWRIGHT_RUN_DIR"), "/r");
    EXPECT_EQ(environment.at("MILLWRIGHT_LOG_LEVEL"), "/value-of-LOG_LEVEL");
    EXPECT_TRUE(environment.contains("PATH"));
    EXPECT_FALSE(environment.contains("HOME"));
}

}  // namespace
}  // namespace mw::executor
