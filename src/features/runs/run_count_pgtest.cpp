#include <gtest/gtest.h>

#include <random>

#include "features/runs/pgtest_api.hpp"
#include "features/runs/run_api.hpp"
#include "features/runs/run_count_store.hpp"

namespace mw::runs {
namespace {

class RunCounts : public testing::Test {
  protected:
    RunCounts() {
        world_.act_as(account_);
        add_run_endpoints(world_.api(), world_.pool(), views_);
    }
    void set_status(Id run_id, int status) {
        world_.sql(
            "UPDATE runs SET status = $2, finished_at = CASE WHEN $2::int >= 10 THEN now() END "
            "WHERE id = $1",
            run_id, status);
    }
    int fold() {
        return world_.get([&] { return fold_run_counts(world_.pool()); });
    }
    std::int64_t total(std::string_view query) {
        auto answer =
            world_.get(fmt::format("/api/v2/accounts/{}/runs/?{}", account_, query)).json();
        return answer.at("extra").at("pagination").at("total_count").as_int64();
    }
    // As the list tells it, which must be what there is; by the id alone it is counted.
    void expect_right(std::string_view query) {
        auto counted = total(fmt::format("{}&id__gt=0", query));
        EXPECT_EQ(total(query), counted) << query;
    }
    void expect_all_right() {
        for (auto query : {"limit=1", "status=1", "status__in=[10,20]", "status__gte=10"})
            expect_right(query);
        for (auto job : jobs_) {
            expect_right(fmt::format("job_definition_id={}", job));
            expect_right(fmt::format("job_definition_id={}&status=1", job));
            auto place = [&](const char* column) {
                return world_.value<Id>(
                    fmt::format("SELECT {} AS v FROM jobs WHERE id = $1", column), job);
            };
            expect_right(fmt::format("project_id={}&status__in=[1,3]", place("project_id")));
            expect_right(fmt::format("environment_id={}", place("environment_id")));
            expect_right(fmt::format("project_id={}&environment_id={}", place("project_id"),
                                     place("environment_id")));
        }
    }

    test::ApiWorld world_;
    Id account_ = world_.account();
    std::vector<Id> jobs_{world_.job(account_), world_.job(account_), world_.job(account_)};
    run_log::LogReader logs_{world_.pool(), world_.objects()};
    RunViews views_{world_.pool(), logs_, "https://dbt.example.com"};
};

TEST_F(RunCounts, AreRightWhateverHappensToRuns) {
    std::mt19937 random(7);
    std::vector<Id> runs;
    auto theirs = world_.job(world_.account());
    constexpr int kStatuses[] = {1, 2, 3, 10, 20, 30};
    for (int step = 0; step < 300; ++step) {
        auto what = random() % 10;
        if (what < 5 || runs.empty()) {
            runs.push_back(world_.queued_run(jobs_[random() % jobs_.size()]));
            world_.queued_run(theirs);
        } else if (what < 8) {
            set_status(runs[random() % runs.size()], kStatuses[random() % 6]);
        } else if (what < 9) {
            auto gone = runs.begin() + static_cast<long>(random() % runs.size());
            world_.sql("DELETE FROM runs WHERE id = $1", *gone);
            runs.erase(gone);
        } else {
            fold();
        }
        if (step % 50 == 49) expect_all_right();
    }
    fold();
    EXPECT_EQ(fold(), 0);
    expect_all_right();
}

TEST_F(RunCounts, WhatIsRolledBackWasNeverCounted) {
    auto run = world_.queued_run(jobs_[0]);
    (void)world_.run([&] {
        return pg::with_tx(world_.pool(), [&](pg::Connection& tx) -> Awaitable<> {
            MW_CO_CHECK(co_await tx.run_text("test", "DELETE FROM runs WHERE id = $1",
                                             {pg::to_param(run)}));
            co_return fail(Errc::conflict, "no");
        });
    });
    EXPECT_EQ(total("status=1"), 1);
}

TEST_F(RunCounts, OneFoldsWhileAnotherDoes) {
    world_.queued_run(jobs_[0]);
    auto& other = world_.another_pool();
    auto during = world_.get([&] {
        return pg::with_tx(world_.pool(), [&](pg::Connection& tx) -> Awaitable<int> {
            MW_CO_CHECK(co_await tx.run_text(
                "test", "SELECT pg_advisory_xact_lock(hashtext('run_counts'))"));
            co_return co_await fold_run_counts(other);
        });
    });
    EXPECT_EQ(during, 0);
    EXPECT_EQ(fold(), 1);
    EXPECT_EQ(total("limit=1"), 1);
}

TEST_F(RunCounts, CanBeMadeAnew) {
    auto run = world_.queued_run(jobs_[0]);
    world_.queued_run(jobs_[1]);
    set_status(run, 10);
    fold();
    world_.sql("UPDATE run_counts SET total = 77");
    EXPECT_EQ(total("status=10"), 77);
    world_.sql("SELECT recount_runs()");
    expect_all_right();
    EXPECT_EQ(total("status=10"), 1);
}

}  // namespace
}  // namespace mw::runs
