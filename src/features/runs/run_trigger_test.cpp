#include "features/runs/run_trigger.hpp"

#include <gtest/gtest.h>

#include <boost/json/parse.hpp>

namespace mw::runs {
namespace {

result<TriggerRequest> read(std::string_view body) {
    return read_trigger_request(boost::json::parse(body));
}

// The field that the refusal names first.
std::string refused_field(std::string_view body) {
    auto request = read(body);
    return request ? "" : request.error().fields.front().field;
}

TEST(TriggerRequest, ReadsEveryOverride) {
    auto request = read(R"({
        "cause": "Nightly", "git_branch": "main", "git_sha": "abc", "github_pull_request_id": 7,
        "schema_override": "s", "dbt_version_override": "1.10.0-latest", "threads_override": 8,
        "target_name_override": "prod", "generate_docs_override": true,
        "timeout_seconds_override": 60, "steps_override": ["dbt run", "dbt test"],
        "unknown": {"is": "ignored"}})");
    ASSERT_TRUE(request) << request.error().message;
    EXPECT_EQ(request->cause, "Nightly");
    EXPECT_EQ(request->overrides.git_branch, "main");
    EXPECT_EQ(request->overrides.github_pull_request_id, 7);
    EXPECT_EQ(request->overrides.threads_override, 8);
    EXPECT_EQ(request->overrides.generate_docs_override, true);
    EXPECT_EQ(request->overrides.steps_override->size(), 2u);
    EXPECT_TRUE(request->overrides.pull_request_id());
}

TEST(TriggerRequest, NullIsAsGoodAsAbsent) {
    auto request = read(R"({"cause": "x", "git_sha": null, "steps_override": null,
                            "generate_docs_override": null, "threads_override": null})");
    ASSERT_TRUE(request) << request.error().message;
    EXPECT_FALSE(request->overrides.git_sha);
    EXPECT_FALSE(request->overrides.steps_override);
    EXPECT_FALSE(request->overrides.generate_docs_override);
}

TEST(TriggerRequest, AcceptsBothSpellingsOfTheAzureField) {
    EXPECT_EQ(read(R"({"cause":"x","azure_pull_request_id":5})")->overrides.azure_pull_request_id,
              5);
    EXPECT_EQ(
        read(R"({"cause":"x","azure_devops_pull_request_id":5})")->overrides.azure_pull_request_id,
        5);
}

TEST(TriggerRequest, NamesTheFieldThatIsWrong) {
    EXPECT_EQ(refused_field("{}"), "cause");
    EXPECT_EQ(refused_field(R"({"cause": ""})"), "cause");
    EXPECT_EQ(refused_field(R"({"cause": null})"), "cause");
    EXPECT_EQ(refused_field(R"({"cause": 1})"), "cause");
    EXPECT_EQ(refused_field("[]"), "body");
    for (auto [field, value] : std::initializer_list<std::pair<const char*, const char*>>{
             {"git_sha", "1"},
             {"git_branch", "\"\""},
             {"github_pull_request_id", "\"7\""},
             {"azure_pull_request_id", "0"},
             {"threads_override", "0"},
             {"threads_override", "1.5"},
             {"generate_docs_override", "\"yes\""},
             {"timeout_seconds_override", "-1"},
             {"steps_override", "\"dbt run\""},
             {"steps_override", "[]"},
             {"schema_override", "{}"}})
        EXPECT_EQ(refused_field(std::string(R"({"cause":"x",")") + field + "\":" + value + "}"),
                  field)
            << value;
    EXPECT_EQ(refused_field(R"({"cause":"x","steps_override":["dbt run","rm -rf /"]})"),
              "steps_override[1]");
    EXPECT_EQ(refused_field(R"({"cause":"x","steps_override":[1]})"), "steps_override[0]");
}

TEST(StoredTrigger, ComesBackAsItWas) {
    Trigger trigger{"why", "api", {}, {}};
    trigger.overrides.steps_override = {"dbt run"};
    trigger.overrides.gitlab_merge_request_id = 3;
    trigger.plan = {{"dbt run"}, true, true, 7, "prod", 90, 512, 1.5, 64};
    trigger.plan.run_lint = trigger.plan.run_compare_changes = true;
    trigger.plan.errors_on_lint_failure = false;
    trigger.plan.compare_changes_flags = "--select tag:nightly";
    auto read_back = from_stored(to_stored(trigger));
    EXPECT_EQ(read_back.cause, "why");
    EXPECT_EQ(read_back.cause_category, "api");
    EXPECT_EQ(read_back.overrides.steps_override, trigger.overrides.steps_override);
    EXPECT_EQ(read_back.overrides.gitlab_merge_request_id, 3);
    EXPECT_FALSE(read_back.overrides.git_sha);
    EXPECT_EQ(read_back.plan.steps, trigger.plan.steps);
    EXPECT_TRUE(read_back.plan.generate_docs);
    EXPECT_TRUE(read_back.plan.run_generate_sources);
    EXPECT_EQ(read_back.plan.threads, 7);
    EXPECT_EQ(read_back.plan.target_name, "prod");
    EXPECT_EQ(read_back.plan.timeout_seconds, 90);
    EXPECT_EQ(read_back.plan.memory_limit_mb, 512);
    EXPECT_EQ(read_back.plan.cpu_limit, 1.5);
    EXPECT_EQ(read_back.plan.process_limit, 64);
    EXPECT_TRUE(read_back.plan.run_lint && read_back.plan.run_compare_changes);
    EXPECT_FALSE(read_back.plan.errors_on_lint_failure);
    EXPECT_EQ(read_back.plan.compare_changes_flags, "--select tag:nightly");
}

TEST(StoredTrigger, OfAnotherVersionIsShownAllTheSame) {
    auto trigger = from_stored(R"({"cause": "old", "git_sha": 5, "steps_override": ["rm"]})");
    EXPECT_EQ(trigger.cause, "old");
    EXPECT_FALSE(trigger.overrides.git_sha);
    EXPECT_EQ(trigger.plan.threads, 4);
    EXPECT_FALSE(trigger.plan.run_lint || trigger.plan.run_compare_changes);
    EXPECT_TRUE(from_stored("{}").cause.empty());
    EXPECT_TRUE(from_stored("not JSON").cause.empty());
}

}  // namespace
}  // namespace mw::runs
