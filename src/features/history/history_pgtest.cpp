#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "features/history/history_api.hpp"
#include "features/history/result_store.hpp"
#include "features/runs/pgtest_api.hpp"

namespace mw::history {
namespace {

namespace json = boost::json;
using testing::ElementsAre;
using testing::HasSubstr;

// Results of one step at a minute of the first of May.
struct Said {
    std::string unique_id;
    std::string status;
    double execution_time = 1;
};

class HistoryTest : public testing::Test {
  protected:
    HistoryTest() {
        world_.act_as(account_);
        add_history_endpoints(world_.api(), world_.pool());
    }
    Id ran(int minute, std::vector<Said> results, std::string sha = "abc", bool is_ci = false) {
        auto run = world_.queued_run(job_, is_ci);
        world_.sql(
            "UPDATE runs SET git_sha = $2, status = 10, started_at = $3::timestamptz, "
            "finished_at = $3::timestamptz + interval '10 s' WHERE id = $1",
            run, sha, at_minute(minute));
        record(run, minute, results);
        return run;
    }
    void record(Id run, int minute, const std::vector<Said>& results) {
        json::array nodes;
        for (const auto& said : results)
            nodes.push_back({{"unique_id", said.unique_id},
                             {"resource_type", said.unique_id.substr(0, said.unique_id.find('.'))},
                             {"name", said.unique_id.substr(said.unique_id.rfind('.') + 1)},
                             {"status", said.status},
                             {"execution_time", said.execution_time},
                             {"bytes_processed", 1000}});
        StepResults step{.step_index = 4,
                         .generated_at = at_minute(minute),
                         .elapsed_time_s = 9,
                         .full_refresh = minute == 1,
                         .nodes = std::move(nodes)};
        world_.get([&] {
            return pg::with_tx(world_.pool(),
                               [&](pg::Connection& tx) { return record_results(tx, run, step); });
        });
    }
    static Timestamp at_minute(int minute) {
        return test::at(fmt::format("2026-05-01T10:{:02}:00Z", minute));
    }
    test::Answer ask(std::string_view what, std::string_view query) {
        return world_.get(fmt::format("/api/v3/accounts/{}/history/{}/?until=2026-05-02&{}",
                                      account_, what, query));
    }
    json::array rows(std::string_view what, std::string_view query) {
        auto answer = ask(what, query);
        EXPECT_EQ(answer.status, 200) << answer.body;
        return answer.data().as_array();
    }
    json::array of_environment(std::string_view what, std::string_view query = "") {
        return rows(what, fmt::format("environment_id={}&{}", environment_, query));
    }

    test::ApiWorld world_;
    Id account_ = world_.account();
    Id job_ = world_.job(account_);
    Id environment_ = world_.value<Id>("SELECT environment_id AS v FROM jobs WHERE id = $1", job_);
};

TEST_F(HistoryTest, AModelsTimingOverTimeTheLatestFirst) {
    auto first = ran(1, {{"model.shop.orders", "success", 1.5}});
    auto second = ran(2, {{"model.shop.orders", "error", 2.5}, {"model.shop.other", "success"}});
    ran(3, {{"model.shop.orders", "success", 9}}, "abc", true);
    auto found = of_environment("nodes", "unique_id=model.shop.orders");
    ASSERT_EQ(found.size(), 2);
    EXPECT_EQ(found[0].at("run_id"), second);
    EXPECT_EQ(found[0].at("status"), "error");
    EXPECT_EQ(found[0].at("execution_time"), 2.5);
    EXPECT_EQ(found[1].at("run_id"), first);
    EXPECT_EQ(found[1].at("run_elapsed_time"), 9.0);
    EXPECT_EQ(found[1].at("full_refresh"), true);
    EXPECT_EQ(found[1].at("git_sha"), "abc");
    EXPECT_EQ(of_environment("nodes", "unique_id=model.shop.orders&limit=1").size(), 1);
    EXPECT_EQ(
        of_environment("nodes", "unique_id=model.shop.orders&from=2026-05-01T10:02:00Z").size(), 1);
}

TEST_F(HistoryTest, ReadingARunAgainChangesNothing) {
    auto run = ran(1, {{"model.shop.orders", "success", 1.5}});
    record(run, 1, {{"model.shop.orders", "success", 7}});
    auto found = of_environment("nodes", "unique_id=model.shop.orders");
    ASSERT_EQ(found.size(), 1);
    EXPECT_EQ(found[0].at("execution_time"), 1.5);
}

TEST_F(HistoryTest, AFlakyTestIsToldFromABrokenOne) {
    const char* flaky[] = {"pass", "fail", "pass", "fail"};
    for (int minute = 0; minute < 4; ++minute)
        ran(minute,
            {{"test.shop.flaky", flaky[minute]},
             {"test.shop.broken", "fail"},
             {"test.shop.mended", minute < 2 ? "fail" : "pass"},
             {"test.shop.fine", "pass"},
             {"test.shop.skipped", "skipped"}},
            minute < 2 ? "before" : "after");
    auto found = of_environment("tests");
    std::vector<std::string> order;
    for (const auto& test : found)
        order.emplace_back(test.at("name").as_string());
    EXPECT_THAT(order, ElementsAre("flaky", "mended", "broken", "fine"));
    EXPECT_EQ(found[0].at("runs"), 4);
    EXPECT_EQ(found[0].at("failures"), 2);
    EXPECT_EQ(found[0].at("changes"), 3);
    EXPECT_EQ(found[0].at("changes_without_commit"), 2);
    EXPECT_EQ(found[0].at("flakiness"), 1.0);
    EXPECT_EQ(found[0].at("last_status"), "fail");
    EXPECT_EQ(found[1].at("changes_without_commit"), 0);
    EXPECT_EQ(found[2].at("flakiness"), 0.0);
    EXPECT_TRUE(found[3].at("last_failed_at").is_null());
}

TEST_F(HistoryTest, WhatJobsCostThoseOfPullRequestsAndOfRemovedRunsToo) {
    ran(1, {{"model.shop.orders", "success", 3}, {"test.shop.t", "fail", 1}});
    auto removed = ran(2, {{"model.shop.orders", "success", 4}}, "abc", true);
    world_.sql("DELETE FROM runs WHERE id = $1", removed);
    auto other = world_.job(account_);
    world_.queued_run(other);
    auto found = rows("jobs", "");
    ASSERT_EQ(found.size(), 1);
    EXPECT_EQ(found[0].at("job_id"), job_);
    EXPECT_EQ(found[0].at("runs"), 1);
    EXPECT_EQ(found[0].at("run_seconds"), 10.0);
    EXPECT_EQ(found[0].at("nodes"), 3);
    EXPECT_EQ(found[0].at("node_seconds"), 8.0);
    EXPECT_EQ(found[0].at("failed_node_seconds"), 1.0);
    EXPECT_EQ(found[0].at("bytes_processed"), 3000);
    EXPECT_TRUE(found[0].at("slot_ms").is_null());
    EXPECT_EQ(rows("jobs", "project_id=999").size(), 0);
    EXPECT_EQ(rows("jobs", "from=2026-05-01T11:00:00Z").size(), 0);
}

TEST_F(HistoryTest, SaysWhatIsWrongWithAQuestion) {
    auto refused = [&](std::string_view what, std::string_view query) {
        auto answer = ask(what, query);
        EXPECT_NE(answer.status, 200) << query;
        return answer.message();
    };
    auto here = fmt::format("environment_id={}&", environment_);
    EXPECT_THAT(refused("nodes", here), HasSubstr("unique_id"));
    EXPECT_THAT(refused("nodes", "unique_id=a"), HasSubstr("environment_id"));
    EXPECT_THAT(refused("tests", here + "limit=1001"), HasSubstr("limit"));
    EXPECT_THAT(refused("tests", here + "from=yesterday"), HasSubstr("from"));
    EXPECT_THAT(refused("tests", here + "from=2026-06-01"), HasSubstr("before until"));
    EXPECT_THAT(refused("tests", here + "from=1999-01-01"), HasSubstr("days"));
    EXPECT_THAT(refused("jobs", "project_id=x"), HasSubstr("project_id"));
    EXPECT_THAT(refused("tests", "environment_id=999"), HasSubstr("not found"));
    auto theirs = world_.job(world_.account());
    auto foreign = world_.value<Id>("SELECT environment_id AS v FROM jobs WHERE id = $1", theirs);
    EXPECT_EQ(ask("tests", fmt::format("environment_id={}", foreign)).status, 404);
}

TEST_F(HistoryTest, OldMonthsGoWhole) {
    auto month = [](int number) {
        return std::chrono::sys_days{std::chrono::year{2025} / number / 1};
    };
    world_.get([&] { return pg::create_partitions(world_.pool(), kResults, month(1), month(2)); });
    auto run = ran(1, {{"model.shop.orders", "success"}});
    world_.sql(
        "INSERT INTO node_results (account_id, project_id, environment_id, job_id, run_id, "
        "is_ci, step_index, generated_at, unique_id, resource_type, name, status) "
        "SELECT account_id, project_id, environment_id, job_id, id, false, 4, t, 'm', "
        "'model', 'm', 'success' FROM runs, unnest('{2025-01-31 23:00Z,2025-02-01}'"
        "::timestamptz[]) t WHERE id = $1",
        run);
    auto count = [&] { return world_.value<int>("SELECT count(*)::int AS v FROM node_results"); };
    ASSERT_EQ(count(), 3);
    auto dropped = world_.get([&] {
        return pg::drop_partitions(world_.pool(), kResults, month(2) + std::chrono::days(9));
    });
    EXPECT_EQ(dropped, 1);
    EXPECT_EQ(count(), 2);
}

}  // namespace
}  // namespace mw::history
