#include "features/jobs/job_input.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <boost/json/parse.hpp>

#include "features/jobs/job_json.hpp"

namespace mw::jobs {
namespace {

const Timestamp kAt = *parse_time("2026-03-01T05:30:00Z");

result<Job> read(std::string_view body, bool is_new = true, Job job = {}) {
    MW_CHECK(read_job(boost::json::parse(body), is_new, kAt, job));
    return job;
}

std::string field_of(std::string_view body) {
    auto job = read(body);
    return job ? "accepted" : job.error().fields.front().field;
}

TEST(JobInput, ThreeFieldsAreEnough) {
    auto job = read(R"({"project_id":1,"environment_id":2,"name":"Nightly"})");
    ASSERT_TRUE(job) << job.error().message;
    EXPECT_EQ(job->threads, 4);
    EXPECT_EQ(job->target_name, "default");
    EXPECT_EQ(job->job_type, "other");
    EXPECT_FALSE(job->next_run_at);
}

TEST(JobInput, NamesWhatIsMissingOrWrong) {
    EXPECT_EQ(field_of(R"({"environment_id":2,"name":"x"})"), "project_id");
    EXPECT_EQ(field_of(R"({"project_id":1,"environment_id":2,"name":""})"), "name");
    EXPECT_EQ(field_of(R"({"project_id":1,"environment_id":"2","name":"x"})"), "environment_id");
    EXPECT_EQ(field_of(R"({"project_id":1,"environment_id":2,"name":"x",
                          "execute_steps":["dbt build","rm -rf /"]})"),
              "execute_steps[1]");
    EXPECT_EQ(field_of(R"({"project_id":1,"environment_id":2,"name":"x",
                          "settings":{"threads":0}})"),
              "settings.threads");
    EXPECT_EQ(field_of(R"({"project_id":1,"environment_id":2,"name":"x","job_type":"odd"})"),
              "job_type");
    EXPECT_EQ(field_of(R"({"project_id":1,"environment_id":2,"name":"x",
                          "triggers":{"schedule":true}})"),
              "schedule");
    for (const char* flags : {"", "--select a; dbt run", "--select a --profiles-dir ."})
        EXPECT_EQ(field_of(fmt::format(R"({{"project_id":1,"environment_id":2,"name":"x",
                                            "compare_changes_flags":"{}"}})",
                                       flags)),
                  "compare_changes_flags");
    EXPECT_EQ(field_of("[]"), "body");
}

TEST(JobInput, HasLimitsOfItsOwn) {
    auto job = read(R"({"project_id":1,"environment_id":2,"name":"x","execution":
        {"timeout_seconds":60,"memory_limit_mb":512,"cpu_limit":1.5,"process_limit":64}})");
    ASSERT_TRUE(job) << job.error().message;
    EXPECT_EQ(job->memory_limit_mb, 512);
    EXPECT_EQ(job->cpu_limit, 1.5);
    EXPECT_EQ(job->process_limit, 64);
    // A client that knows only dbt Cloud's field leaves the others as they are.
    auto after = read(R"({"execution":{"timeout_seconds":90}})", false, *job);
    EXPECT_EQ(after->memory_limit_mb, 512);
    EXPECT_EQ(read(R"({"execution":{"memory_limit_mb":0}})", false, *job)->memory_limit_mb, 0);
}

TEST(JobInput, NamesALimitThatCannotWork) {
    for (auto [field, value] : {std::pair("memory_limit_mb", "127"),
                                {"memory_limit_mb", "-1"},
                                {"memory_limit_mb", "\"512\""},
                                {"cpu_limit", "0.01"},
                                {"cpu_limit", "-1"},
                                {"cpu_limit", "\"one\""},
                                {"process_limit", "5"},
                                {"process_limit", "1.5"}}) {
        auto refused = read(fmt::format(R"({{"execution":{{"{}":{}}}}})", field, value), false);
        ASSERT_FALSE(refused) << field << value;
        EXPECT_EQ(refused.error().fields.size(), 1U);
        EXPECT_EQ(refused.error().fields.front().field, fmt::format("execution.{}", field));
    }
    EXPECT_EQ(read(R"({"execution":{"memory_limit_mb":64}})", false).error().message,
              "execution.memory_limit_mb: must be 0 (no limit) or from 128 to 16777216");
}

TEST(JobInput, AScheduleSetsTheNextDueTime) {
    auto job = read(R"({"project_id":1,"environment_id":2,"name":"x",
        "triggers":{"schedule":true},
        "schedule":{"date":{"type":"custom_cron","cron":"0 6 * * *"},
                    "time":{"type":"every_hour","interval":1}}})");
    ASSERT_TRUE(job) << job.error().message;
    EXPECT_EQ(job->cron, "0 6 * * *");
    EXPECT_EQ(job->next_run_at, parse_time("2026-03-01T06:00:00Z"));
    EXPECT_EQ(job->job_type, "scheduled");
}

TEST(JobInput, AnUpdateKeepsWhatIsNotGiven) {
    Job before;
    before.name = "Nightly";
    before.project_id = 1;
    before.environment_id = 2;
    before.execute_steps = {"dbt build"};
    before.generate_docs = true;
    before.dbt_version = "1.11.0-latest";
    auto after = read(R"({"name":"Daily","dbt_version":null})", false, before);
    ASSERT_TRUE(after) << after.error().message;
    EXPECT_EQ(after->name, "Daily");
    EXPECT_EQ(after->execute_steps, before.execute_steps);
    EXPECT_TRUE(after->generate_docs);
    EXPECT_FALSE(after->dbt_version);
}

TEST(JobInput, SavingAJobKeepsADueTimeThatHasJustCome) {
    Job before;
    before.project_id = 1;
    before.environment_id = 2;
    before.cron = "30 5 * * *";
    before.schedule_enabled = true;
    before.next_run_at = kAt;
    auto renamed = read(R"({"name":"Renamed"})", false, before);
    ASSERT_TRUE(renamed);
    EXPECT_EQ(renamed->next_run_at, kAt);
    auto moved = read(R"({"schedule":{"date":{"type":"custom_cron","cron":"0 7 * * *"},
                          "time":{"type":"every_hour","interval":1}}})",
                      false, before);
    ASSERT_TRUE(moved) << moved.error().message;
    EXPECT_EQ(moved->next_run_at, parse_time("2026-03-01T07:00:00Z"));
    auto off = read(R"({"triggers":{"schedule":false}})", false, before);
    ASSERT_TRUE(off);
    EXPECT_FALSE(off->next_run_at);
}

TEST(JobInput, ADeletedJobIsNeverDue) {
    Job before;
    before.project_id = 1;
    before.environment_id = 2;
    before.cron = "* * * * *";
    before.schedule_enabled = true;
    auto after = read(R"({"state":2})", false, before);
    ASSERT_TRUE(after);
    EXPECT_FALSE(after->next_run_at);
}

TEST(JobJson, HasTheContractsShape) {
    Job job;
    job.id = 7;
    job.created_at = job.updated_at = *parse_time("2024-05-27T10:42:10.111442Z");
    job.next_run_at = parse_time("2022-07-26T23:00:00Z");
    auto json = job_json(job);
    EXPECT_EQ(json["created_at"], "2024-05-27T10:42:10.111442+00:00");
    EXPECT_EQ(json["next_run"], "2022-07-26T23:00:00+00:00");
    EXPECT_EQ(json["execution"].as_object()["timeout_seconds"], 0);
    EXPECT_EQ(json["execution"].as_object().size(), 1U);
    job.memory_limit_mb = 512;
    job.cpu_limit = 0.5;
    job.process_limit = 64;
    EXPECT_EQ(job_json(job)["execution"], (boost::json::object{{"timeout_seconds", 0},
                                                               {"memory_limit_mb", 512},
                                                               {"cpu_limit", 0.5},
                                                               {"process_limit", 64}}));
    for (auto inner : {"memory_limit_mb", "cpu_limit", "process_limit"})
        EXPECT_FALSE(job_json(job).contains(inner)) << inner;
    EXPECT_TRUE(json["environment"].is_null());
    for (auto inner : {"threads", "cron", "schedule_enabled", "next_run_at"})
        EXPECT_FALSE(json.contains(inner)) << inner;
    EXPECT_TRUE(json["schedule"].as_object()["date"].is_object());
    EXPECT_TRUE(json["schedule"].as_object()["time"].is_object());
    EXPECT_TRUE(json["cron_humanized"].is_null());
    job.cron = "0 4 * * 0";
    EXPECT_EQ(job_json(job)["cron_humanized"], "At 04:00 AM, only on Sunday");
    auto nested = job_in_run_json(job);
    EXPECT_EQ(nested["created_at"], "2024-05-27T10:42:10.111442Z");
    EXPECT_TRUE(nested["schedule"].as_object()["date"].is_string());
}

}  // namespace
}  // namespace mw::jobs
