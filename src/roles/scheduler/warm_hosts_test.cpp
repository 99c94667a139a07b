#include "roles/scheduler/warm_hosts.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cstdlib>
#include <fstream>

#include "engines/catalogue.hpp"
#include "test_support/run_on.hpp"
#include "test_support/temp_dir.hpp"

namespace mw::scheduler {
namespace {

namespace asio = boost::asio;
namespace fs = std::filesystem;
using namespace std::chrono_literals;

const Backoff kNever{24h, 24h};
const Backoff kAtOnce{0ms, 0ms};

// Hosts here are shell scripts in the place of an engine's interpreter. They note that they were
// started, say so through the engine's fifo `up`, and go on for ever by reading `never`: nothing
// waits for time to pass.
class WarmHostsTest : public testing::Test {
  protected:
    WarmHostsTest() {
        ::mkfifo((folder_ / "never").c_str(), 0600);
        layout_.engines_dir = folder_ / "engines";
        layout_.run_dir = folder_ / "run";
        layout_.engine_host_dir = folder_ / "host";
        layout_.engine_catalogue_dir = MILLWRIGHT_SOURCE_DIR "/engines";
    }
    ~WarmHostsTest() override {
        hosts_.reset();
        ioc_.restart();
        ioc_.run_for(5s);
    }

    // Installs the set `base` of an entry of the real catalogue, whose host does this.
    fs::path install(const std::string& name, const std::string& host = "read line < $never") {
        auto catalogue = engines::Catalogue::load(layout_.engine_catalogue_dir);
        if (!catalogue) throw std::runtime_error(catalogue.error().message);
        auto entry = catalogue->resolve(name);
        if (!entry) throw std::runtime_error(entry.error().message);
        const auto& digest = (*entry)->base().digest;
        auto engine = layout_.engines_dir / ((*entry)->name + "-base-" + digest.substr(0, 12));
        fs::create_directories(engine / "bin");
        ::mkfifo((engine / "up").c_str(), 0600);
        std::ofstream(engine / "engine.json")
            << R"({"name":")" << (*entry)->name << R"(","set":"base","digest":")" << digest
            << R"(","dbt_version":"1.2.3","adapters":{}})";
        auto python = engine / "bin" / "python";
        std::ofstream(python) << "#!/bin/sh\ncd " << engine.string()
                              << "\nnever=" << (folder_ / "never").string()
                              << "\necho \"$*\" >> starts\necho $$ > up\n"
                              << host << "\n";
        fs::permissions(python, fs::perms::owner_all);
        return engine;
    }

    void use(std::size_t most, Backoff backoff = kNever, bool merge_memory = false) {
        hosts_.emplace(
            ioc_.get_executor(), blocking_, layout_, WarmHosts::Wanted{most, merge_memory},
            [this] {
                ++ends_;
                ended_.cancel();
            },
            backoff);
    }

    template <class Work>
    auto run(Work work) {
        return test::run_on(ioc_, std::move(work));
    }
    std::chrono::milliseconds pass() { return run(hosts_->pass()).value(); }
    void await_ends(int count) {
        run([&]() -> asio::awaitable<void> {
            while (ends_ < count) {
                boost::system::error_code woken;
                co_await ended_.async_wait(asio::redirect_error(asio::use_awaitable, woken));
            }
        });
    }

    // The pid of a host that has been started, which waits to be heard.
    static pid_t hear(const fs::path& engine) {
        std::ifstream fifo(engine / "up");
        pid_t pid = 0;
        fifo >> pid;
        return pid;
    }
    static std::vector<std::string> starts(const fs::path& engine) {
        std::ifstream file(engine / "starts");
        std::vector<std::string> lines;
        for (std::string line; std::getline(file, line);)
            lines.push_back(line);
        return lines;
    }

    test::TempDir temp_;
    fs::path folder_ = temp_.path();
    Layout layout_;
    asio::io_context ioc_{1};
    BlockingPool blocking_{{.threads = 1}};
    asio::steady_timer ended_{ioc_, asio::steady_timer::time_point::max()};
    int ends_ = 0;
    std::optional<WarmHosts> hosts_;
};

TEST_F(WarmHostsTest, KeepsOneReadyForEachEngineLatestFirstUpToTheSetting) {
    auto old = install("1.9");
    auto latest = install("latest");
    auto newer = install("1.10");
    use(2);
    pass();
    EXPECT_NE(hear(latest), 0);
    EXPECT_NE(hear(newer), 0);
    pass();
    EXPECT_THAT(starts(latest),
                testing::ElementsAre("-I -B " + (layout_.engine_host_dir / "host.py").string() +
                                     " --listen " + layout_.warm_socket(latest).string()));
    EXPECT_EQ(starts(newer).size(), 1U);
    EXPECT_TRUE(starts(old).empty());
}

TEST_F(WarmHostsTest, TellsThemThatTheirMemoryMayBeMergedOnlyWhenTheSettingSaysSo) {
    auto latest = install("latest");
    use(1, kNever, true);
    pass();
    hear(latest);
    EXPECT_THAT(starts(latest), testing::ElementsAre(testing::EndsWith(" --merge-memory")));
}

TEST_F(WarmHostsTest, KeepsNoneWhenTheSettingSaysSo) {
    auto latest = install("latest");
    use(0);
    pass();
    pass();
    EXPECT_TRUE(starts(latest).empty());
}

TEST_F(WarmHostsTest, StartsAnotherInThePlaceOfOneThatHasEnded) {
    auto latest = install("latest");
    use(1, kAtOnce);
    pass();
    auto first = hear(latest);
    ::kill(first, SIGKILL);
    await_ends(1);
    pass();
    auto second = hear(latest);
    EXPECT_NE(second, first);
    EXPECT_EQ(starts(latest).size(), 2U);
    // Worn out, it ends by itself and says that all is well.
    ::kill(second, SIGTERM);
    await_ends(2);
    pass();
    EXPECT_NE(hear(latest), 0);
}

TEST_F(WarmHostsTest, WaitsBeforeItStartsOneThatBreaksAgain) {
    auto latest = install("latest", "exit 1");
    auto newer = install("1.10");
    use(2, kNever);
    pass();
    hear(latest);
    hear(newer);
    await_ends(1);
    EXPECT_GT(pass(), 0ms);
    pass();
    EXPECT_EQ(starts(latest).size(), 1U);
    EXPECT_EQ(starts(newer).size(), 1U);
}

TEST_F(WarmHostsTest, WaitsAlsoForOneThatCannotBeStarted) {
    auto latest = install("latest");
    fs::permissions(latest / "bin" / "python", fs::perms::none);
    fs::remove(latest / "bin" / "python");
    use(1, kNever);
    EXPECT_GT(pass(), 0ms);
    std::ofstream(latest / "bin" / "python") << "#!/bin/sh\necho again >> " << latest / "starts\n";
    fs::permissions(latest / "bin" / "python", fs::perms::owner_all);
    pass();
    EXPECT_TRUE(starts(latest).empty());
}

TEST_F(WarmHostsTest, EndsTheHostOfAnEngineThatIsRemoved) {
    auto latest = install("latest");
    auto newer = install("1.10");
    use(2);
    pass();
    auto removed = hear(newer);
    hear(latest);
    fs::remove(newer / "engine.json");
    pass();
    await_ends(1);
    EXPECT_NE(::kill(removed, 0), 0);
    EXPECT_EQ(starts(latest).size(), 1U);
}

TEST_F(WarmHostsTest, EndsThemAllWhenItStops) {
    auto latest = install("latest");
    use(1, kAtOnce);
    pass();
    auto host = hear(latest);
    hosts_->stop();
    await_ends(1);
    EXPECT_NE(::kill(host, 0), 0);
    pass();
    EXPECT_EQ(starts(latest).size(), 1U);
}

}  // namespace
}  // namespace mw::scheduler
