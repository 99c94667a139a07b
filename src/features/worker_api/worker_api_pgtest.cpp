#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "features/artifacts/artifact.hpp"
#include "features/runs/node_store.hpp"
#include "features/worker_api/connection_test_worker_api.hpp"
#include "features/worker_api/pgtest_worker.hpp"
#include "infra/zstd/pack.hpp"

namespace mw::worker_api {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr auto kFirstStep =
    R"({"steps":[{"index":1,"name":"Clone git repository","command":"","status":3,
                  "started_at":"2026-01-01T00:00:00Z","finished_at":null}]})";
constexpr auto kLines =
    R"({"batches":[{"step":1,"seq":1,"lines":[
          {"ts":"2026-01-01T00:00:00Z","level":"info","text":"one"},
          {"ts":"2026-01-01T00:00:00Z","level":"debug","text":"two"}]}],
        "nodes":[{"step":1,"unique_id":"model.a","name":"a","resource_type":"model",
                  "status":"success","index":1,"total":1,"execution_time":0.5}]})";

TEST_F(WorkerApiTest, OnlyARunsTokenOpensIt) {
    auto good = token_;
    token_ = "";
    EXPECT_EQ(call("GET", "spec").status, 401);
    token_ = "mwu_" + good.substr(4);
    EXPECT_EQ(call("GET", "spec").status, 401);
    // One that was a run's, for all we know: its worker is to stop.
    token_ = crypto::random_token(crypto::kRunTokenPrefix);
    for (auto what : {"heartbeat", "progress", "logs"})
        EXPECT_EQ(post(what).status, 409) << what;
    EXPECT_EQ(post("steps", R"({"steps":[]})").status, 409);
    EXPECT_EQ(post("finish", R"({"status":10})").status, 409);
    EXPECT_EQ(call("GET", "spec").status, 409);
    EXPECT_EQ(call("GET", "other-runs/1/artifacts/manifest.json").status, 409);
    EXPECT_EQ(call("PUT", "artifacts/a.json?step=1", "", world_.write_file("a", "x")).status, 409);
    token_ = good;
    EXPECT_EQ(call("GET", "spec").status, 200);
}

TEST_F(WorkerApiTest, TheSpecHasTheAccountsLimits) {
    world_.sql("UPDATE accounts SET run_memory_limit_mb = 700, run_cpu_limit = 1.5");
    auto account = call("GET", "spec").json().at("limits").at("account");
    EXPECT_EQ(account.at("memory_mb"), 700);
    EXPECT_EQ(account.at("cpus"), 1.5);
    EXPECT_EQ(account.at("processes"), 0);
}

TEST_F(WorkerApiTest, TheSpecHasSecretsAndVariablesOfThisRunAlone) {
    auto answer = call("GET", "spec");
    ASSERT_EQ(answer.status, 200) << answer.body;
    EXPECT_EQ(answer.headers["cache-control"], "no-store");
    auto spec = answer.json();
    EXPECT_EQ(spec.at("run_id"), run_);
    EXPECT_EQ(spec.at("profile").at("credentials").at("password"), "s3cret");
    EXPECT_EQ(spec.at("profile").at("connection").at("hostname"), "db");
    EXPECT_EQ(spec.at("repository").at("remote_url"), "file:///srv/shop.git");
    EXPECT_EQ(boost::json::serialize(spec.at("environment_variables")),
              R"({"DBT_A":"environment","DBT_B":"job"})");
    EXPECT_EQ(spec.at("context").at("DBT_CLOUD_RUN_ID").as_string(), std::to_string(run_));
    EXPECT_EQ(spec.at("steps"), (boost::json::array{"dbt build"}));
    EXPECT_EQ(spec.at("lease_seconds"), 30);
}

class VariablesTest : public WorkerApiTest {
  protected:
    VariablesTest() { world_.sql("DELETE FROM environment_variables"); }

    // `place` is "environment_id", "job_id", "user_id", or empty for the project.
    void put(std::string name, std::string value, std::string place = {}, Id id = 0) {
        auto column = place.empty() ? "" : ", " + place;
        auto number = place.empty() ? "" : ", " + std::to_string(id);
        world_.sql("INSERT INTO environment_variables (account_id, project_id, name, value" +
                       column + ") SELECT account_id, id, $2, $3" + number +
                       " FROM projects WHERE id = $1",
                   project_, name, value);
    }
    std::string shown() {
        return boost::json::serialize(call("GET", "spec").json().at("environment_variables"));
    }
    boost::json::object context() { return call("GET", "spec").json().at("context").as_object(); }
    std::string said(std::string_view name) { return std::string(context().at(name).as_string()); }
    void override_with(std::string json) {
        world_.sql("UPDATE runs SET trigger = trigger || $2::jsonb WHERE id = $1", run_, json);
    }

    Id project_ = world_.value<Id>("SELECT project_id AS v FROM jobs WHERE id = $1", job_);
    Id environment_ = world_.value<Id>("SELECT environment_id AS v FROM jobs WHERE id = $1", job_);
};

TEST_F(VariablesTest, TheNarrowestPlaceWins) {
    EXPECT_EQ(shown(), "{}");
    put("DBT_A", "project");
    EXPECT_EQ(shown(), R"({"DBT_A":"project"})");
    put("DBT_A", "environment", "environment_id", environment_);
    EXPECT_EQ(shown(), R"({"DBT_A":"environment"})");
    put("DBT_A", "job", "job_id", job_);
    EXPECT_EQ(shown(), R"({"DBT_A":"job"})");
    // An empty value is one.
    put("DBT_B", "project");
    put("DBT_B", "", "job_id", job_);
    EXPECT_EQ(shown(), R"({"DBT_A":"job","DBT_B":""})");
    world_.sql("UPDATE environment_variables SET state = 2 WHERE job_id IS NOT NULL");
    EXPECT_EQ(shown(), R"({"DBT_A":"environment","DBT_B":"project"})");
}

TEST_F(VariablesTest, OtherPlacesDoNotCount) {
    auto other_job = world_.job(account_);
    auto other_environment =
        world_.value<Id>("SELECT environment_id AS v FROM jobs WHERE id = $1", other_job);
    put("DBT_A", "project");
    put("DBT_A", "x", "job_id", other_job);
    put("DBT_A", "x", "environment_id", other_environment);
    auto user =
        world_.value<Id>("INSERT INTO users (email) VALUES ('ann@example.com') RETURNING id AS v");
    put("DBT_A", "personal", "user_id", user);
    put("DBT_C", "personal", "user_id", user);
    EXPECT_EQ(shown(), R"({"DBT_A":"project"})");
}

TEST_F(VariablesTest, SecretsAreOpenedForTheirPlaceAlone) {
    auto id = world_.value<Id>(
        "INSERT INTO environment_variables (account_id, project_id, name, sealed_value) "
        "VALUES ($1, $2, 'DBT_ENV_SECRET_A', '') RETURNING id AS v",
        account_, project_);
    auto seal = [&](Id context) {
        world_.sql("UPDATE environment_variables SET sealed_value = $2::bytea WHERE id = $1", id,
                   pg::Bytes{sealer_.seal(Secret("t0ken"),
                                          fmt::format("environment_variables:{}", context))});
    };
    seal(id);
    EXPECT_EQ(shown(), R"({"DBT_ENV_SECRET_A":"t0ken"})");
    seal(id + 1);
    EXPECT_EQ(call("GET", "spec").status, 500);
}

TEST_F(VariablesTest, EveryRunKnowsWhatItIs) {
    world_.sql("UPDATE environments SET name = 'Production', deployment_type = 'production'");
    world_.sql("UPDATE runs SET trigger = trigger || '{\"cause\": \"a test\"}'");
    auto text = [](Id id) { return std::to_string(id); };
    EXPECT_EQ(context(), (boost::json::object{{"DBT_ENV", "prod"},
                                              {"DBT_CLOUD_ACCOUNT_ID", text(account_)},
                                              {"DBT_CLOUD_PROJECT_ID", text(project_)},
                                              {"DBT_CLOUD_ENVIRONMENT_ID", text(environment_)},
                                              {"DBT_CLOUD_ENVIRONMENT_NAME", "Production"},
                                              {"DBT_CLOUD_ENVIRONMENT_TYPE", "prod"},
                                              {"DBT_CLOUD_INVOCATION_CONTEXT", "prod"},
                                              {"DBT_CLOUD_JOB_ID", text(job_)},
                                              {"DBT_CLOUD_RUN_ID", text(run_)},
                                              {"DBT_CLOUD_RUN_REASON", "a test"},
                                              {"DBT_CLOUD_RUN_REASON_CATEGORY", "other"}}));
    struct Kind {
        std::string_view type, deployment_type, shown_type, shown_context;
    };
    for (auto [type, deployment_type, shown_type, shown_context] :
         std::to_array<Kind>({{"deployment", "staging", "staging", "staging"},
                              {"deployment", "", "", "prod"},
                              {"development", "", "dev", "dev"}})) {
        world_.sql(
            "UPDATE environments SET type = $2, deployment_type = nullif($3, '') "
            "WHERE id = $1",
            environment_, std::string(type), std::string(deployment_type));
        EXPECT_EQ(said("DBT_CLOUD_ENVIRONMENT_TYPE"), shown_type);
        EXPECT_EQ(said("DBT_CLOUD_INVOCATION_CONTEXT"), shown_context);
    }
    world_.sql("UPDATE runs SET is_ci = true");
    EXPECT_EQ(said("DBT_CLOUD_INVOCATION_CONTEXT"), "ci");
}

TEST_F(VariablesTest, APullRequestsRunKnowsItsPullRequest) {
    struct Kind {
        std::string_view field, category;
    };
    for (auto [field, category] :
         std::to_array<Kind>({{"github_pull_request_id", "github_pull_request"},
                              {"gitlab_merge_request_id", "gitlab_merge_request"},
                              {"azure_pull_request_id", "azure_pull_request"},
                              {"non_native_pull_request_id", "other"}})) {
        override_with(R"({"github_pull_request_id": null, "gitlab_merge_request_id": null,
                          "azure_pull_request_id": null, "non_native_pull_request_id": null})");
        EXPECT_FALSE(context().contains("DBT_CLOUD_PR_ID"));
        override_with(fmt::format(R"({{"{}": 17}})", field));
        EXPECT_EQ(said("DBT_CLOUD_PR_ID"), "17") << field;
        EXPECT_EQ(said("DBT_CLOUD_RUN_REASON_CATEGORY"), category);
    }
}

TEST_F(WorkerApiTest, WhatAPersonMustSetUpEndsTheRunWithASentence) {
    world_.sql("UPDATE environments SET credentials_id = NULL");
    EXPECT_EQ(call("GET", "spec").status, 409);
    auto run = read();
    EXPECT_EQ(run.status, runs::Status::error);
    EXPECT_EQ(run.status_message, "The environment e has no credentials.");
}

TEST_F(WorkerApiTest, AHeartbeatKeepsTheLeaseAndCarriesTheCancel) {
    world_.sql("UPDATE run_leases SET expires_at = now() - interval '1 second'");
    auto answer = post("heartbeat");
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.json(), (boost::json::value{{"cancel", false}}));
    EXPECT_TRUE(world_.value<bool>(
        "SELECT expires_at > now() + interval '25 seconds' AS v FROM run_leases"));
    tx([&](pg::Connection& c) { return runs::request_cancel(c, world_.caller(), run_); });
    auto told = post("heartbeat").json();
    EXPECT_EQ(told.at("cancel"), true);
    EXPECT_EQ(told.at("reason"), "Cancelled by ann@example.com.");
    EXPECT_EQ(post("logs", kLines).json().at("cancel"), true);
}

TEST_F(WorkerApiTest, TheFirstStepSetsTheRunRunning) {
    EXPECT_EQ(post("steps", R"({"steps":[{"index":1,"name":"a","status":1}]})").status, 200);
    EXPECT_EQ(read().status, runs::Status::starting);
    EXPECT_EQ(post("steps", kFirstStep).status, 200);
    EXPECT_EQ(post("steps", kFirstStep).status, 200);
    auto run = read();
    EXPECT_EQ(run.status, runs::Status::running);
    EXPECT_EQ(run.started_at, parse_time("2026-01-01T00:00:00Z"));
    EXPECT_EQ(world_.value<std::string>("SELECT name AS v FROM run_steps"), "Clone git repository");
    auto refused = post("steps", R"({"steps":[{"index":1}]})");
    EXPECT_EQ(refused.status, 400);
    EXPECT_THAT(refused.message(), HasSubstr("steps[0].name"));
}

TEST_F(WorkerApiTest, ProgressNamesTheCommit) {
    EXPECT_EQ(post("progress", R"({"git_sha":"abc","git_branch":"main"})").status, 200);
    EXPECT_EQ(post("progress", R"({"git_branch":""})").status, 200);
    EXPECT_EQ(read().git_sha, "abc");
    EXPECT_EQ(read().git_branch, "main");
}

TEST_F(WorkerApiTest, ProgressSaysWhereTheCommitCameFrom) {
    auto used = [&] {
        return world_.value<bool>("SELECT used_repo_cache AS v FROM runs WHERE id = $1", run_);
    };
    EXPECT_FALSE(used());
    EXPECT_EQ(post("progress", R"({"git_sha":"abc","used_repo_cache":true})").status, 200);
    EXPECT_TRUE(used());
    EXPECT_EQ(call("GET", "spec").json().at("repository").at("may_be_cached"), true);
    world_.sql(
        "INSERT INTO account_features (account_id, feature, value) VALUES ($1, 'repo-caching', "
        "false)",
        account_);
    EXPECT_EQ(call("GET", "spec").json().at("repository").at("may_be_cached"), false);
}

TEST_F(WorkerApiTest, HostKeysThatAreReportedAreGivenToLaterRuns) {
    constexpr auto kSeen =
        R"({"ssh_host_keys":[{"hostname":"git.example.com","port":2222,"key_type":"ssh-ed25519",
                              "public_key":"AAAAC3NzaC1lZDI1NTE5AAAA"}]})";
    EXPECT_EQ(call("GET", "spec").json().at("ssh_host_keys"), boost::json::array{});
    EXPECT_EQ(post("ssh-host-keys", kSeen).status, 200);
    EXPECT_EQ(post("ssh-host-keys", kSeen).status, 200);
    auto keys = call("GET", "spec").json().at("ssh_host_keys").as_array();
    ASSERT_EQ(keys.size(), 1U);
    EXPECT_EQ(keys.at(0).at("hostname"), "git.example.com");
    EXPECT_EQ(keys.at(0).at("port"), 2222);
    EXPECT_EQ(keys.at(0).at("public_key"), "AAAAC3NzaC1lZDI1NTE5AAAA");
    EXPECT_EQ(post("ssh-host-keys", R"({"ssh_host_keys":[{"hostname":"h","key_type":"t",
                                        "public_key":"no key"}]})")
                  .status,
              400);
    begin_connection_test();
    EXPECT_EQ(call_test("GET", "spec").json().at("ssh_host_keys").as_array().size(), 1U);
}

TEST_F(WorkerApiTest, LinesAndNodesAreTakenOnce) {
    EXPECT_EQ(post("logs", kLines).status, 200);
    EXPECT_EQ(post("logs", kLines).status, 200);
    EXPECT_EQ(log_text(1), "1:one 2:two ");
    auto nodes = tx([&](pg::Connection& c) { return runs::find_nodes(c, run_); });
    ASSERT_EQ(nodes.size(), 1u);
    EXPECT_EQ(nodes[0].status, "success");
    // A late "started" takes nothing back.
    post("logs",
         R"({"nodes":[{"step":1,"unique_id":"model.a","name":"a","resource_type":"model",
                       "status":"started"}]})");
    auto after = tx([&](pg::Connection& c) { return runs::find_nodes(c, run_); });
    EXPECT_EQ(after[0].status, "success");
    EXPECT_EQ(after[0].revision, nodes[0].revision);
    EXPECT_EQ(post("logs", R"({"batches":[{"step":1}]})").status, 400);
}

TEST_F(WorkerApiTest, RowsAreShownOnceAndNotStored) {
    constexpr auto kRows = R"json({"batches":[{"step":1,"seq":9,"lines":[
        {"ts":"2026-01-01T00:00:00Z","level":"info","text":"before"},
        {"ts":"2026-01-01T00:00:00Z","level":"info","text":"(1 row)","live":"| a |\n| treasure |"}]}]})json";
    EXPECT_EQ(post("logs", kLines).status, 200);
    EXPECT_EQ(post("logs", kRows).status, 200);
    EXPECT_EQ(post("logs", kRows).status, 200);
    EXPECT_THAT(shown_, ElementsAre(fmt::format("{} 1:4 | a |\n| treasure |", run_)));
    EXPECT_EQ(log_text(1), "1:one 2:two 3:before 4:(1 row) ");
    EXPECT_EQ(world_.value<int>(
                  "SELECT count(*)::int AS v FROM run_log WHERE lines::text LIKE '%treasure%'"),
              0);
}

TEST_F(WorkerApiTest, AConnectionTestHasItsSpecificationAndItsResult) {
    auto test = begin_connection_test();
    auto spec = call_test("GET", "spec");
    ASSERT_EQ(spec.status, 200);
    EXPECT_EQ(spec.headers.at("cache-control"), "no-store");
    EXPECT_EQ(spec.json().at("id"), test);
    EXPECT_EQ(spec.json().at("profile").at("credentials").at("password"), "s3cret");
    EXPECT_EQ(spec.json().at("environment_variables"),
              (boost::json::object{{"DBT_A", "environment"}}));
    EXPECT_EQ(call_test("POST", "heartbeat", "{}").status, 200);
    EXPECT_EQ(call_test("POST", "finish", R"({"message":"x","output":""})").status, 400);
    auto outcome = R"({"ok":true,"message":"works","output":"all"})";
    EXPECT_EQ(call_test("POST", "finish", outcome).status, 200);
    EXPECT_EQ(
        world_.value<std::string>("SELECT status || message || output AS v FROM connection_tests"),
        "10worksall");
    // It is over: the key opens nothing.
    EXPECT_EQ(call_test("GET", "spec").status, 409);
    EXPECT_EQ(call_test("POST", "heartbeat", "{}").status, 409);
    EXPECT_EQ(call_test("POST", "finish", outcome).status, 409);
}

TEST_F(WorkerApiTest, AConnectionTestOfWhatIsNotSetUpIsOver) {
    begin_connection_test();
    world_.sql("UPDATE environments SET credentials_id = NULL");
    EXPECT_EQ(call_test("GET", "spec").status, 409);
    EXPECT_THAT(world_.value<std::string>("SELECT message AS v FROM connection_tests"),
                HasSubstr("has no credentials"));
}

TEST_F(WorkerApiTest, AKeyOpensItsOwnKindOfWorkAlone) {
    begin_connection_test();
    EXPECT_EQ(call("GET", "spec").status, 200);
    auto run_token = std::exchange(token_, test_token_);
    EXPECT_EQ(call("GET", "spec").status, 409);
    test_token_ = run_token;
    EXPECT_EQ(call_test("GET", "spec").status, 409);
    test_token_ = "nonsense";
    EXPECT_EQ(call_test("GET", "spec").status, 401);
}

TEST_F(WorkerApiTest, ChangedNodesAreFoundByTheirRevision) {
    auto report = [&](std::string id, std::string status) {
        post("logs", fmt::format(R"({{"nodes":[{{"step":1,"unique_id":"{}","name":"n",
                                     "resource_type":"model","status":"{}"}}]}})",
                                 id, status));
    };
    report("a", "started");
    report("b", "started");
    auto mark = tx([&](pg::Connection& c) { return runs::revision_before(c, run_, 0); });
    report("a", "error");
    auto changed = tx([&](pg::Connection& c) { return runs::changed_nodes(c, run_, mark, 100); });
    ASSERT_EQ(changed.size(), 1u);
    EXPECT_EQ(changed[0].unique_id, "a");
    EXPECT_EQ(changed[0].status, "error");
    EXPECT_EQ(tx([&](pg::Connection& c) { return runs::revision_before(c, run_, 1); }), mark);
    EXPECT_EQ(tx([&](pg::Connection& c) { return runs::revision_before(c, run_, 10); }), 0);
}

TEST_F(WorkerApiTest, ArtifactsGoToTheStoreAndTheList) {
    auto put = [&](std::string path, std::string content) {
        return call("PUT", "artifacts/" + path, "", world_.write_file("upload", content)).status;
    };
    EXPECT_EQ(put("compiled/shop/a.sql?step=4", "select 1"), 200);
    EXPECT_EQ(put("manifest.json?step=4", "one"), 200);
    EXPECT_EQ(put("manifest.json?step=4", "three"), 200);
    auto key = artifacts::object_key_of(account_, run_, 4, "manifest.json").value();
    EXPECT_EQ(world_.get([&] { return world_.objects().get_bytes(key, 100); }), "three");
    EXPECT_EQ(
        world_.value<Id>("SELECT size_bytes AS v FROM artifacts WHERE path = 'manifest.json'"), 5);
    EXPECT_EQ(world_.value<int>("SELECT count(*)::int AS v FROM artifacts"), 2);
    EXPECT_EQ(put("manifest.json", "x"), 400);
    EXPECT_EQ(put("manifest.json?step=0", "x"), 400);
    EXPECT_EQ(put("..?step=4", "x"), 400);
    EXPECT_EQ(put("../../other?step=4", "x"), 400);
}

TEST_F(WorkerApiTest, APackOfArtifactsIsThatManyArtifacts) {
    auto send = [&](std::vector<std::pair<std::string, std::string>> files) {
        auto file = world_.write_file("pack", "");
        auto writer = pack::Writer::create(file).value();
        for (const auto& [path, content] : files)
            EXPECT_TRUE(writer.add(path, content));
        EXPECT_TRUE(writer.finish());
        return call("PUT", "artifact-pack?step=4", "", file);
    };
    EXPECT_EQ(send({{"compiled/shop/a.sql", "select 1"}, {"run/shop/a.sql", "create"}}).status,
              200);
    EXPECT_EQ(world_.value<Id>("SELECT sum(size_bytes)::bigint AS v FROM artifacts"), 14);
    EXPECT_EQ(world_.value<int>("SELECT count(DISTINCT object_key)::int AS v FROM artifacts"), 1);
    // A path that leads elsewhere: none of the pack is taken.
    EXPECT_EQ(send({{"compiled/b.sql", "x"}, {"../../other", "x"}}).status, 400);
    EXPECT_EQ(world_.value<int>("SELECT count(*)::int AS v FROM artifacts"), 2);
    auto none = call("PUT", "artifact-pack?step=4", "", world_.write_file("pack", "anything else"));
    EXPECT_EQ(none.status, 400);
    EXPECT_THAT(none.body, HasSubstr("no pack of files"));
}

TEST_F(WorkerApiTest, FinishingEndsEverything) {
    post("steps", kFirstStep);
    auto done = post("finish", R"({"status":20,"status_message":"It failed.","artifacts_saved":true,
                                   "has_docs_generated":true,"has_sources_generated":false})");
    EXPECT_EQ(done.status, 200) << done.body;
    auto run = read();
    EXPECT_EQ(run.status, runs::Status::error);
    EXPECT_EQ(run.status_message, "It failed.");
    EXPECT_TRUE(run.artifacts_saved);
    EXPECT_TRUE(run.has_docs_generated);
    // From now on the token is worth nothing.
    EXPECT_EQ(post("heartbeat").status, 409);
    EXPECT_EQ(post("logs", kLines).status, 409);
    EXPECT_EQ(post("finish", R"({"status":10})").status, 409);
    EXPECT_EQ(read().status, runs::Status::error);
    EXPECT_EQ(log_text(1), "");
}

TEST_F(WorkerApiTest, ARunMustEndAsSomething) {
    EXPECT_EQ(post("finish", R"({"status":3})").status, 400);
    EXPECT_EQ(read().status, runs::Status::starting);
}

}  // namespace
}  // namespace mw::worker_api
