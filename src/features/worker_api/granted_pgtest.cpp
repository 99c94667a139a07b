#include "features/worker_api/granted.hpp"

#include <gmock/gmock.h>

#include "features/worker_api/pgtest_worker.hpp"

namespace mw::worker_api {
namespace {

TEST_F(WorkerApiTest, ARetryFetchesWhatTheFailedStepLeft) {
    post("steps", R"({"steps":[
        {"index":3,"name":"deps","command":"dbt deps","status":10,"started_at":"2026-01-01T00:00:00Z"},
        {"index":4,"name":"build","command":"dbt build","status":20,
         "started_at":"2026-01-01T00:00:00Z"}]})");
    put_artifact("manifest.json?step=3", "older manifest");
    put_artifact("package-lock.yml?step=3", "packages: []");
    put_artifact("run_results.json?step=4", "results");
    put_artifact("catalog.json?step=4", "{}");
    auto failed = run_;
    EXPECT_EQ(from_other(failed, "run_results.json").status, 404);
    ASSERT_EQ(post("finish", R"({"status":20})").status, 200);

    run_ = tx([&](pg::Connection& c) { return runs::retry_run(c, world_.caller(), run_); }).id;
    token_ = claim(run_);
    auto spec = call("GET", "spec").json();
    EXPECT_EQ(spec.at("retry").at("step_index"), 4);
    EXPECT_EQ(spec.at("retry").at("artifacts"),
              (boost::json::array{"manifest.json", "run_results.json", "package-lock.yml"}));
    EXPECT_EQ(spec.at("deferral"), nullptr);
    EXPECT_EQ(from_other(failed, "run_results.json").body, "results");
    EXPECT_EQ(from_other(failed, "manifest.json").body, "older manifest");
    EXPECT_EQ(from_other(failed, "package-lock.yml").body, "packages: []");
    EXPECT_EQ(from_other(failed, "catalog.json").status, 404);
}

class DeferralTest : public WorkerApiTest {
  protected:
    Id job_in(Id environment_id, std::string name) {
        return world_.value<Id>(
            "INSERT INTO jobs (account_id, project_id, environment_id, name) "
            "SELECT account_id, project_id, id, $2 FROM environments WHERE id = $1 "
            "RETURNING id AS v",
            environment_id, name);
    }
    Id environment_like(Id environment_id, std::string name) {
        return world_.value<Id>(
            "INSERT INTO environments (account_id, project_id, name, credentials_id) "
            "SELECT account_id, project_id, $2, credentials_id FROM environments WHERE id = $1 "
            "RETURNING id AS v",
            environment_id, name);
    }
    void defer_to(std::string column, Id id) {
        world_.sql(fmt::format("UPDATE jobs SET {} = $2 WHERE id = $1", column), job_, id);
    }
    // A run of that job that ended so, and left a manifest or not.
    Id ended(Id job_id, int status = 10, std::string manifest = "{}",
             runs::Overrides overrides = {}) {
        run_ = create(job_id, overrides);
        token_ = claim(run_);
        post("steps", R"({"steps":[{"index":4,"name":"b","command":"dbt build","status":10,
                                    "started_at":"2026-01-01T00:00:00Z"}]})");
        if (!manifest.empty()) put_artifact("manifest.json?step=4", manifest);
        post("finish", fmt::format(R"({{"status":{}}})", status));
        return run_;
    }
    // What a run of `job_` that starts now is told.
    boost::json::value begun() {
        run_ = create();
        token_ = claim(run_);
        return call("GET", "spec").json().at("deferral");
    }

    Id production_ = world_.value<Id>("SELECT environment_id AS v FROM jobs WHERE id = $1", job_);
    Id ci_ = environment_like(production_, "CI");
    Id nightly_ = job_;
};

TEST_F(DeferralTest, ARunOfNoDeferringJobIsGrantedNothing) {
    auto other = ended(nightly_);
    EXPECT_EQ(begun(), nullptr);
    EXPECT_EQ(read().deferring_run_id, std::nullopt);
    EXPECT_EQ(from_other(other, "manifest.json").status, 404);
}

TEST_F(DeferralTest, AnEnvironmentIsItsLatestGoodRunWithAManifest) {
    job_ = job_in(ci_, "Slim");
    defer_to("deferring_environment_id", production_);
    auto none = begun();
    EXPECT_EQ(none.at("run_id"), nullptr);
    EXPECT_EQ(none.at("target"), "environment e");
    ended(nightly_, 10, "older");
    auto good = ended(job_in(production_, "Hourly"), 10, "newer");
    ended(nightly_, 20, "failed");
    ended(nightly_, 10, "");
    // What a pull request's run has built is not what production holds.
    runs::Overrides of_pull_request;
    of_pull_request.github_pull_request_id = 7;
    ended(nightly_, 10, "of a pull request", of_pull_request);
    auto told = begun();
    EXPECT_EQ(told.at("run_id"), good);
    EXPECT_EQ(told.at("job_name"), "Hourly");
    EXPECT_EQ(told.at("environment_name"), "e");
    EXPECT_TRUE(told.at("finished_at").is_string());
    EXPECT_EQ(told.at("artifacts"), boost::json::array{"manifest.json"});
    EXPECT_EQ(read().deferring_run_id, good);
    EXPECT_EQ(from_other(good, "manifest.json").body, "newer");
}

TEST_F(DeferralTest, TheRunIsChosenWhenItStarts) {
    job_ = job_in(ci_, "Slim");
    defer_to("deferring_environment_id", production_);
    auto waiting = create();
    auto meanwhile = ended(nightly_);
    run_ = waiting;
    token_ = claim(run_);
    EXPECT_EQ(call("GET", "spec").json().at("deferral").at("run_id"), meanwhile);
    // The job as it is now says nothing about a run that is there.
    world_.sql("UPDATE jobs SET deferring_environment_id = NULL WHERE id = $1", job_);
    EXPECT_EQ(call("GET", "spec").json().at("deferral").at("run_id"), meanwhile);
}

TEST_F(DeferralTest, AJobMayBeAnotherOrItself) {
    job_ = job_in(ci_, "Slim");
    auto other = ended(nightly_);
    defer_to("deferring_job_definition_id", nightly_);
    auto told = begun();
    EXPECT_EQ(told.at("target"), "job j");
    EXPECT_EQ(told.at("run_id"), other);
    defer_to("deferring_job_definition_id", job_);
    auto first = begun();
    EXPECT_EQ(first.at("target"), "this job");
    EXPECT_EQ(first.at("run_id"), nullptr);
    auto own = ended(job_);
    EXPECT_EQ(begun().at("run_id"), own);
    // Both: the environment is the newer way to say it.
    defer_to("deferring_environment_id", production_);
    EXPECT_EQ(begun().at("run_id"), other);
}

TEST_F(DeferralTest, ARetryDefersToWhatTheFailedRunDeferredTo) {
    job_ = job_in(ci_, "Slim");
    defer_to("deferring_environment_id", production_);
    auto first = ended(nightly_);
    begun();
    post("steps", R"({"steps":[{"index":4,"name":"b","command":"dbt build","status":20,
                                "started_at":"2026-01-01T00:00:00Z"}]})");
    put_artifact("run_results.json?step=4", "{}");
    auto failed = run_;
    post("finish", R"({"status":20})");
    auto later = ended(nightly_);
    auto retry = tx([&](pg::Connection& c) { return runs::retry_run(c, world_.caller(), failed); });
    run_ = retry.id;
    token_ = claim(run_);
    EXPECT_EQ(call("GET", "spec").json().at("deferral").at("run_id"), first);
    EXPECT_EQ(from_other(first, "manifest.json").status, 200);
    EXPECT_EQ(from_other(failed, "run_results.json").status, 200);
    // That run is gone by now: the latest will do.
    world_.sql("DELETE FROM artifacts WHERE run_id = $1", first);
    EXPECT_EQ(call("GET", "spec").json().at("deferral").at("run_id"), later);
}

TEST_F(DeferralTest, OnlyTheFilesThatAComparisonNeedsOfThatRunAlone) {
    job_ = job_in(ci_, "Slim");
    defer_to("deferring_environment_id", production_);
    auto older = ended(nightly_);
    run_ = create(nightly_);
    token_ = claim(run_);
    auto deferred = run_;
    post("steps", R"({"steps":[
        {"index":4,"name":"f","command":"dbt source freshness","status":10,
         "started_at":"2026-01-01T00:00:00Z"},
        {"index":5,"name":"b","command":"dbt build","status":10},
        {"index":6,"name":"d","command":"dbt docs generate","status":10}]})");
    for (auto [path, content] : std::to_array<std::pair<std::string, std::string>>(
             {{"sources.json?step=4", "sources"},
              {"manifest.json?step=5", "manifest"},
              {"run_results.json?step=5", "built"},
              {"run_results.json?step=6", "documented"},
              {"manifest.json?step=6", "the same manifest"},
              {"catalog.json?step=6", "catalog"}}))
        put_artifact(path, content);
    post("finish", R"({"status":10})");
    auto told = begun();
    EXPECT_EQ(told.at("artifacts"),
              (boost::json::array{"manifest.json", "run_results.json", "sources.json"}));
    EXPECT_EQ(from_other(deferred, "manifest.json").body, "the same manifest");
    EXPECT_EQ(from_other(deferred, "run_results.json").body, "built");
    EXPECT_EQ(from_other(deferred, "sources.json").body, "sources");
    EXPECT_EQ(from_other(deferred, "catalog.json").status, 404);
    EXPECT_EQ(from_other(deferred, "../manifest.json").status, 404);
    EXPECT_EQ(from_other(older, "manifest.json").status, 404);
    EXPECT_EQ(from_other(999'999, "manifest.json").status, 404);
    EXPECT_EQ(call("GET", "other-runs/x/artifacts/manifest.json").status, 400);
}

}  // namespace
}  // namespace mw::worker_api
