#include "roles/supervisor/service_child.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "base/unique_fd.hpp"
#include "roles/supervisor/embedded_postgres.hpp"

namespace mw::supervisor {
namespace {

namespace asio = boost::asio;
namespace fs = std::filesystem;
using namespace std::chrono_literals;
using std::chrono::steady_clock;
using testing::Contains;
using testing::HasSubstr;

class ServiceChildTest : public testing::Test {
  protected:
    void SetUp() override {
        std::string pattern = testing::TempDir() + "service_child_XXXXXX";
        ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
        folder_ = pattern;
    }
    void TearDown() override {
        if (child_) run(child_->stop(steady_clock::now()));
        fs::remove_all(folder_);
    }

    // A role made of a shell script; descriptor 4 is where it says that it is ready.
    ServiceSpec script(std::string text) {
        ServiceSpec spec;
        spec.name = "role";
        spec.command = [text, this]() -> result<process::SpawnOptions> {
            return process::SpawnOptions{.program = "/bin/sh",
                                         .args = {"-c", text},
                                         .environment = {{"PATH", "/usr/bin:/bin"}},
                                         .cwd = folder_};
        };
        return spec;
    }

    ServiceChild& make(ServiceSpec spec) {
        child_ =
            std::make_unique<ServiceChild>(ioc_.get_executor(), std::move(spec),
                                           RoleLog("role", folder_, false), [this] { ++changes_; });
        return *child_;
    }

    template <class T>
    T run(asio::awaitable<T> work) {
        auto outcome = asio::co_spawn(ioc_, std::move(work), asio::use_future);
        run_until([&] { return outcome.wait_for(0s) == std::future_status::ready; });
        return outcome.get();
    }

    void run_until(const std::function<bool()>& reached) {
        ioc_.restart();
        auto deadline = steady_clock::now() + 20s;
        while (!reached())
            if (ioc_.run_one_until(deadline) == 0) throw std::runtime_error("nothing happens");
    }

    fs::path folder_;
    asio::io_context ioc_{1};
    std::unique_ptr<ServiceChild> child_;
    int changes_ = 0;
};

constexpr const char* kServe = "printf 1 >&4; exec 4>&-; echo serving; exec sleep 1000";

TEST_F(ServiceChildTest, IsReadyWhenItSaysSo) {
    auto& child = make(script(kServe));
    auto started = run(child.start());
    ASSERT_TRUE(started) << started.error().message;
    EXPECT_TRUE(child.pid());
    EXPECT_EQ(child.restarts(), 0);
    EXPECT_EQ(changes_, 1);
    run_until([&] { return !child.log().tail().empty(); });
    EXPECT_THAT(child.log().tail(), Contains("serving"));
}

TEST_F(ServiceChildTest, EndingBeforeItIsReadyIsAnErrorWithItsLastWords) {
    auto& child = make(script("echo 'no such table' >&2; exit 3"));
    auto started = run(child.start());
    ASSERT_FALSE(started);
    EXPECT_THAT(started.error().message, HasSubstr("role ended before it was ready: exit code 3"));
    EXPECT_THAT(child.log().tail(), Contains("no such table"));
    EXPECT_FALSE(child.pid());
}

TEST_F(ServiceChildTest, AProgramThatIsNotThereIsAnError) {
    auto spec = script("");
    spec.command = []() -> result<process::SpawnOptions> {
        return process::SpawnOptions{.program = "/nonexistent/role"};
    };
    auto started = run(make(std::move(spec)).start());
    ASSERT_FALSE(started);
    EXPECT_THAT(started.error().message, HasSubstr("/nonexistent/role"));
}

TEST_F(ServiceChildTest, ClosingTheDescriptorWithoutAWordIsNotReadiness) {
    auto spec = script("exec 4>&-; exec sleep 1000");
    spec.start_limit = 50ms;
    auto started = run(make(std::move(spec)).start());
    ASSERT_FALSE(started);
    EXPECT_EQ(started.error().code, Errc::timeout);
}

TEST_F(ServiceChildTest, ACrashedRoleIsStartedAgain) {
    auto& child = make(script(kServe));
    ASSERT_TRUE(run(child.start()));
    auto first = *child.pid();
    child.signal(SIGKILL);
    run_until([&] { return child.restarts() == 1 && child.pid(); });
    EXPECT_NE(*child.pid(), first);
    child.signal(SIGKILL);
    run_until([&] { return child.restarts() == 2 && child.pid(); });
}

TEST_F(ServiceChildTest, AProbeDecidesForARoleThatDoesNotSay) {
    auto spec = script("echo up > up; exec sleep 1000");
    spec.probe = [this]() -> asio::awaitable<bool> { co_return fs::exists(folder_ / "up"); };
    EXPECT_TRUE(run(make(std::move(spec)).start()));
}

TEST_F(ServiceChildTest, AFailureThatPassesIsTriedAgain) {
    auto spec = script(
        "if test -e once; then printf 1 >&4; exec sleep 1000; fi; touch once; "
        "echo 'FATAL:  pre-existing shared memory block (key 1) is still in use'; "
        "exit 1");
    spec.passing_failure = predecessor_still_ends;
    auto started = run(make(std::move(spec)).start());
    EXPECT_TRUE(started) << started.error().message;
}

TEST_F(ServiceChildTest, StopsPolitely) {
    auto& child =
        make(script("trap 'echo bye > bye; exit 0' TERM; printf 1 >&4; "
                    "while :; do sleep 1000 & wait; done"));
    ASSERT_TRUE(run(child.start()));
    run(child.stop(steady_clock::now() + 20s));
    EXPECT_FALSE(child.pid());
    EXPECT_TRUE(fs::exists(folder_ / "bye"));
}

TEST_F(ServiceChildTest, AStubbornRoleIsKilledWithItsGroup) {
    auto& child =
        make(script("trap '' TERM; sleep 1000 & echo $! > inner; printf 1 >&4; "
                    "wait; wait; sleep 1000"));
    ASSERT_TRUE(run(child.start()));
    pid_t inner = 0;
    std::ifstream(folder_ / "inner") >> inner;
    UniqueFd inner_end(static_cast<int>(::syscall(SYS_pidfd_open, inner, 0)));
    ASSERT_TRUE(inner_end);
    run(child.stop(steady_clock::now()));
    EXPECT_FALSE(child.pid());
    pollfd ended{inner_end.get(), POLLIN, 0};
    EXPECT_EQ(::poll(&ended, 1, 5000), 1);
}

TEST_F(ServiceChildTest, HurryCutsAStopShort) {
    auto& child = make(script("trap '' TERM; printf 1 >&4; while :; do sleep 1000; done"));
    ASSERT_TRUE(run(child.start()));
    auto stopped = asio::co_spawn(ioc_, child.stop(steady_clock::now() + 1h), asio::use_future);
    asio::post(ioc_, [&] { child.hurry(); });
    run_until([&] { return stopped.wait_for(0s) == std::future_status::ready; });
    EXPECT_FALSE(child.pid());
}

TEST_F(ServiceChildTest, StopWhileItWaitsToRestartStaysStopped) {
    auto& child = make(script(kServe));
    ASSERT_TRUE(run(child.start()));
    child.signal(SIGKILL);
    run_until([&] { return changes_ == 2; });  // it has ended, and the wait begins
    run(child.stop(steady_clock::now() + 1s));
    ioc_.run_for(300ms);  // longer than the first wait
    EXPECT_FALSE(child.pid());
    EXPECT_EQ(child.restarts(), 0);
}

TEST(PredecessorStillEnds, ReadsPostgresOwnWords) {
    EXPECT_TRUE(predecessor_still_ends(
        {"x", "FATAL:  pre-existing shared memory block (key 5432001, ID 0) is still in use"}));
    EXPECT_TRUE(predecessor_still_ends({"FATAL:  lock file \"postmaster.pid\" already exists"}));
    EXPECT_FALSE(predecessor_still_ends({"FATAL:  could not create shared memory segment"}));
    EXPECT_FALSE(predecessor_still_ends({}));
}

}  // namespace
}  // namespace mw::supervisor
