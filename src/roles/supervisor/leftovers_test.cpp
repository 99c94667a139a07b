#include "roles/supervisor/leftovers.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include "infra/process/proc_info.hpp"
#include "infra/process/run_command.hpp"
#include "roles/supervisor/status_file.hpp"

namespace mw::supervisor {
namespace {

namespace asio = boost::asio;
namespace fs = std::filesystem;
using namespace std::chrono_literals;

class Leftovers : public testing::Test {
  protected:
    void SetUp() override {
        std::string pattern = testing::TempDir() + "leftovers_XXXXXX";
        ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
        folder_ = pattern;
        ::prctl(PR_SET_CHILD_SUBREAPER, 1);
    }
    void TearDown() override {
        ::prctl(PR_SET_CHILD_SUBREAPER, 0);
        fs::remove_all(folder_);
    }

    template <class T>
    auto run(asio::awaitable<T> work) {
        ioc_.restart();
        auto outcome = asio::co_spawn(ioc_, std::move(work), asio::use_future);
        ioc_.run();
        return outcome.get();
    }

    // A process that is ours by adoption only, as a role's child is after the role has crashed.
    pid_t orphan(const std::string& script) {
        auto output = run(process::run_command(
            {.program = "/bin/sh",
             .args = {"-c", "setsid sh -c \"" + script + "\" >/dev/null 2>&1 & echo $!"},
             .environment = {{"PATH", "/usr/bin:/bin"}},
             .group = process::Group::same}));
        if (!output) throw std::runtime_error(output.error().message);
        return std::stoi(output->out);
    }

    fs::path status_of(pid_t pid, std::uint64_t ticks) {
        Status status{.state = "ready",
                      .url = "",
                      .run_dir = "",
                      .started_at = now(),
                      .processes = {{"app", pid, ticks, now(), 0}}};
        auto file = folder_ / "status.json";
        if (!write_status(file, status)) throw std::runtime_error("status");
        return file;
    }

    fs::path folder_;
    asio::io_context ioc_{1};
};

TEST_F(Leftovers, NothingToWaitForWithoutAStatus) {
    EXPECT_TRUE(run(await_leftovers(folder_ / "status.json")));
}

TEST_F(Leftovers, AnotherProcessWithTheSamePidIsNotMeant) {
    EXPECT_TRUE(run(await_leftovers(status_of(::getpid(), 1))));
}

TEST_F(Leftovers, WhatDoesNotEndIsKilled) {
    auto pid = orphan("exec sleep 1000");
    auto ticks = process::start_ticks(pid);
    ASSERT_TRUE(ticks);
    EXPECT_TRUE(run(await_leftovers(status_of(pid, *ticks), 0ms)));
    EXPECT_FALSE(process::is_running(pid, *ticks));
    process::reap_adopted_children();
}

TEST_F(Leftovers, AdoptedOnesAreEnded) {
    orphan("exec sleep 1000");
    auto stubborn = orphan("trap : TERM; while :; do sleep 1000; done");
    auto ticks = process::start_ticks(stubborn);
    ASSERT_TRUE(ticks);
    run(end_adopted(std::chrono::steady_clock::now() + 100ms));
    EXPECT_FALSE(process::is_running(stubborn, *ticks));
    EXPECT_TRUE(process::adopted_children().empty());
}

}  // namespace
}  // namespace mw::supervisor
