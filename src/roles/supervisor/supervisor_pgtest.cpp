// The supervisor from end to end, with a real PostgreSQL and stand-ins for the other roles: this
// program is all of them, told apart by its first argument, as the product is.
#include "roles/supervisor/supervisor.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_future.hpp>
#include <chrono>
#include <deque>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "base/readiness.hpp"
#include "base/unique_fd.hpp"
#include "infra/pg_server/cluster.hpp"
#include "infra/process/line_reader.hpp"
#include "infra/process/run_command.hpp"
#include "roles/supervisor/control.hpp"
#include "roles/supervisor/leftovers.hpp"
#include "roles/supervisor/status_file.hpp"
#include "test_support/test_database.hpp"

namespace mw::supervisor {
namespace {

namespace asio = boost::asio;
namespace fs = std::filesystem;
using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;

class SupervisorTest : public testing::Test {
  protected:
    void SetUp() override {
        std::string pattern = testing::TempDir() + "supervisor_pgtest_XXXXXX";
        ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
        folder_ = fs::canonical(pattern);
        ASSERT_EQ(::chmod(folder_.c_str(), 0755), 0);
        // Runs that a killed supervisor has left come to us.
        ::prctl(PR_SET_CHILD_SUBREAPER, 1);
        // A copy that the service user can reach wherever this was built.
        fs::copy_file("/proc/self/exe", folder_ / "program");
        fs::create_directories(folder_ / "share/migrations");
        std::ofstream(folder_ / "share/migrations/0001_first.sql") << "CREATE TABLE t (n int);\n";
    }
    template <class Awaitable>
    auto run(Awaitable work) {
        ioc_.restart();
        auto outcome = asio::co_spawn(ioc_, std::move(work), asio::use_future);
        ioc_.run_for(120s);
        if (outcome.wait_for(0s) != std::future_status::ready)
            throw std::runtime_error("nothing happens");
        return outcome.get();
    }

    // A data folder as a first start leaves it, without the seconds that making one takes.
    void begin_with_database() {
        make_data_folder();
        pg_server::Cluster cluster{.programs = "/usr/lib/postgresql/15/bin",
                                   .data_dir = data_dir() / "postgres",
                                   .socket_dir = folder_,
                                   .superuser = test::unprivileged_user(),
                                   .durable = false,
                                   .identity = test::unprivileged_identity()};
        if (template_.empty()) {
            auto created = run(pg_server::create_cluster(cluster));
            if (!created) throw std::runtime_error(created.error().message);
            template_ = folder_.string() + "_template";
            copy(cluster.data_dir, template_);
        } else {
            copy(template_, cluster.data_dir);
        }
    }
    void make_data_folder() {
        fs::create_directories(data_dir());
        if (auto identity = test::unprivileged_identity())
            ASSERT_EQ(::chown(data_dir().c_str(), identity->uid, identity->gid), 0);
    }
    // With owners and modes.
    void copy(const fs::path& from, const fs::path& to) {
        auto copied = run(process::run_command({.program = "/bin/cp",
                                                .args = {"-a", from.string(), to.string()},
                                                .environment = {{"PATH", "/usr/bin:/bin"}}}));
        if (!copied || !copied->status.success()) throw std::runtime_error("cp");
    }
    static void TearDownTestSuite() { fs::remove_all(template_); }

    void TearDown() override {
        for (auto& supervisor : running_)
            wait_for_end(supervisor, SIGTERM);
        run(end_adopted(std::chrono::steady_clock::now()));
        fs::remove_all(folder_);
    }

    struct Running {
        process::Process process;
        std::unique_ptr<process::LineReader> lines;
        std::string seen;
    };

    Running& start(const char* role = "up") {
        process::SpawnOptions options;
        options.program = folder_ / "program";
        options.args = {role};
        options.environment = {{"PATH", "/usr/bin:/bin"},
                               {"MILLWRIGHT_DATA_DIR", data_dir().string()},
                               {"MILLWRIGHT_RUN_DIR", (folder_ / "run").string()},
                               {"MILLWRIGHT_SHARE_DIR", (folder_ / "share").string()},
                               {"MILLWRIGHT_USER", test::unprivileged_user()},
                               {"MILLWRIGHT_BIND", "127.0.0.1"},
                               {"MILLWRIGHT_PORT", port_}};
        for (const char* name : {"ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS"})
            if (const char* value = std::getenv(name)) options.environment[name] = value;
        options.out = process::Stdio::pipe();
        options.err = process::Stdio::merge();
        options.death_signal = SIGTERM;
        auto process = process::Process::spawn(ioc_.get_executor(), std::move(options));
        if (!process) throw std::runtime_error(process.error().message);
        running_.push_back({std::move(*process), nullptr, ""});
        auto& running = running_.back();
        running.lines = std::make_unique<process::LineReader>(running.process.out(), 64 * 1024);
        return running;
    }

    // Reads on to a line that has all of the words.
    void read_to(Running& running, const std::vector<std::string>& words) {
        for (;;) {
            auto line = run(running.lines->next());
            if (!line) throw std::runtime_error("the output ended:\n" + running.seen);
            running.seen += line->text + "\n";
            auto has = [&](const auto& word) { return line->text.find(word) != std::string::npos; };
            if (std::ranges::all_of(words, has)) return;
        }
    }
    void read_to_ready(Running& running) { read_to(running, {"Millwright is ready: https://"}); }

    process::ExitStatus wait_for_end(Running& running, int signal_number = 0) {
        if (signal_number) running.process.signal(signal_number);
        while (auto line = run(running.lines->next()))
            running.seen += line->text + "\n";
        return run(running.process.async_wait());
    }

    Status status() {
        auto read = read_status(data_dir() / "status.json");
        if (!read) throw std::runtime_error(read.error().message);
        return *read;
    }
    ProcessStatus role(const std::string& name) {
        for (const auto& process : status().processes)
            if (process.role == name) return process;
        throw std::runtime_error("no role " + name);
    }
    std::string content(const fs::path& path) {
        std::ifstream file(path);
        return {std::istreambuf_iterator<char>(file), {}};
    }
    fs::path data_dir() const { return folder_ / "data"; }

    static inline fs::path template_;
    fs::path folder_;
    std::string port_ = "0";
    asio::io_context ioc_{1};
    std::deque<Running> running_;
};

TEST_F(SupervisorTest, StartsAllServesAndStopsInOrder) {
    auto& up = start();
    read_to_ready(up);
    auto running = status();
    EXPECT_EQ(running.state, "ready");
    EXPECT_EQ(still_running(running).size(), 5u);
    for (const auto& process : running.processes) {
        struct stat facts{};
        ASSERT_EQ(::stat(("/proc/" + std::to_string(process.pid)).c_str(), &facts), 0);
        if (process.role != "supervisor")  // it may not be inspected after it has dropped root
            EXPECT_NE(facts.st_uid, 0u) << process.role;
    }
    EXPECT_TRUE(fs::exists(data_dir() / "keys/tls.crt"));
    EXPECT_EQ(wait_for_end(up, SIGTERM).code, 0) << up.seen;
    EXPECT_EQ(content(data_dir() / "order"), "gateway\nscheduler\nworker\napp\n");
    EXPECT_TRUE(still_running(running).empty());
    EXPECT_THAT(content(data_dir() / "logs/gateway.log"), HasSubstr("listens on 3"));

    // All data is still there for a second start.
    auto& again = start();
    read_to_ready(again);
    EXPECT_THAT(again.seen, HasSubstr("\"migrations_applied\":0"));
    EXPECT_EQ(wait_for_end(again, SIGINT).code, 0);
}

TEST_F(SupervisorTest, HealsByItself) {
    begin_with_database();
    auto& up = start();
    read_to_ready(up);
    for (const std::string name : {"app", "gateway", "scheduler", "postgres"}) {
        auto before = role(name);
        ASSERT_EQ(::kill(before.pid, SIGKILL), 0);
        read_to(up, {"role ready", "\"" + name + "\"", "\"restarts\":1"});
        auto after = role(name);
        EXPECT_NE(after.pid, before.pid);
        EXPECT_EQ(after.restarts, 1);
    }
    EXPECT_EQ(wait_for_end(up, SIGTERM).code, 0) << up.seen;
}

TEST_F(SupervisorTest, ASecondOneIsToldOfTheFirst) {
    begin_with_database();
    auto& up = start();
    read_to_ready(up);
    auto& second = start();
    EXPECT_EQ(wait_for_end(second).code, 1);
    EXPECT_THAT(second.seen, HasSubstr("already runs"));
    EXPECT_THAT(second.seen, HasSubstr("pid " + std::to_string(role("supervisor").pid)));
    EXPECT_EQ(std::ranges::count(second.seen, '\n'), 1) << second.seen;
    EXPECT_EQ(still_running(status()).size(), 5u);
}

TEST_F(SupervisorTest, AKilledSupervisorTakesAllAlongAndTheNextOneStarts) {
    begin_with_database();
    auto& up = start();
    read_to_ready(up);
    auto before = status();
    ASSERT_EQ(::kill(role("supervisor").pid, SIGKILL), 0);
    auto& next = start();
    read_to_ready(next);
    EXPECT_TRUE(still_running(before).empty());
    EXPECT_EQ(wait_for_end(next, SIGTERM).code, 0) << next.seen;
}

TEST_F(SupervisorTest, ARoleThatCannotStartEndsItAllWithItsReason) {
    begin_with_database();
    std::ofstream(data_dir() / "break-scheduler") << "x";
    auto& up = start();
    EXPECT_EQ(wait_for_end(up).code, 1);
    EXPECT_THAT(up.seen, HasSubstr("millwright: scheduler ended before it was ready: exit code 3"));
    EXPECT_THAT(up.seen, HasSubstr("the queue is broken"));
    EXPECT_TRUE(still_running(status()).size() <= 1);
}

TEST_F(SupervisorTest, AForeignDatabaseIsLeftAlone) {
    fs::create_directories(data_dir() / "postgres");
    std::ofstream(data_dir() / "postgres/PG_VERSION") << "15\n";
    if (auto identity = test::unprivileged_identity())
        for (const auto& path : {data_dir(), data_dir() / "postgres"})
            ASSERT_EQ(::chown(path.c_str(), identity->uid, identity->gid), 0);
    auto& up = start();
    EXPECT_EQ(wait_for_end(up).code, 1);
    EXPECT_THAT(up.seen, HasSubstr("that Millwright did not make"));
    EXPECT_EQ(std::distance(fs::directory_iterator(data_dir() / "postgres"), {}), 1);
}

TEST_F(SupervisorTest, ATakenPortIsSaidBeforeAnythingIsWritten) {
    begin_with_database();
    auto& up = start();
    read_to_ready(up);
    auto url = status().url;
    port_ = url.substr(url.rfind(':') + 1);
    auto& second = start("up-elsewhere");
    EXPECT_EQ(wait_for_end(second).code, 1);
    EXPECT_THAT(second.seen, HasSubstr("port " + port_ + " is already in use"));
    EXPECT_FALSE(fs::exists(folder_ / "elsewhere"));
}

TEST_F(SupervisorTest, HangupGoesToTheGatewayAndDownAndStatusWork) {
    begin_with_database();
    auto& up = start();
    read_to_ready(up);
    ASSERT_EQ(::kill(role("supervisor").pid, SIGHUP), 0);
    read_to(up, {"gateway", "reloads"});

    auto& table = start("status");
    EXPECT_EQ(wait_for_end(table).code, 0);
    EXPECT_THAT(table.seen, HasSubstr("Millwright is ready: https://localhost:"));
    EXPECT_THAT(table.seen, HasSubstr("postgres"));

    auto& down = start("down");
    // The pipe must be read, or the supervisor could wait for us.
    EXPECT_EQ(wait_for_end(up).code, 0);
    EXPECT_EQ(wait_for_end(down).code, 0) << down.seen;
    EXPECT_THAT(down.seen, HasSubstr("has stopped"));

    auto& after = start("status");
    EXPECT_EQ(wait_for_end(after).code, 3);
    EXPECT_THAT(after.seen, HasSubstr("is not running"));
    auto& down_again = start("down");
    EXPECT_EQ(wait_for_end(down_again).code, 0);
}

TEST_F(SupervisorTest, ASignalDuringTheStartStopsItCleanly) {
    auto& up = start();
    read_to(up, {"making the database's data folder"});
    EXPECT_EQ(wait_for_end(up, SIGTERM).code, 0) << up.seen;
    EXPECT_FALSE(fs::exists(data_dir() / "postgres"));
    auto& again = start();
    read_to_ready(again);
    EXPECT_EQ(wait_for_end(again, SIGTERM).code, 0);
}

TEST_F(SupervisorTest, ASecondSignalHurries) {
    begin_with_database();
    std::ofstream(data_dir() / "stubborn-gateway") << "x";
    auto& up = start();
    read_to_ready(up);
    up.process.signal(SIGTERM);
    read_to(up, {"stopping", "\"again\":false"});
    EXPECT_EQ(wait_for_end(up, SIGTERM).code, 0) << up.seen;
    EXPECT_THAT(up.seen, HasSubstr("\"again\":true"));
    EXPECT_THAT(up.seen, HasSubstr("role does not stop in time"));
}

// ---- the stand-ins ------------------------------------------------------------------------

void note_end(const char* name) {
    std::ofstream("order", std::ios::app) << name << std::endl;
}

// A scheduler's run: a session of its own, so that it outlives the scheduler.
void start_worker() {
    if (::fork() != 0) return;
    ::setsid();
    sigset_t term;
    ::sigemptyset(&term);
    ::sigaddset(&term, SIGTERM);
    int number = 0;
    ::sigwait(&term, &number);
    note_end("worker");
    ::_exit(0);
}

int stand_in(const std::string& name) {
    sigset_t signals;
    ::sigemptyset(&signals);
    for (int number : {SIGTERM, SIGHUP})
        ::sigaddset(&signals, number);
    ::sigprocmask(SIG_BLOCK, &signals, nullptr);
    if (fs::exists("break-" + name)) {
        std::fprintf(stderr, "the queue is broken\n");
        return 3;
    }
    if (name == "gateway") {
        int listening = 0;
        socklen_t size = sizeof listening;
        ::getsockopt(3, SOL_SOCKET, SO_ACCEPTCONN, &listening, &size);
        std::fprintf(stderr, "%s\n", listening ? "listens on 3" : "does not listen");
    }
    if (name == "scheduler") start_worker();
    announce_ready();
    bool stubborn = fs::exists("stubborn-" + name);
    for (;;) {
        int number = 0;
        ::sigwait(&signals, &number);
        if (number == SIGHUP) std::fprintf(stderr, "%s reloads\n", name.c_str());
        if (number == SIGTERM && !stubborn) break;
    }
    note_end(name.c_str());
    return 0;
}

int play(const std::string& role) {
    if (role == "app" || role == "gateway" || role == "scheduler") return stand_in(role);
    auto settings = Settings::load();
    if (!settings) return 9;
    if (role == "up-elsewhere") {
        auto elsewhere = fs::path(settings->get("DATA_DIR")).parent_path() / "elsewhere";
        settings->set("DATA_DIR", elsewhere.string());
        settings->set("RUN_DIR", elsewhere.string() + "-run");
    }
    if (role == "down") return run_down(*settings);
    if (role == "status") return run_status(*settings, false);
    return run_supervisor(*settings);
}

}  // namespace
}  // namespace mw::supervisor

int main(int argc, char** argv) {
    if (argc > 1 && argv[1][0] != '-') return mw::supervisor::play(argv[1]);
    testing::InitGoogleMock(&argc, argv);
    return RUN_ALL_TESTS();
}
