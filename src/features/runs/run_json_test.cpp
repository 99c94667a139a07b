#include "features/runs/run_json.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json/parse.hpp>

#include "features/runs/run_trigger.hpp"

namespace mw::runs {
namespace {

using testing::UnorderedElementsAreArray;

constexpr std::string_view kHost = "https://dbt.example.com:8443";

Timestamp at(std::string_view text) {
    return parse_time(text).value();
}

Run finished_run() {
    Run run;
    run.id = 286;
    run.account_id = 1;
    run.project_id = 5;
    run.environment_id = 6;
    run.job_id = 7;
    run.trigger_id = 300;
    Trigger trigger{"Kicked off from the UI", "ui", {}, {}};
    trigger.overrides.git_branch = "main";
    run.trigger = to_stored(trigger);
    run.status = Status::success;
    run.dbt_version = "1.11.0-latest";
    run.git_sha = "abc";
    run.created_at = at("2024-05-27 10:42:16.179903");
    run.updated_at = at("2024-05-27 10:44:40");
    run.should_start_at = run.created_at;
    run.dequeued_at = at("2024-05-27 10:42:17");
    run.started_at = at("2024-05-27 10:42:20.5");
    run.finished_at = at("2024-05-27 10:44:40");
    return run;
}

std::vector<std::string> keys_of(const boost::json::object& object) {
    std::vector<std::string> keys;
    for (const auto& [key, value] : object)
        keys.emplace_back(key);
    return keys;
}

TEST(RunJson, HasTheContractsFields) {
    auto json = run_json(finished_run(), {}, kHost, at("2024-05-27 11:00:00"));
    EXPECT_THAT(keys_of(json), UnorderedElementsAreArray({"id",
                                                          "trigger_id",
                                                          "account_id",
                                                          "environment_id",
                                                          "project_id",
                                                          "job_definition_id",
                                                          "status",
                                                          "dbt_version",
                                                          "git_branch",
                                                          "git_sha",
                                                          "status_message",
                                                          "owner_thread_id",
                                                          "executed_by_thread_id",
                                                          "deferring_run_id",
                                                          "artifacts_saved",
                                                          "artifact_s3_path",
                                                          "has_docs_generated",
                                                          "has_sources_generated",
                                                          "notifications_sent",
                                                          "blocked_by",
                                                          "created_at",
                                                          "updated_at",
                                                          "dequeued_at",
                                                          "started_at",
                                                          "finished_at",
                                                          "last_checked_at",
                                                          "last_heartbeat_at",
                                                          "should_start_at",
                                                          "trigger",
                                                          "job",
                                                          "environment",
                                                          "run_steps",
                                                          "deprecation",
                                                          "status_humanized",
                                                          "in_progress",
                                                          "is_complete",
                                                          "is_success",
                                                          "is_error",
                                                          "is_cancelled",
                                                          "duration",
                                                          "queued_duration",
                                                          "run_duration",
                                                          "duration_humanized",
                                                          "queued_duration_humanized",
                                                          "run_duration_humanized",
                                                          "created_at_humanized",
                                                          "finished_at_humanized",
                                                          "retrying_run_id",
                                                          "can_retry",
                                                          "retry_not_supported_reason",
                                                          "job_id",
                                                          "is_running",
                                                          "href",
                                                          "used_repo_cache",
                                                          "audit"}));
    EXPECT_EQ(json.size(), 55u);
}

TEST(RunJson, ShowsTimesAndDurationsAsRunsDo) {
    auto json = run_json(finished_run(), {}, kHost, at("2024-05-27 11:00:00"));
    EXPECT_EQ(json["created_at"], "2024-05-27 10:42:16.179903+00:00");
    EXPECT_EQ(json["started_at"], "2024-05-27 10:42:20.500000+00:00");
    EXPECT_EQ(json["duration"], "00:02:23");
    EXPECT_EQ(json["queued_duration"], "00:00:04");
    EXPECT_EQ(json["run_duration"], "00:02:19");
    EXPECT_EQ(json["duration_humanized"], "2 minutes, 23 seconds");
    EXPECT_EQ(json["created_at_humanized"], "17 minutes ago");
    EXPECT_EQ(json["finished_at_humanized"], "15 minutes ago");
    EXPECT_EQ(json["href"], "https://dbt.example.com:8443/deploy/1/projects/5/runs/286/");
    EXPECT_EQ(json["status"], 10);
    EXPECT_EQ(json["status_humanized"], "Success");
    EXPECT_EQ(json["is_complete"], true);
    EXPECT_EQ(json["in_progress"], false);
    EXPECT_EQ(json["can_retry"], false);
    EXPECT_EQ(json["retry_not_supported_reason"], "RETRY_NOT_FAILED_RUN");
}

TEST(RunJson, AQueuedRunHasOnlyQueued) {
    auto run = finished_run();
    run.status = Status::queued;
    run.dequeued_at = run.started_at = run.finished_at = std::nullopt;
    Related related;
    related.blocked_by = {7, 9};
    auto json = run_json(run, related, kHost, at("2024-05-27 10:43:07.5"));
    EXPECT_EQ(json["duration"], "00:00:51");
    EXPECT_EQ(json["queued_duration"], "00:00:51");
    EXPECT_EQ(json["run_duration"], "00:00:00");
    EXPECT_EQ(json["duration_humanized"], "51 seconds");
    EXPECT_EQ(json["run_duration_humanized"], "0 minutes");
    EXPECT_EQ(json["finished_at_humanized"], "0 minutes from now");
    EXPECT_TRUE(json["finished_at"].is_null());
    EXPECT_EQ(json["in_progress"], true);
    EXPECT_EQ(json["blocked_by"], (boost::json::array{7, 9}));
}

TEST(RunJson, HoursMayPassADay) {
    auto run = finished_run();
    run.finished_at = *run.started_at + std::chrono::hours(24) + std::chrono::seconds(36);
    auto json = run_json(run, {}, kHost, *run.finished_at);
    EXPECT_EQ(json["run_duration"], "24:00:36");
}

TEST(RunJson, ALineOfAListIsTheSame) {
    auto run = finished_run();
    run.status_message = "it said \"no\"\nand went";
    Related related;
    related.trigger = true;
    related.job = std::make_shared<const boost::json::object>(boost::json::object{{"id", 7}});
    related.blocked_by = {7, 9};
    auto seen_at = at("2024-05-27 11:00:00");
    std::string text;
    append_run_json(text, run, related, kHost, seen_at);
    EXPECT_EQ(boost::json::parse(text), run_json(run, related, kHost, seen_at));

    run = mw::runs::Run{};
    text.clear();
    append_run_json(text, run, {}, kHost, seen_at);
    EXPECT_EQ(boost::json::parse(text), run_json(run, {}, kHost, seen_at));
}

TEST(RunJson, WhatIsNotAskedForIsNull) {
    auto json = run_json(finished_run(), {}, kHost, at("2024-05-27 11:00:00"));
    for (auto field : {"trigger", "job", "environment", "audit", "deprecation", "status_message",
                       "retrying_run_id", "artifact_s3_path"})
        EXPECT_TRUE(json[field].is_null()) << field;
    EXPECT_EQ(json["run_steps"], boost::json::array{});
}

TEST(RunJson, ShowsWhoMadeAndWhoCancelledIt) {
    auto run = finished_run();
    Related related;
    related.audit = {{286, "run.created", "user", 3, "ann@example.com"},
                     {286, "run.cancelled", "service_token", std::nullopt, "ci"},
                     {999, "run.created", "user", 4, "someone else"}};
    auto json = run_json(run, related, kHost, at("2024-05-27 11:00:00"));
    EXPECT_EQ(json["audit"].at("trigger").at("actor").at("name"), "ann@example.com");
    EXPECT_EQ(json["audit"].at("trigger").at("actor").at("id"), "3");
    EXPECT_EQ(json["audit"].at("cancellation").at("actor").at("type"), "service_token");
}

TEST(TriggerJson, HasTheOverridesAndTheCause) {
    auto json = trigger_json(finished_run());
    EXPECT_THAT(keys_of(json), UnorderedElementsAreArray({"id",
                                                          "cause",
                                                          "cause_humanized",
                                                          "cause_category",
                                                          "job_definition_id",
                                                          "created_at",
                                                          "job",
                                                          "git_branch",
                                                          "git_sha",
                                                          "azure_pull_request_id",
                                                          "github_pull_request_id",
                                                          "gitlab_merge_request_id",
                                                          "non_native_pull_request_id",
                                                          "schema_override",
                                                          "dbt_version_override",
                                                          "threads_override",
                                                          "target_name_override",
                                                          "generate_docs_override",
                                                          "timeout_seconds_override",
                                                          "steps_override"}));
    EXPECT_EQ(json["id"], 300);
    EXPECT_EQ(json["cause"], "Kicked off from the UI");
    EXPECT_EQ(json["cause_category"], "ui");
    EXPECT_EQ(json["git_branch"], "main");
    EXPECT_TRUE(json["steps_override"].is_null());
    EXPECT_EQ(json["created_at"], "2024-05-27 10:42:16.179903+00:00");
}

TEST(StepJson, ShowsItsTimeStateAndLog) {
    Step step{.id = 9,
              .run_id = 286,
              .account_id = 1,
              .index = 4,
              .name = "Invoke dbt with `dbt build`",
              .command = "dbt build",
              .status = Status::error,
              .started_at = at("2024-05-27 10:42:20"),
              .finished_at = at("2024-05-27 10:43:21"),
              .created_at = at("2024-05-27 10:42:18"),
              .updated_at = at("2024-05-27 10:43:21")};
    run_log::StepText text{"shown", "all", "last"};
    auto json = step_json(step, &text, at("2024-05-27 11:00:00"));
    EXPECT_EQ(json["duration"], "00:01:01");
    EXPECT_EQ(json["duration_humanized"], "1 minute, 1 second");
    EXPECT_EQ(json["status"], 20);
    EXPECT_EQ(json["status_humanized"], "Error");
    EXPECT_EQ(json["logs"], "shown");
    EXPECT_EQ(json["debug_logs"], "all");
    EXPECT_EQ(json["truncated_debug_logs"], "last");
    EXPECT_EQ(json["run_step_command"].at("dbt_command"), "dbt build");
    EXPECT_EQ(json["started_at"], "2024-05-27 10:42:20.000000+00:00");

    step.command.clear();
    step.started_at = step.finished_at = std::nullopt;
    json = step_json(step, nullptr, at("2024-05-27 11:00:00"));
    EXPECT_TRUE(json["logs"].is_null());
    EXPECT_TRUE(json["run_step_command"].is_null());
    EXPECT_EQ(json["duration"], "00:00:00");
}

TEST(Humanized, MomentsAreInMinutes) {
    auto now = at("2024-05-27 10:00:00");
    using namespace std::chrono_literals;
    EXPECT_EQ(humanize_moment(now - 20s, now), "0 minutes ago");
    EXPECT_EQ(humanize_moment(now - 61s, now), "1 minute ago");
    EXPECT_EQ(humanize_moment(now - 17 * 24h, now), "2 weeks, 3 days ago");
    EXPECT_EQ(humanize_moment(std::nullopt, now), "0 minutes from now");
    EXPECT_EQ(humanize_moment(now + 1s, now), "0 minutes from now");
}

}  // namespace
}  // namespace mw::runs
