#include "infra/pg_server/cluster.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <fstream>
#include <iterator>

#include "infra/pg_server/cluster_checks.hpp"
#include "infra/process/line_reader.hpp"
#include "test_support/test_database.hpp"

namespace mw::pg_server {
namespace {

namespace asio = boost::asio;
namespace fs = std::filesystem;
using namespace std::chrono_literals;
using testing::HasSubstr;

class ClusterTest : public testing::Test {
  protected:
    void SetUp() override {
        std::string pattern = testing::TempDir() + "cluster_pgtest_XXXXXX";
        ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
        folder_ = fs::canonical(pattern);
        auto identity = test::unprivileged_identity();
        if (identity) ASSERT_EQ(::chown(folder_.c_str(), identity->uid, identity->gid), 0);
        cluster_ = {.programs = "/usr/lib/postgresql/15/bin",
                    .data_dir = folder_ / "postgres",
                    .socket_dir = folder_,
                    .superuser = "millwright",
                    .local_auth = "trust",
                    .durable = false,
                    .identity = identity};
    }
    void TearDown() override { fs::remove_all(folder_); }

    template <class Awaitable>
    auto run(Awaitable work) {
        ioc_.restart();
        auto outcome = asio::co_spawn(ioc_, std::move(work), asio::use_future);
        ioc_.run();
        return outcome.get();
    }

    // Starts the server and returns when it has said that it is ready.
    process::Process serve() {
        auto config = write_server_config(cluster_);
        if (!config) throw std::runtime_error(config.error().message);
        auto command = server_command(cluster_);
        command.args.insert(command.args.end(), {"-c", "log_min_messages=log"});
        auto server = process::Process::spawn(ioc_.get_executor(), std::move(command));
        if (!server) throw std::runtime_error(server.error().message);
        process::LineReader lines(server->out(), 4096);
        for (;;) {
            auto line = run(lines.next());
            if (!line) throw std::runtime_error("the server ended: " + last_line_);
            last_line_ = line->text;
            if (last_line_.find("ready to accept connections") != std::string::npos)
                return std::move(*server);
        }
    }

    // A killed server's helpers let go of its memory a moment later than of life; until then it is
    // refused, and tried again, as the supervisor does.
    process::Process serve_when_the_dead_have_left() {
        for (int attempt = 1;; ++attempt) {
            try {
                return serve();
            } catch (const std::runtime_error&) {
                if (attempt == 100) throw;
            }
        }
    }

    uid_t owner() const { return cluster_.identity ? cluster_.identity->uid : ::geteuid(); }

    fs::path folder_;
    Cluster cluster_;
    std::string last_line_;
    asio::io_context ioc_{1};
    asio::thread_pool connecting_{1};
};

TEST_F(ClusterTest, IsMadeServedAndRecognised) {
    EXPECT_EQ(inspect_data_folder(cluster_.data_dir, 15, owner()), FolderState::absent);
    auto created = run(create_cluster(cluster_));
    ASSERT_TRUE(created) << created.error().message;
    EXPECT_EQ(inspect_data_folder(cluster_.data_dir, 15, owner()), FolderState::ours);
    EXPECT_FALSE(fs::exists(folder_ / "postgres.new"));
    EXPECT_FALSE(run(answers(connecting_, cluster_)));

    auto server = serve();
    EXPECT_TRUE(run(answers(connecting_, cluster_)));
    EXPECT_EQ(live_postmaster(cluster_.data_dir), server.pid());
    clear_stale_locks(cluster_);
    EXPECT_EQ(live_postmaster(cluster_.data_dir), server.pid());
    EXPECT_TRUE(run(ensure_database(connecting_, cluster_, "shop")));
    EXPECT_TRUE(run(ensure_database(connecting_, cluster_, "shop")));

    server.signal(SIGINT);
    EXPECT_TRUE(run(server.async_wait()).success());
    EXPECT_FALSE(run(answers(connecting_, cluster_)));
    EXPECT_FALSE(run(ensure_database(connecting_, cluster_, "shop")));
}

TEST_F(ClusterTest, SurvivesTheServersSuddenDeath) {
    ASSERT_TRUE(run(create_cluster(cluster_)));
    {
        auto server = serve();
        server.signal(SIGKILL);
        run(server.async_wait());
    }
    // Its lock names a pid that may by now be any program's.
    std::ofstream(cluster_.data_dir / "postmaster.pid") << ::getpid() << "\n";
    clear_stale_locks(cluster_);
    EXPECT_FALSE(fs::exists(cluster_.data_dir / "postmaster.pid"));
    auto server = serve_when_the_dead_have_left();
    EXPECT_TRUE(run(answers(connecting_, cluster_)));
    server.signal(SIGINT);
    run(server.async_wait());
}

TEST_F(ClusterTest, AFailedInitdbLeavesNothingAndSaysWhy) {
    cluster_.superuser = "pg_reserved";  // initdb refuses names that begin like this
    auto created = run(create_cluster(cluster_));
    ASSERT_FALSE(created);
    EXPECT_THAT(created.error().message, HasSubstr("superuser name"));
    EXPECT_EQ(std::ranges::count(created.error().message, '\n'), 0);
    EXPECT_TRUE(fs::is_empty(folder_));
}

TEST_F(ClusterTest, ALeftoverOfAnInterruptedStartIsReplaced) {
    fs::create_directories(folder_ / "postgres.new/base");
    std::ofstream(folder_ / "postgres.new/base/half") << "x";
    auto created = run(create_cluster(cluster_));
    ASSERT_TRUE(created) << created.error().message;
    EXPECT_FALSE(fs::exists(cluster_.data_dir / "base/half"));
}

TEST_F(ClusterTest, ListensOnTheSocketOnlyAndKeepsRowsOutOfTheLog) {
    ASSERT_TRUE(run(create_cluster(cluster_)));
    ASSERT_TRUE(write_server_config(cluster_));
    std::ifstream file(cluster_.data_dir / "millwright.conf");
    std::string text{std::istreambuf_iterator<char>(file), {}};
    EXPECT_THAT(text, HasSubstr("listen_addresses = ''"));
    EXPECT_THAT(text, HasSubstr("log_error_verbosity = terse"));
}

}  // namespace
}  // namespace mw::pg_server
