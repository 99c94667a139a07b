#include "infra/process/process.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/asio/write.hpp>
#include <filesystem>

#include "base/unique_fd.hpp"
#include "infra/process/line_reader.hpp"
#include "infra/process/proc_info.hpp"
#include "infra/process/run_command.hpp"

namespace mw::process {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using testing::HasSubstr;

// The tests' children are shell scripts; the product itself never runs a shell.
SpawnOptions script(std::string text) {
    return {.program = "/bin/sh",
            .args = {"-c", std::move(text)},
            .environment = {{"PATH", "/usr/bin:/bin"}}};
}

class ProcessTest : public testing::Test {
  protected:
    // Runs a coroutine, or a lambda that is one, to its end: its value or exception.
    template <class Work>
    auto run(Work work) {
        auto outcome = asio::co_spawn(ioc_, std::move(work), asio::use_future);
        ioc_.restart();
        ioc_.run();
        return outcome.get();
    }

    Process spawn(SpawnOptions options) {
        auto process = Process::spawn(ioc_.get_executor(), std::move(options));
        if (!process) throw std::runtime_error(process.error().message);
        return std::move(*process);
    }

    std::string first_line(Process& process) {
        LineReader lines(process.out(), 1024);
        auto line = run(lines.next());
        return line ? line->text : "";
    }

    // Waits for the end of a process that is not our child, by its pidfd.
    static bool ends_within(pid_t pid, std::chrono::milliseconds limit) {
        UniqueFd pidfd(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
        if (!pidfd) return errno == ESRCH;
        pollfd wait{pidfd.get(), POLLIN, 0};
        return ::poll(&wait, 1, static_cast<int>(limit.count())) == 1;
    }

    asio::io_context ioc_{1};
};

TEST_F(ProcessTest, MissingProgramIsNamed) {
    auto missing = Process::spawn(ioc_.get_executor(), {.program = "/nonexistent/tool"});
    ASSERT_FALSE(missing);
    EXPECT_EQ(missing.error().code, Errc::not_found);
    EXPECT_THAT(missing.error().message, HasSubstr("/nonexistent/tool"));

    auto unfound = Process::spawn(ioc_.get_executor(), {.program = "no-such-tool-anywhere"});
    ASSERT_FALSE(unfound);
    EXPECT_EQ(unfound.error().code, Errc::not_found);
    EXPECT_THAT(unfound.error().message, HasSubstr("no-such-tool-anywhere"));
}

TEST_F(ProcessTest, MissingWorkingFolderIsNamed) {
    auto options = script("exit 0");
    options.cwd = "/nonexistent/folder";
    auto failed = Process::spawn(ioc_.get_executor(), options);
    ASSERT_FALSE(failed);
    EXPECT_THAT(failed.error().message, HasSubstr("/nonexistent/folder"));
}

TEST_F(ProcessTest, AFileThatIsNoProgramIsAnError) {
    auto failed = Process::spawn(ioc_.get_executor(), {.program = "/etc/passwd"});
    ASSERT_FALSE(failed);
    EXPECT_THAT(failed.error().message, HasSubstr("/etc/passwd"));
}

TEST_F(ProcessTest, ExitCode) {
    auto process = spawn(script("exit 7"));
    auto status = run(process.async_wait());
    EXPECT_EQ(status, (ExitStatus{7, 0}));
    EXPECT_EQ(status.describe(), "exit code 7");
    EXPECT_FALSE(status.success());
    EXPECT_FALSE(process.signal(SIGTERM));
    // A second wait answers from memory.
    EXPECT_EQ(run(process.async_wait()), status);
}

TEST_F(ProcessTest, DeathBySignal) {
    auto process = spawn(script("kill -TERM $$"));
    auto status = run(process.async_wait());
    EXPECT_EQ(status, (ExitStatus{0, SIGTERM}));
    EXPECT_THAT(status.describe(), HasSubstr("signal 15"));
}

TEST_F(ProcessTest, BareNameIsLookedUpInTheGivenPath) {
    auto output = run(run_command({.program = "echo",
                                   .args = {"a b", "$HOME"},
                                   .environment = {{"PATH", "/nonexistent:/usr/bin:/bin"}}}));
    ASSERT_TRUE(output) << output.error().message;
    EXPECT_EQ(output->out, "a b $HOME\n");
}

TEST_F(ProcessTest, EnvironmentAndFolderAreExactlyTheGiven) {
    ::setenv("PROCESS_TEST_LEAK", "1", 1);
    auto options = script("/usr/bin/env; pwd");
    options.environment = {{"ONLY", "this=that"}};
    options.cwd = "/usr";
    auto output = run(run_command(options));
    ::unsetenv("PROCESS_TEST_LEAK");
    ASSERT_TRUE(output);
    EXPECT_THAT(output->out, HasSubstr("ONLY=this=that\n"));
    EXPECT_THAT(output->out, HasSubstr("/usr\n"));
    EXPECT_THAT(output->out, testing::Not(HasSubstr("PROCESS_TEST_LEAK")));
}

TEST_F(ProcessTest, TwoPipesAtOnceAndInput) {
    auto options = script("read x; echo \"got $x\"; echo oops >&2");
    options.in = Stdio::pipe();
    options.out = Stdio::pipe();
    options.err = Stdio::pipe();
    auto process = spawn(options);
    LineReader out(process.out(), 100);
    LineReader err(process.err(), 100);
    auto conversation = [&]() -> asio::awaitable<void> {
        co_await asio::async_write(process.in(), asio::buffer("hello\n", 6), asio::use_awaitable);
        auto got = co_await out.next();
        EXPECT_EQ(got->text, "got hello");
        auto oops = co_await err.next();
        EXPECT_EQ(oops->text, "oops");
        auto end = co_await out.next();
        EXPECT_FALSE(end);
    };
    run(conversation);
    EXPECT_TRUE(run(process.async_wait()).success());
}

TEST_F(ProcessTest, WritingToAGoneChildIsAnError) {
    auto options = script("exit 0");
    options.in = Stdio::pipe();
    auto process = spawn(options);
    run(process.async_wait());
    boost::system::error_code error;
    process.in().write_some(asio::buffer("x", 1), error);
    EXPECT_EQ(error, boost::system::errc::broken_pipe);
}

TEST_F(ProcessTest, OnlyGivenDescriptorsReachTheChild) {
    UniqueFd leak(::open("/dev/null", O_RDONLY));  // without close-on-exec, on purpose
    int ends[2];
    ASSERT_EQ(::pipe2(ends, O_CLOEXEC), 0);
    UniqueFd read_end(ends[0]);
    UniqueFd write_end(ends[1]);
    auto options = script("echo fine >&5; ls /proc/self/fd");
    // 3 and 5 cross over: each other's number may be in use on our side.
    options.inherit = {{write_end.get(), 5}, {read_end.get(), 3}};
    auto output = run(run_command(options));
    ASSERT_TRUE(output);
    char text[5] = {};
    EXPECT_EQ(::read(read_end.get(), text, 5), 5);
    EXPECT_EQ(std::string_view(text, 5), "fine\n");
    // 4 is what `ls` itself opens to read the folder.
    EXPECT_EQ(output->out, "0\n1\n2\n3\n4\n5\n");
}

TEST_F(ProcessTest, SignalsStartFresh) {
    ::signal(SIGUSR1, SIG_IGN);
    sigset_t blocked;
    ::sigemptyset(&blocked);
    ::sigaddset(&blocked, SIGUSR1);
    ::pthread_sigmask(SIG_BLOCK, &blocked, nullptr);
    auto process = spawn(script("kill -USR1 $$; exit 0"));
    ::pthread_sigmask(SIG_UNBLOCK, &blocked, nullptr);
    ::signal(SIGUSR1, SIG_DFL);
    EXPECT_EQ(run(process.async_wait()).signal, SIGUSR1);
}

TEST_F(ProcessTest, ABrokenPipeIsDeadlyUnlessIgnored) {
    for (bool ignored : {false, true}) {
        auto options = script("kill -PIPE $$; exit 5");
        options.ignore_broken_pipes = ignored;
        auto process = spawn(options);
        auto status = run(process.async_wait());
        EXPECT_EQ(status, ignored ? (ExitStatus{5, 0}) : (ExitStatus{0, SIGPIPE}));
    }
}

TEST_F(ProcessTest, TerminateTakesTheWholeGroup) {
    auto options = script("trap '' TERM; sleep 1000 & echo $!; wait; wait; sleep 1000");
    options.out = Stdio::pipe();
    auto process = spawn(options);
    pid_t grandchild = std::stoi(first_line(process));
    auto status = run(process.terminate(50ms));
    EXPECT_EQ(status.signal, SIGKILL);
    EXPECT_TRUE(ends_within(grandchild, 5000ms));
}

TEST_F(ProcessTest, LeftoversDoNotOutliveTheirLeader) {
    auto options = script("sleep 1000 & echo $!; exit 0");
    options.out = Stdio::pipe();
    auto process = spawn(options);
    pid_t grandchild = std::stoi(first_line(process));
    EXPECT_TRUE(run(process.async_wait()).success());
    EXPECT_TRUE(ends_within(grandchild, 5000ms));
}

TEST_F(ProcessTest, PoliteChildEndsWithinItsGrace) {
    auto options = script("trap 'exit 3' TERM; echo ready; while :; do sleep 1000 & wait; done");
    options.out = Stdio::pipe();
    auto process = spawn(options);
    EXPECT_EQ(first_line(process), "ready");
    EXPECT_EQ(run(process.terminate(30s)).code, 3);
}

TEST_F(ProcessTest, WaitWithALimit) {
    auto process = spawn(script("sleep 1000"));
    EXPECT_FALSE(run(process.async_wait_for(10ms)));
    EXPECT_FALSE(process.poll());
    process.signal(SIGKILL);
    auto status = run(process.async_wait_for(10s));
    ASSERT_TRUE(status);
    EXPECT_EQ(status->signal, SIGKILL);
}

TEST_F(ProcessTest, OwnerTakesTheChildAlong) {
    pid_t pid = 0;
    {
        auto process = spawn(script("sleep 1000"));
        pid = process.pid();
        EXPECT_TRUE(start_ticks(pid));
    }
    EXPECT_FALSE(start_ticks(pid));
}

TEST_F(ProcessTest, AMovedProcessCanStillBeWaitedFor) {
    auto process = spawn(script("exit 4"));
    auto wait = process.async_wait();
    Process other = std::move(process);
    EXPECT_EQ(run(std::move(wait)).code, 4);
}

TEST_F(ProcessTest, LimitsUmaskAndSessionReachTheChild) {
    auto options = script("ulimit -n; umask; test $$ = $(ps -o sid= -p $$) && echo leader");
    options.limits = {{RLIMIT_NOFILE, 64, 64}};
    options.umask = 077;
    options.group = Group::own_session;
    auto output = run(run_command(options));
    ASSERT_TRUE(output);
    EXPECT_EQ(output->out, "64\n0077\nleader\n") << output->err;
}

TEST_F(ProcessTest, AnotherIdentityNeedsPrivilege) {
    auto options = script("id -u; id -g; id -G");
    options.identity = Identity{65534, 65534};
    auto output = run(run_command(options));
    if (::geteuid() == 0) {
        ASSERT_TRUE(output) << output.error().message;
        EXPECT_EQ(output->out, "65534\n65534\n65534\n");
    } else {
        ASSERT_FALSE(output);
        EXPECT_THAT(output.error().message, HasSubstr("its user could not be set"));
    }
}

// A middle process spawns one with a death signal, says its pid and dies by SIGKILL.
TEST_F(ProcessTest, DeathSignalFollowsTheSpawner) {
    int ends[2];
    ASSERT_EQ(::pipe2(ends, O_CLOEXEC), 0);
    UniqueFd read_end(ends[0]);
    UniqueFd write_end(ends[1]);
    pid_t middle = ::fork();
    if (middle == 0) {
        asio::io_context ioc{1};
        auto options = script("sleep 1000");
        options.death_signal = SIGTERM;
        auto process = Process::spawn(ioc.get_executor(), options);
        pid_t pid = process ? process->pid() : -1;
        [[maybe_unused]] auto written = ::write(write_end.get(), &pid, sizeof pid);
        ::kill(::getpid(), SIGKILL);
    }
    pid_t grandchild = 0;
    ASSERT_EQ(::read(read_end.get(), &grandchild, sizeof grandchild),
              static_cast<ssize_t>(sizeof grandchild));
    ::waitpid(middle, nullptr, 0);
    ASSERT_GT(grandchild, 0);
    EXPECT_TRUE(ends_within(grandchild, 5000ms));
}

TEST_F(ProcessTest, OrphansAreAdoptedAndCollectedButOwnChildrenLeftAlone) {
    ASSERT_EQ(::prctl(PR_SET_CHILD_SUBREAPER, 1), 0);
    // A session of its own, so that it is no leftover of its leader's group.
    auto options = script("setsid sleep 1000 & echo $!; exit 0");
    options.out = Stdio::pipe();
    auto process = spawn(options);
    auto out = process.take_out();
    char text[16] = {};
    ASSERT_GT(out.read_some(asio::buffer(text)), 0u);
    pid_t orphan = std::stoi(text);
    // Our zombie must still be ours to wait for after others were collected.
    reap_adopted_children();
    EXPECT_TRUE(run(process.async_wait()).success());

    EXPECT_THAT(adopted_children(), testing::Contains(orphan));
    ::kill(orphan, SIGKILL);
    EXPECT_TRUE(ends_within(orphan, 5000ms));
    reap_adopted_children();
    EXPECT_THAT(adopted_children(), testing::Not(testing::Contains(orphan)));
    ::prctl(PR_SET_CHILD_SUBREAPER, 0);
}

TEST_F(ProcessTest, UsingAPipeThatIsNoneIsABrokenInvariant) {
    auto process = spawn(script("exit 0"));
    EXPECT_THROW(process.out(), std::logic_error);
}

TEST_F(ProcessTest, CommandOverTimeIsStopped) {
    auto output = run(run_command(script("sleep 1000"), {.timeout = 20ms}));
    ASSERT_FALSE(output);
    EXPECT_EQ(output.error().code, Errc::timeout);
    EXPECT_THAT(output.error().message, HasSubstr("/bin/sh"));
}

TEST_F(ProcessTest, CommandKeepsTheEndOfALongOutput) {
    auto output = run(run_command(script("head -c 3000000 /dev/zero | tr '\\0' x; echo END"),
                                  {.max_output_bytes = 1000}));
    ASSERT_TRUE(output);
    EXPECT_EQ(output->out.size(), 1000u);
    EXPECT_TRUE(output->out.ends_with("xEND\n"));
}

TEST(LastLines, CountsFromTheEnd) {
    EXPECT_EQ(last_lines("a\nb\nc\n", 2), "b\nc");
    EXPECT_EQ(last_lines("a\nb", 5), "a\nb");
    EXPECT_EQ(last_lines("", 3), "");
    EXPECT_EQ(last_lines("one", 1), "one");
}

}  // namespace
}  // namespace mw::process
