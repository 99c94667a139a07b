#include "infra/sandbox/confined_program.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/json/serialize.hpp>
#include <filesystem>
#include <string>
#include <vector>

namespace mw::sandbox {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

std::string read_all(int fd) {
    std::string text;
    char chunk[256];
    for (ssize_t got = 0; (got = ::read(fd, chunk, sizeof chunk)) > 0;)
        text.append(chunk, static_cast<std::size_t>(got));
    ::close(fd);
    return text;
}

class ConfinedProgramTest : public testing::Test {
  protected:
    void SetUp() override {
        folder_ = fs::temp_directory_path() / ("confined-test-" + std::to_string(::getpid()));
        fs::create_directories(folder_ / "root");
        plan_.root = folder_ / "root";
        plan_.binds = system_binds();
        plan_.binds.push_back({.source = folder_, .inside = "/workspace", .writable = true});
    }
    void TearDown() override { fs::remove_all(folder_); }

    // Goes in, in a process group of its own, and waits there for `become`. Its output is at
    // `out_`, the sentence of a failure at `failure_`.
    pid_t go_in() {
        int out[2];
        int failure[2];
        int go[2];
        command_ = ::memfd_create("command", MFD_CLOEXEC);
        EXPECT_EQ(::pipe2(out, O_CLOEXEC), 0);
        EXPECT_EQ(::pipe2(failure, O_CLOEXEC), 0);
        EXPECT_EQ(::pipe2(go, O_CLOEXEC), 0);
        auto child = ::fork();
        if (child == 0) {
            ::setpgid(0, 0);
            ::dup2(out[1], STDOUT_FILENO);
            for (int fd : {out[0], out[1], failure[0], go[1]})
                ::close(fd);
            ::_exit(run_confined(plan_, {.command = command_, .go = go[0], .failure = failure[1]}));
        }
        ::setpgid(child, child);
        for (int fd : {out[1], failure[1], go[0]})
            ::close(fd);
        out_ = out[0];
        failure_ = failure[0];
        go_ = go[1];
        return child;
    }

    static std::string json_of(std::vector<std::string> argv,
                               const fs::path& folder = "/workspace") {
        return boost::json::serialize(to_json(Command{.folder = folder,
                                                      .argv = std::move(argv),
                                                      .environment = {{"PATH", "/usr/bin:/bin"}}}));
    }

    void become(const std::string& json) {
        EXPECT_EQ(::write(command_, json.data(), json.size()), static_cast<ssize_t>(json.size()));
        // Refused when it has ended already; then the test sees why.
        static_cast<void>(::write(go_, "!", 1));
        ::close(go_);
        ::close(command_);
    }

    pid_t start(std::vector<std::string> argv, const fs::path& folder = "/workspace") {
        auto child = go_in();
        become(json_of(std::move(argv), folder));
        return child;
    }

    static int end_of(pid_t child) {
        int status = 0;
        ::waitpid(child, &status, 0);
        return status;
    }

    fs::path folder_;
    Plan plan_;
    int out_ = -1;
    int failure_ = -1;
    int command_ = -1;
    int go_ = -1;
};

TEST_F(ConfinedProgramTest, RunsInItsFolderAndEndsAsTheProgramDoes) {
    auto child = start({"/bin/sh", "-c", "pwd; exit 7"});
    EXPECT_EQ(read_all(out_), "/workspace\n");
    EXPECT_THAT(read_all(failure_), IsEmpty());
    auto status = end_of(child);
    ASSERT_TRUE(WIFEXITED(status));
    EXPECT_EQ(WEXITSTATUS(status), 7);
}

TEST_F(ConfinedProgramTest, GivesTheProgramItsEnvironmentAndNoMore) {
    ::setenv("OF_THE_CALLER", "x", 1);
    end_of(start({"/usr/bin/env"}));
    EXPECT_EQ(read_all(out_), "PATH=/usr/bin:/bin\n");
    auto child = go_in();
    struct stat go{};
    ::fstat(go_, &go);
    become(json_of({"/bin/sh", "-c", "readlink /proc/self/fd/*"}));
    end_of(child);
    EXPECT_THAT(read_all(out_), AllOf(HasSubstr("pipe:"), Not(HasSubstr("memfd:")),
                                      Not(HasSubstr(std::to_string(go.st_ino)))));
}

TEST_F(ConfinedProgramTest, StartsNothingWhenItsCallerWantsNothing) {
    auto child = go_in();
    ::close(go_);
    EXPECT_EQ(end_of(child), 0);
    EXPECT_THAT(read_all(out_), IsEmpty());
    EXPECT_THAT(read_all(failure_), IsEmpty());
}

TEST_F(ConfinedProgramTest, RefusesACommandThatItCannotRead) {
    for (auto [json, words] :
         {std::pair("{", "not JSON"),
          {"{}", "folder"},
          {R"({"folder":"/","argv":[],"environment":{}})", "argv"},
          {R"({"folder":"/","argv":[1],"environment":{}})", "argv"},
          {R"({"folder":"/","argv":["/bin/true"]})", "environment"},
          {R"({"folder":"/","argv":["/bin/true"],"environment":{"A":1}})", "environment"}}) {
        auto child = go_in();
        become(json);
        EXPECT_THAT(read_all(failure_), HasSubstr(words));
        EXPECT_EQ(WEXITSTATUS(end_of(child)), 125);
    }
}

TEST_F(ConfinedProgramTest, DiesOfTheSignalThatTheProgramDiedOf) {
    auto status = end_of(start({"/bin/sh", "-c", "kill -SEGV $$"}));
    ASSERT_TRUE(WIFSIGNALED(status));
    EXPECT_EQ(WTERMSIG(status), SIGSEGV);
}

TEST_F(ConfinedProgramTest, ShowsTheProgramNothingBesideThePlan) {
    auto child = start({"/bin/sh", "-c", "ls -d /root /home /srv 2>/dev/null; echo $$"});
    // The shell is the second process of its world.
    EXPECT_EQ(read_all(out_), "2\n");
    EXPECT_EQ(end_of(child), 0);
}

TEST_F(ConfinedProgramTest, PassesARequestToEndOnToTheProgramAlone) {
    auto child = start({"/bin/sh", "-c",
                        "trap 'echo asked; exit 3' INT; echo ready; while :; do sleep 0.01; done"});
    char ready[6];
    ASSERT_EQ(::read(out_, ready, sizeof ready), 6);
    ::kill(-child, SIGINT);
    EXPECT_EQ(read_all(out_), "asked\n");
    auto status = end_of(child);
    ASSERT_TRUE(WIFEXITED(status));
    EXPECT_EQ(WEXITSTATUS(status), 3);
}

TEST_F(ConfinedProgramTest, TakesWhatTheProgramLeftBehindAlong) {
    auto child = start({"/bin/sh", "-c", "setsid sleep 1000 & exit 0"});
    EXPECT_EQ(end_of(child), 0);
    // The sleeper holds the other end of it.
    EXPECT_THAT(read_all(out_), IsEmpty());
}

TEST_F(ConfinedProgramTest, EndsWithWhoeverIsKilledAboveIt) {
    auto child = start({"/bin/sh", "-c", "echo ready; exec sleep 1000"});
    char ready[6];
    ASSERT_EQ(::read(out_, ready, sizeof ready), 6);
    ::kill(child, SIGKILL);
    EXPECT_THAT(read_all(out_), IsEmpty());
    EXPECT_TRUE(WIFSIGNALED(end_of(child)));
}

TEST_F(ConfinedProgramTest, SaysWhyAProgramCannotBeStarted) {
    auto status = end_of(start({"/usr/bin/no-such-program"}));
    EXPECT_THAT(read_all(failure_), HasSubstr("/usr/bin/no-such-program: No such file"));
    EXPECT_EQ(WEXITSTATUS(status), 125);
    end_of(start({"/bin/true"}, "/workspace/gone"));
    EXPECT_THAT(read_all(failure_), HasSubstr("/workspace/gone: No such file"));
    plan_.binds.push_back({.source = folder_ / "missing"});
    ::signal(SIGPIPE, SIG_IGN);
    end_of(start({"/bin/true"}));
    EXPECT_THAT(read_all(failure_), HasSubstr("missing"));
}

}  // namespace
}  // namespace mw::sandbox
