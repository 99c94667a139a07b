#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "features/artifacts/artifact_store.hpp"
#include "features/compare_changes/comparison_api.hpp"
#include "features/runs/pgtest_api.hpp"

namespace mw::compare_changes {
namespace {

class ComparisonTest : public testing::Test {
  protected:
    ComparisonTest() {
        world_.act_as(account_);
        add_comparison_endpoint(world_.api(), world_.pool(), world_.objects());
    }

    void save(Id run_id, const std::string& content) {
        auto key = artifacts::object_key_of(account_, run_id, 5, dbt::kComparisonArtifact).value();
        world_.get([&] { return world_.objects().put(key, content, {}); });
        world_.get([&] {
            return pg::with_tx(world_.pool(), [&](pg::Connection& tx) -> artifacts::Awaitable<> {
                artifacts::Artifact artifact{run_id, 5, std::string(dbt::kComparisonArtifact),
                                             static_cast<std::int64_t>(content.size()), key};
                co_return co_await artifacts::record_artifacts(tx, {artifact});
            });
        });
    }
    test::Answer fetch(Id account, Id run) {
        return world_.call(
            "GET", fmt::format("/api/ui/accounts/{}/runs/{}/compare-changes/", account, run));
    }

    test::ApiWorld world_;
    Id account_ = world_.account();
    Id run_ = world_.queued_run(world_.job(account_));
};

TEST_F(ComparisonTest, IsWhatTheRunHasLeft) {
    save(run_, R"({"models": [{"unique_id": "model.a.b", "name": "b", "status": "new",
                               "rows": {"after": 5}, "values": ["left out"]}]})");
    auto answer = fetch(account_, run_);
    EXPECT_EQ(answer.status, 200);
    auto model = answer.json().at("models").at(0);
    EXPECT_EQ(model.at("status"), "new");
    EXPECT_EQ(model.at("rows").at("after"), 5);
    EXPECT_EQ(model.at("rows").at("before"), nullptr);
    EXPECT_FALSE(model.as_object().contains("values"));
}

TEST_F(ComparisonTest, IsNotThereWhenTheRunHasNoneOrIsNone) {
    EXPECT_EQ(fetch(account_, run_).status, 404);
    EXPECT_EQ(fetch(account_, 999'999).status, 404);
    save(run_, "no JSON");
    EXPECT_EQ(fetch(account_, run_).status, 404);
}

TEST_F(ComparisonTest, IsTheAccountsOwn) {
    save(run_, R"({"models": []})");
    EXPECT_EQ(fetch(account_, run_).status, 200);
    auto other = world_.account();
    world_.act_as(other);
    EXPECT_EQ(fetch(other, run_).status, 404);
}

}  // namespace
}  // namespace mw::compare_changes
