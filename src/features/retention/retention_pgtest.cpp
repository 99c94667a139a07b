#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "base/offload.hpp"
#include "features/retention/retention_service.hpp"
#include "test_support/world.hpp"

namespace mw::retention {
namespace {

namespace fs = std::filesystem;
using test::at;
using testing::ElementsAre;
using testing::IsEmpty;

class RetentionTest : public testing::Test {
  protected:
    RetentionTest() {
        auto pattern = (fs::temp_directory_path() / "millwright-retention-XXXXXX").string();
        folder_ = ::mkdtemp(pattern.data());
        objects_ = store::make_object_store("file:" + folder_.string(), blocking_).value();
    }
    ~RetentionTest() override { fs::remove_all(folder_); }

    Id finished_run(std::string_view finished_at, bool flushed = true) {
        auto run = world_.queued_run(job_);
        world_.sql(
            "UPDATE runs SET status = 10, finished_at = $2, log_flushed_at = $3 WHERE id = $1", run,
            at(finished_at), flushed ? std::optional(at(finished_at)) : std::nullopt);
        for (const char* name : {"logs/step-1.jsonl.zst", "artifacts/manifest.json"})
            world_.get(objects_->put(run_prefix(account_, run) + name, "x", {}));
        return run;
    }
    int remove(std::string_view finished_before, int limit = 100) {
        return world_.get(remove_old_runs(world_.pool(), *objects_, at(finished_before), limit));
    }
    std::vector<Id> runs() {
        return world_.sql("SELECT id FROM runs ORDER BY id").column<Id>("id");
    }
    std::size_t objects() {
        return world_.get(objects_->list("accounts/", "", 1000)).objects.size();
    }

    test::World world_;
    fs::path folder_;
    BlockingPool blocking_{{.threads = 1}};
    std::unique_ptr<store::ObjectStore> objects_;
    Id account_ = world_.account();
    Id job_ = world_.job(account_);
};

TEST_F(RetentionTest, OldRunsGoWithAllThatIsTheirs) {
    auto old_run = finished_run("2023-05-01 10:00:00");
    auto kept = finished_run("2024-05-01 10:00:00");
    world_.sql(
        "INSERT INTO run_steps (run_id, account_id, index, name, status) VALUES ($1, $2, 1, 's', "
        "10)",
        old_run, account_);
    world_.sql("INSERT INTO schedule_firings (job_id, due_at, run_id) VALUES ($1, now(), $2)", job_,
               old_run);
    EXPECT_EQ(remove("2024-01-01 00:00:00"), 1);
    EXPECT_THAT(runs(), ElementsAre(kept));
    EXPECT_EQ(objects(), 2U);
    EXPECT_EQ(world_.value<int>("SELECT count(*) AS v FROM run_steps"), 0);
    // That it fired stays known.
    EXPECT_EQ(world_.value<int>("SELECT count(*) AS v FROM schedule_firings"), 1);
    EXPECT_EQ(remove("2024-01-01 00:00:00"), 0);
}

TEST_F(RetentionTest, ARunOutlivesWhatItRetriedAndDeferredTo) {
    auto failed = finished_run("2023-05-01 10:00:00");
    auto retry = finished_run("2024-05-01 10:00:00");
    world_.sql("UPDATE runs SET retrying_run_id = $2, deferring_run_id = $2 WHERE id = $1", retry,
               failed);
    EXPECT_EQ(remove("2024-01-01 00:00:00"), 1);
    EXPECT_THAT(runs(), ElementsAre(retry));
}

TEST_F(RetentionTest, WhatGoesOnOrIsNotFlushedStays) {
    auto unflushed = finished_run("2023-05-01 10:00:00", false);
    auto queued = world_.queued_run(job_);
    EXPECT_EQ(remove("2024-01-01 00:00:00"), 0);
    EXPECT_THAT(runs(), ElementsAre(unflushed, queued));
}

TEST_F(RetentionTest, GoesInBatches) {
    for (int i = 0; i < 3; ++i)
        finished_run("2023-05-01 10:00:00");
    EXPECT_EQ(remove("2024-01-01 00:00:00", 2), 2);
    EXPECT_EQ(remove("2024-01-01 00:00:00", 2), 1);
    EXPECT_THAT(runs(), IsEmpty());
    EXPECT_EQ(objects(), 0U);
}

TEST_F(RetentionTest, ExpiredSessionsGo) {
    auto user = world_.value<Id>("INSERT INTO users (email) VALUES ('ann@x') RETURNING id AS v");
    for (const char* expires_at : {"2024-05-27 09:59:59Z", "2024-05-27 10:00:01Z"})
        world_.sql(
            "INSERT INTO sessions (token_hash, user_id, account_id, expires_at) VALUES ($3::text, "
            "$1, $2, $3::text::timestamptz)",
            user, account_, expires_at);
    EXPECT_EQ(world_.get(delete_sessions(world_.pool(), at("2024-05-27 10:00:00"))), 1);
    EXPECT_EQ(world_.value<int>("SELECT count(*) AS v FROM sessions"), 1);
}

}  // namespace
}  // namespace mw::retention
