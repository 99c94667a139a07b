#include "features/worker_api/spec.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json/serialize.hpp>

#include "features/connections/connection_store.hpp"
#include "features/credentials/credentials_store.hpp"

namespace mw::worker_api {
namespace {

using testing::ElementsAre;
using testing::Pair;

const crypto::Sealer& sealer() {
    static const crypto::Sealer kSealer(crypto::DataKey::generate());
    return kSealer;
}

pg::Bytes sealed(std::string text, std::string context) {
    return {sealer().seal(Secret(std::move(text)), context)};
}

SpecParts parts() {
    SpecParts parts;
    runs::Trigger trigger{"a test", "api", {}, {}};
    trigger.plan = {{"dbt build", "dbt test"}, true, false, 6, "default", 90, 512, 0.5, 64};
    trigger.plan.run_lint = trigger.plan.run_compare_changes = true;
    trigger.plan.errors_on_lint_failure = false;
    trigger.plan.compare_changes_flags = "--select state:modified";
    parts.account_limits = {1024, 0, 200};
    parts.run.id = 31;
    parts.run.account_id = 1;
    parts.run.project_id = 2;
    parts.run.environment_id = 3;
    parts.run.job_id = 4;
    parts.run.dbt_version = "1.11.0-latest";
    parts.run.trigger = runs::to_stored(trigger);
    parts.job_name = "Nightly";
    parts.project.name = "Shop";
    parts.project.dbt_project_subdirectory = "dbt";
    parts.environment.name = "Production";
    parts.environment.type = "deployment";
    parts.environment.deployment_type = "production";
    parts.environment.extended_attributes = {{"threads", 2}};
    parts.repository.id = 7;
    parts.repository.remote_url = "file:///srv/shop.git";
    parts.connection.id = 5;
    parts.connection.name = "Warehouse";
    parts.connection.adapter_version = "postgres_v0";
    parts.connection.config = {{"hostname", "db"}, {"port", 5432}};
    parts.connection.sealed_config = sealed(R"({"ssh_key":"k"})", connections::sealing_context(5));
    parts.credentials.id = 6;
    parts.credentials.schema = "analytics";
    parts.credentials.target_name = "default";
    parts.credentials.fields = {{"username", "etl"}};
    parts.credentials.sealed_fields =
        sealed(R"({"password":"s3cret"})", credentials::sealing_context(6));
    return parts;
}

void change_trigger(SpecParts& parts, auto change) {
    auto trigger = runs::from_stored(parts.run.trigger);
    change(trigger);
    parts.run.trigger = runs::to_stored(trigger);
}

boost::json::object spec_of(const SpecParts& parts) {
    auto spec = assemble_spec(parts, sealer());
    if (!spec) throw std::runtime_error(spec.error().message);
    return *spec;
}

TEST(Spec, HasWhatTheGitHostGives) {
    auto given = parts();
    given.git_credential = {.username = "oauth2", .password = Secret("t0ken")};
    auto repository = spec_of(given)["repository"];
    EXPECT_EQ(repository.at("username"), "oauth2");
    EXPECT_EQ(repository.at("password"), "t0ken");
    EXPECT_EQ(repository.at("remote_url"), "file:///srv/shop.git");
    given.git_credential->url = "https://github.com/acme/shop.git";
    EXPECT_EQ(spec_of(given)["repository"].at("remote_url"), "https://github.com/acme/shop.git");
}

TEST(Spec, HasAllThatAWorkerNeeds) {
    auto spec = spec_of(parts());
    EXPECT_EQ(spec["run_id"], 31);
    EXPECT_EQ(spec["job_name"], "Nightly");
    EXPECT_EQ(spec["dbt_version"], "1.11.0-latest");
    EXPECT_EQ(spec["steps"], (boost::json::array{"dbt build", "dbt test"}));
    EXPECT_EQ(spec["generate_docs"], true);
    EXPECT_EQ(spec["run_generate_sources"], false);
    EXPECT_EQ(spec["run_lint"], true);
    EXPECT_EQ(spec["errors_on_lint_failure"], false);
    EXPECT_EQ(spec["run_compare_changes"], true);
    EXPECT_EQ(spec["compare_changes_flags"], "--select state:modified");
    EXPECT_EQ(spec["timeout_seconds"], 90);
    EXPECT_EQ(spec["lease_seconds"], 30);
    EXPECT_EQ(boost::json::serialize(spec["limits"]),
              R"({"job":{"memory_mb":512,"cpus":5E-1,"processes":64},)"
              R"("account":{"memory_mb":1024,"cpus":0E0,"processes":200}})");
    EXPECT_TRUE(spec["retry"].is_null());
    EXPECT_EQ(
        boost::json::serialize(spec["repository"]),
        R"({"id":7,"may_be_cached":true,"managed":false,"remote_url":"file:///srv/shop.git","git_branch":null,"git_sha":null,)"
        R"("dbt_project_subdirectory":"dbt"})");
    const auto& profile = spec["profile"];
    EXPECT_EQ(profile.at("adapter"), "postgres");
    EXPECT_EQ(profile.at("connection_name"), "Warehouse");
    EXPECT_EQ(profile.at("connection").at("hostname"), "db");
    EXPECT_EQ(profile.at("connection").at("ssh_key"), "k");
    EXPECT_EQ(profile.at("credentials").at("username"), "etl");
    EXPECT_EQ(profile.at("credentials").at("password"), "s3cret");
    EXPECT_EQ(profile.at("schema"), "analytics");
    EXPECT_EQ(profile.at("target_name"), "default");
    EXPECT_EQ(profile.at("threads"), 6);
    EXPECT_EQ(profile.at("extended_attributes").at("threads"), 2);
}

TEST(Spec, OverridesWin) {
    auto changed = parts();
    changed.environment.use_custom_branch = true;
    changed.environment.custom_branch = "release";
    EXPECT_EQ(spec_of(changed)["repository"].at("git_branch"), "release");
    change_trigger(changed, [](runs::Trigger& trigger) {
        trigger.overrides.git_branch = "feature";
        trigger.overrides.git_sha = "abc";
        trigger.overrides.schema_override = "pr_7";
        trigger.plan.target_name = "prod";
    });
    auto spec = spec_of(changed);
    EXPECT_EQ(spec["repository"].at("git_branch"), "feature");
    EXPECT_EQ(spec["repository"].at("git_sha"), "abc");
    EXPECT_EQ(spec["profile"].at("schema"), "pr_7");
    EXPECT_EQ(spec["profile"].at("target_name"), "prod");
}

TEST(Spec, TheCredentialsTargetCountsWhenTheJobHasNone) {
    auto changed = parts();
    changed.credentials.target_name = "ci";
    EXPECT_EQ(spec_of(changed)["profile"].at("target_name"), "ci");
}

TEST(Spec, ARetryNamesWhatItTakesUp) {
    auto changed = parts();
    changed.run.retrying_run_id = 30;
    changed.run.retry_step_index = 5;
    changed.retry = RetrySource{4, {"manifest.json", "run_results.json"}};
    EXPECT_EQ(boost::json::serialize(spec_of(changed)["retry"]),
              R"({"run_id":30,"step_index":5,"git_sha":null,)"
              R"("artifacts":["manifest.json","run_results.json"]})");
}

TEST(Spec, SecretsOfAnotherPlaceDoNotOpen) {
    auto moved = parts();
    moved.credentials.id = 7;
    auto spec = assemble_spec(moved, sealer());
    ASSERT_FALSE(spec);
    EXPECT_EQ(spec.error().code, Errc::internal);
    EXPECT_EQ(spec.error().message.find("s3cret"), std::string::npos);
}

TEST(Variables, TheNarrowestPlaceWins) {
    auto variables = [](std::vector<Variable> all) {
        return resolve_variables(all, sealer()).value();
    };
    EXPECT_THAT(variables({{1, "DBT_A", "project", std::nullopt, 0},
                           {2, "DBT_A", "job", std::nullopt, 2},
                           {3, "DBT_A", "environment", std::nullopt, 1},
                           {4, "DBT_B", "project", std::nullopt, 0},
                           {5, "DBT_C", "", std::nullopt, 1},
                           {6, "DBT_C", "project", std::nullopt, 0}}),
                ElementsAre(Pair("DBT_A", "job"), Pair("DBT_B", "project"), Pair("DBT_C", "")));
    EXPECT_THAT(variables({{7, "DBT_ENV_SECRET_TOKEN", std::nullopt,
                            sealed("t0ken", "environment_variables:7"), 0}}),
                ElementsAre(Pair("DBT_ENV_SECRET_TOKEN", "t0ken")));
    EXPECT_FALSE(resolve_variables(
        {{8, "DBT_ENV_SECRET_TOKEN", std::nullopt, sealed("t0ken", "environment_variables:7"), 0}},
        sealer()));
}

TEST(Context, SaysWhereAndWhyTheRunIs) {
    auto changed = parts();
    auto context = [&] { return run_context(changed, runs::from_stored(changed.run.trigger)); };
    EXPECT_THAT(
        context(),
        ElementsAre(Pair("DBT_CLOUD_ACCOUNT_ID", "1"), Pair("DBT_CLOUD_ENVIRONMENT_ID", "3"),
                    Pair("DBT_CLOUD_ENVIRONMENT_NAME", "Production"),
                    Pair("DBT_CLOUD_ENVIRONMENT_TYPE", "prod"),
                    Pair("DBT_CLOUD_INVOCATION_CONTEXT", "prod"), Pair("DBT_CLOUD_JOB_ID", "4"),
                    Pair("DBT_CLOUD_PROJECT_ID", "2"), Pair("DBT_CLOUD_RUN_ID", "31"),
                    Pair("DBT_CLOUD_RUN_REASON", "a test"),
                    Pair("DBT_CLOUD_RUN_REASON_CATEGORY", "other"), Pair("DBT_ENV", "prod")));
    changed.environment.deployment_type = "staging";
    EXPECT_EQ(context()["DBT_CLOUD_ENVIRONMENT_TYPE"], "staging");
    EXPECT_EQ(context()["DBT_CLOUD_INVOCATION_CONTEXT"], "staging");
    changed.environment.deployment_type.reset();
    EXPECT_EQ(context()["DBT_CLOUD_ENVIRONMENT_TYPE"], "");
    EXPECT_EQ(context()["DBT_CLOUD_INVOCATION_CONTEXT"], "prod");
    changed.run.is_ci = true;
    EXPECT_EQ(context()["DBT_CLOUD_INVOCATION_CONTEXT"], "ci");
    change_trigger(changed,
                   [](runs::Trigger& trigger) { trigger.overrides.gitlab_merge_request_id = 12; });
    EXPECT_EQ(context()["DBT_CLOUD_PR_ID"], "12");
    EXPECT_EQ(context()["DBT_CLOUD_RUN_REASON_CATEGORY"], "gitlab_merge_request");
    change_trigger(changed, [](runs::Trigger& trigger) {
        trigger.overrides = {};
        trigger.cause_category = runs::kCauseScheduled;
    });
    EXPECT_EQ(context()["DBT_CLOUD_RUN_REASON_CATEGORY"], "scheduled");
}

}  // namespace
}  // namespace mw::worker_api
