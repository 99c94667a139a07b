#include "roles/runner/run_spec.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <boost/json/parse.hpp>

namespace mw::runner {
namespace {

using testing::HasSubstr;

boost::json::value full_spec() {
    return boost::json::parse(R"({
      "run_id": 12, "account_id": 1, "project_id": 2, "environment_id": 3, "job_id": 4,
      "job_name": "Nightly", "dbt_version": "1.11.0-latest",
      "repository": {"remote_url": "https://me:t0ken-in-url@git.example.com/shop.git",
                     "git_branch": null, "git_sha": "abc", "dbt_project_subdirectory": "sub"},
      "profile": {"adapter": "postgres", "connection_name": "Warehouse",
                  "connection": {"hostname": "db", "dbname": "shop",
                                 "secrets": [{"type": "s3", "secret": "s3-s3cret"}]},
                  "credentials": {"username": "dbt", "password": "pg-s3cret"},
                  "schema": "analytics", "target_name": "prod", "threads": 8,
                  "extended_attributes": {"sslkey_password": "ssl-s3cret"}},
      "steps": ["dbt build"], "generate_docs": true, "run_generate_sources": false,
      "timeout_seconds": 90,
      "environment_variables": {"DBT_ENV_SECRET_TOKEN": "env-s3cret", "DBT_REGION": "eu"},
      "context": {"DBT_CLOUD_RUN_ID": "12"},
      "retry": {"run_id": 7, "step_index": 5, "git_sha": "def", "artifacts": ["run_results.json"]},
      "lease_seconds": 20})");
}

TEST(RunSpec, IsReadWhole) {
    auto spec = parse_run_spec(full_spec());
    ASSERT_TRUE(spec) << spec.error().message;
    EXPECT_EQ(spec->run_id, 12);
    EXPECT_EQ(spec->dbt_version, "1.11.0-latest");
    EXPECT_EQ(spec->repository.git_branch, "");
    EXPECT_EQ(spec->repository.git_sha, "abc");
    EXPECT_EQ(spec->repository.project_subdirectory, "sub");
    EXPECT_EQ(spec->profile.connection.at("hostname"), "db");
    EXPECT_EQ(spec->profile.threads, 8);
    EXPECT_EQ(spec->steps, std::vector<std::string>{"dbt build"});
    EXPECT_TRUE(spec->generate_docs);
    EXPECT_EQ(spec->timeout, std::chrono::seconds(90));
    EXPECT_EQ(spec->lease, std::chrono::seconds(20));
    EXPECT_EQ(spec->environment_variables.at("DBT_REGION"), "eu");
    EXPECT_EQ(spec->context.at("DBT_CLOUD_RUN_ID"), "12");
    ASSERT_TRUE(spec->retry);
    EXPECT_EQ(spec->retry->step_index, 5);
    EXPECT_EQ(spec->retry->artifacts, std::vector<std::string>{"run_results.json"});
}

TEST(RunSpec, HasWhatAPullRequestsJobDoesBesides) {
    auto plain = parse_run_spec(full_spec());
    EXPECT_FALSE(plain->run_lint || plain->run_compare_changes);
    auto json = full_spec();
    json.as_object()["run_lint"] = json.as_object()["run_compare_changes"] = true;
    json.as_object()["errors_on_lint_failure"] = false;
    json.as_object()["compare_changes_flags"] = "--select state:modified";
    auto spec = parse_run_spec(json);
    ASSERT_TRUE(spec) << spec.error().message;
    EXPECT_TRUE(spec->run_lint && spec->run_compare_changes);
    EXPECT_FALSE(spec->errors_on_lint_failure);
    EXPECT_EQ(spec->compare_changes_flags, "--select state:modified");
}

TEST(RunSpec, HasTheLimitsOfJobAndAccount) {
    auto json = full_spec();
    json.as_object()["limits"] = boost::json::parse(
        R"({"job": {"memory_mb": 512, "cpus": 0.5, "processes": 64},
            "account": {"memory_mb": 0, "cpus": 2, "processes": 0}})");
    auto spec = parse_run_spec(json);
    ASSERT_TRUE(spec) << spec.error().message;
    EXPECT_EQ(spec->job_limits.memory_bytes, 536'870'912U);
    EXPECT_EQ(spec->job_limits.cpus, 0.5);
    EXPECT_EQ(spec->job_limits.processes, 64U);
    EXPECT_EQ(spec->account_limits.memory_bytes, 0U);
    EXPECT_EQ(spec->account_limits.cpus, 2);
    json.as_object()["limits"].as_object()["job"].as_object()["memory_mb"] = -1;
    auto refused = parse_run_spec(json);
    ASSERT_FALSE(refused);
    EXPECT_THAT(refused.error().message, HasSubstr("limits.job.memory_mb"));
}

TEST(RunSpec, NeedsNoMoreThanTheNecessary) {
    auto spec = parse_run_spec(boost::json::parse(
        R"({"run_id": 1, "dbt_version": "1.11", "retry": null,
            "repository": {"remote_url": "file:///x.git"}, "profile": {"adapter": "duckdb"}})"));
    ASSERT_TRUE(spec) << spec.error().message;
    EXPECT_EQ(spec->profile.target_name, "default");
    EXPECT_EQ(spec->profile.threads, 4);
    EXPECT_FALSE(spec->retry);
}

TEST(RunSpec, NamesTheFieldThatIsWrong) {
    auto wrong = [](auto change) {
        auto value = full_spec();
        change(value.as_object());
        auto spec = parse_run_spec(value);
        EXPECT_FALSE(spec);
        return spec ? std::string() : spec.error().message;
    };
    EXPECT_THAT(wrong([](auto& o) { o.erase("run_id"); }), HasSubstr("run_id"));
    EXPECT_THAT(wrong([](auto& o) { o.erase("repository"); }), HasSubstr("repository"));
    EXPECT_THAT(wrong([](auto& o) { o.at("repository").as_object().erase("remote_url"); }),
                HasSubstr("remote_url"));
    EXPECT_THAT(wrong([](auto& o) { o["steps"] = "dbt build"; }), HasSubstr("steps"));
    EXPECT_THAT(wrong([](auto& o) { o.at("profile").as_object()["credentials"] = 1; }),
                HasSubstr("credentials"));
    EXPECT_THAT(wrong([](auto& o) { o["environment_variables"] = {{"A", 1}}; }),
                HasSubstr("environment_variables"));
    EXPECT_FALSE(parse_run_spec(boost::json::value("x")));
}

TEST(RunSpec, KnowsItsSecrets) {
    auto scrubber = secrets_of(*parse_run_spec(full_spec()));
    for (auto secret : {"t0ken-in-url", "pg-s3cret", "ssl-s3cret", "env-s3cret", "s3-s3cret"})
        EXPECT_EQ(scrubber.scrub(secret), "*****") << secret;
    for (auto plain : {"db", "dbt", "eu", "s3", "analytics", "prod"})
        EXPECT_EQ(scrubber.scrub(plain), plain);
}

TEST(RunSpec, KnowsTheTokenOfTheGitHost) {
    auto value = full_spec();
    auto& repository = value.as_object()["repository"].as_object();
    repository["username"] = "x-access-token";
    repository["password"] = "ghs_t0ken/1";
    auto spec = parse_run_spec(value);
    ASSERT_TRUE(spec) << spec.error().message;
    EXPECT_EQ(spec->repository.username, "x-access-token");
    auto scrubber = secrets_of(*spec);
    for (auto secret : {"ghs_t0ken/1", "ghs_t0ken%2F1", "t0ken-in-url"})
        EXPECT_EQ(scrubber.scrub(secret), "*****") << secret;
    EXPECT_EQ(scrubber.scrub("x-access-token"), "x-access-token");
}

TEST(RunSpec, AsksTheAdaptersTableWhatIsSecret) {
    auto value = full_spec();
    auto& profile = value.as_object()["profile"].as_object();
    profile["adapter"] = "bigquery";
    profile["connection"] = {{"private_key_id", "key-id-0815"},
                             {"token_uri", "https://token.example"},
                             {"keyfile_json", R"({"private_key": "one\ntwo-three"})"}};
    auto scrubber = secrets_of(*parse_run_spec(value));
    EXPECT_EQ(scrubber.scrub("key-id-0815 https://token.example"),
              "key-id-0815 https://token.example");
    EXPECT_EQ(scrubber.scrub("two-three"), "*****");
}

TEST(RunSpecParsing, KnowsWhichHostKeysAreRequired) {
    auto spec = parse_run_spec(boost::json::parse(R"({
        "run_id": 1, "dbt_version": "1.11.0-latest",
        "repository": {"remote_url": "ssh://git@h/shop.git", "id": 7, "may_be_cached": true},
        "profile": {"adapter": "duckdb"},
        "ssh_host_keys": [{"hostname": "h", "port": 2222, "key_type": "t", "public_key": "AAAA"},
                          {"hostname": "without a key"}]})"));
    ASSERT_TRUE(spec) << spec.error().message;
    EXPECT_EQ(spec->repository.id, 7);
    EXPECT_TRUE(spec->repository.may_be_cached);
    ASSERT_EQ(spec->ssh_host_keys.size(), 1U);
    EXPECT_EQ(spec->ssh_host_keys[0], (HostKey{"h", 2222, "t", "AAAA"}));
}

}  // namespace
}  // namespace mw::runner
