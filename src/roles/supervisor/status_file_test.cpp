#include "roles/supervisor/status_file.hpp"

#include <gtest/gtest.h>
#include <stdlib.h>
#include <unistd.h>

#include <fstream>

#include "infra/process/proc_info.hpp"

namespace mw::supervisor {
namespace {

namespace fs = std::filesystem;

Status sample() {
    Status status{.state = "ready",
                  .url = "https://localhost:8443",
                  .run_dir = "/run/x",
                  .started_at = now(),
                  .processes = {}};
    status.processes.push_back(
        {"supervisor", ::getpid(), *process::start_ticks(::getpid()), status.started_at, 0});
    // As if our pid had belonged to an earlier process.
    status.processes.push_back({"app", ::getpid(), 1, status.started_at, 2});
    status.enforced_limits = {"cpu", "pids"};
    status.missing_limits = {{"memory", "nobody knows"}};
    return status;
}

class StatusFile : public testing::Test {
  protected:
    void SetUp() override {
        std::string pattern = testing::TempDir() + "status_file_XXXXXX";
        ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
        folder_ = pattern;
    }
    void TearDown() override { fs::remove_all(folder_); }
    fs::path folder_;
};

TEST_F(StatusFile, WrittenAndReadBack) {
    auto status = sample();
    ASSERT_TRUE(write_status(folder_ / "status.json", status));
    auto read = read_status(folder_ / "status.json");
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(read->url, status.url);
    EXPECT_EQ(read->started_at, status.started_at);
    ASSERT_EQ(read->processes.size(), 2u);
    EXPECT_EQ(read->processes[1].restarts, 2);
    EXPECT_EQ(read->missing_limits.at("memory"), "nobody knows");
    EXPECT_EQ(to_json(*read), to_json(status));
}

TEST_F(StatusFile, ADamagedOrMissingFileIsNoStatus) {
    EXPECT_EQ(read_status(folder_ / "status.json").error().code, Errc::not_found);
    for (const char* text : {"", "{", "[]", "{\"state\":1}", "{\"state\":\"ready\"}"}) {
        std::ofstream(folder_ / "status.json") << text;
        EXPECT_FALSE(read_status(folder_ / "status.json")) << text;
    }
}

TEST_F(StatusFile, AReusedPidIsNotStillRunning) {
    auto running = still_running(sample());
    ASSERT_EQ(running.size(), 1u);
    EXPECT_EQ(running[0].role, "supervisor");
}

}  // namespace
}  // namespace mw::supervisor
