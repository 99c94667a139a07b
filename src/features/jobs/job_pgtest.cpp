#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "features/jobs/job_api.hpp"
#include "features/runs/pgtest_api.hpp"
#include "features/runs/run_service.hpp"
#include "features/runs/run_views.hpp"

namespace mw::jobs {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class JobApiTest : public testing::Test {
  protected:
    JobApiTest() {
        world_.act_as(account_);
        add_job_endpoints(world_.api(), world_.pool(),
                          {.add_recent =
                               [this](Id account_id, Id job_id, std::set<std::string> asked,
                                      boost::json::object& json) {
                                   return views_.add_recent_runs(account_id, job_id,
                                                                 std::move(asked), json);
                               },
                           .cancel_queued = runs::cancel_queued_runs});
    }

    std::string path(std::string rest = {}) {
        return fmt::format("/api/v2/accounts/{}/jobs/{}", account_, rest);
    }
    std::string path(Id id, std::string query = {}) {
        return path(fmt::format("{}/{}", id, query));
    }
    std::vector<Id> listed(std::string query = {}) {
        auto answer = world_.get(path("?" + query));
        EXPECT_EQ(answer.status, 200) << answer.body;
        std::vector<Id> ids;
        for (const auto& job : answer.data().as_array())
            ids.push_back(job.at("id").as_int64());
        return ids;
    }
    Id project_of(Id job_id) {
        return world_.value<Id>("SELECT project_id AS v FROM jobs WHERE id = $1", job_id);
    }
    Id environment_of(Id job_id) {
        return world_.value<Id>("SELECT environment_id AS v FROM jobs WHERE id = $1", job_id);
    }
    std::string new_job(Id project, Id environment, std::string more = {}) {
        return fmt::format(R"({{"name":"New","project_id":{},"environment_id":{}{}}})", project,
                           environment, more);
    }
    std::vector<std::string> audited(Id job_id) {
        return world_
            .sql(
                "SELECT event FROM audit_log WHERE subject_type = 'job' AND subject_id = $1 "
                "ORDER BY id",
                job_id)
            .column<std::string>("event");
    }

    test::ApiWorld world_;
    Id account_ = world_.account();
    run_log::LogReader logs_{world_.pool(), world_.objects()};
    runs::RunViews views_{world_.pool(), logs_, "https://dbt.example.com"};
};

TEST_F(JobApiTest, ListsFilterOrderAndPage) {
    auto a = world_.job(account_);
    auto b = world_.job(account_);
    auto c = world_.job(account_);
    world_.sql(
        "UPDATE jobs SET name = 'nightly 100%', job_type = 'scheduled', cron = '0 4 * * *', "
        "schedule_enabled = true, dbt_version = '1.10.0-latest' WHERE id = $1",
        b);
    EXPECT_THAT(listed(), ElementsAre(a, b, c));
    EXPECT_THAT(listed("order_by=-id&limit=2"), ElementsAre(c, b));
    EXPECT_THAT(listed("order_by=-id&limit=2&offset=2"), ElementsAre(a));
    EXPECT_THAT(listed("order_by=-name"), ElementsAre(b, c, a));
    EXPECT_THAT(listed(fmt::format("project_id={}", project_of(c))), ElementsAre(c));
    EXPECT_THAT(listed(fmt::format("project_id__in=[{},{}]", project_of(a), project_of(c))),
                ElementsAre(a, c));
    EXPECT_THAT(listed(fmt::format("environment_id={}", environment_of(b))), ElementsAre(b));
    EXPECT_THAT(listed(fmt::format("pk={}", b)), ElementsAre(b));
    EXPECT_THAT(listed(fmt::format("id__gt={}", a)), ElementsAre(b, c));
    EXPECT_THAT(listed("name__icontains=night"), ElementsAre(b));
    EXPECT_THAT(listed("name__icontains=100%"), ElementsAre(b));
    EXPECT_THAT(listed("name__icontains=%"), ElementsAre(b));
    EXPECT_THAT(listed("triggers_schedule=true"), ElementsAre(b));
    EXPECT_THAT(listed("triggers_schedule=False"), ElementsAre(a, c));
    EXPECT_THAT(listed("dbt_version__in=[\"1.10.0-latest\"]"), ElementsAre(b));
    EXPECT_THAT(listed("is_system=false&account_id=7"), ElementsAre(a, b, c));
    for (std::string wrong :
         {"project_id=x", "order_by=cron", "triggers_schedule=maybe", "state=gone", "limit=-1"})
        EXPECT_EQ(world_.get(path("?" + wrong)).status, 400) << wrong;
}

TEST_F(JobApiTest, ADeletedJobIsGoneButListedWhenAskedFor) {
    auto kept = world_.job(account_);
    auto removed = world_.job(account_);
    auto posted = world_.job(account_);
    world_.sql(
        "UPDATE jobs SET cron = '0 4 * * *', schedule_enabled = true, next_run_at = now() "
        "WHERE account_id = $1",
        account_);
    auto answer = world_.call("DELETE", path(removed));
    EXPECT_EQ(answer.status, 200) << answer.body;
    EXPECT_EQ(answer.data().at("id"), removed);
    EXPECT_EQ(answer.data().at("state"), 2);
    EXPECT_TRUE(answer.data().at("next_run").is_null());
    EXPECT_EQ(world_.post(path(posted), R"({"state":2})").data().at("state"), 2);

    EXPECT_THAT(listed(), ElementsAre(kept));
    EXPECT_THAT(listed("state=active"), ElementsAre(kept));
    EXPECT_THAT(listed("state=deleted"), ElementsAre(removed, posted));
    EXPECT_THAT(listed("state=2"), ElementsAre(removed, posted));
    EXPECT_THAT(listed("state=all"), ElementsAre(kept, removed, posted));
    for (auto id : {removed, posted}) {
        EXPECT_EQ(world_.get(path(id)).status, 404);
        EXPECT_EQ(world_.post(path(id), R"({"name":"Back","state":1})").status, 404);
        EXPECT_EQ(world_.call("DELETE", path(id)).status, 404);
        EXPECT_THAT(audited(id), ElementsAre("job.deleted"));
    }
    EXPECT_EQ(world_.value<int>("SELECT count(*)::int AS v FROM jobs WHERE next_run_at IS NULL"),
              2);
}

TEST_F(JobApiTest, DeletingCancelsTheQueuedRunsBothWays) {
    for (bool by_state : {false, true}) {
        auto job = world_.job(account_);
        auto running = world_.queued_run(job);
        world_.sql("UPDATE runs SET status = 3 WHERE id = $1", running);
        auto queued = world_.queued_run(job);
        auto of_another = world_.queued_run(world_.job(account_));
        auto answer =
            by_state ? world_.post(path(job), R"({"state":2})") : world_.call("DELETE", path(job));
        EXPECT_EQ(answer.status, 200) << answer.body;
        EXPECT_EQ(world_.status(queued), 30);
        EXPECT_THAT(world_.message(queued), HasSubstr("ann@example.com deleted the job"));
        EXPECT_EQ(world_.status(running), 3);
        EXPECT_EQ(world_.status(of_another), 1);
    }
    // Any other change leaves them where they are.
    auto job = world_.job(account_);
    auto queued = world_.queued_run(job);
    EXPECT_EQ(world_.post(path(job), R"({"name":"Other","state":1})").status, 200);
    EXPECT_EQ(world_.status(queued), 1);
}

TEST_F(JobApiTest, NothingOfADeletionStaysWhenItFails) {
    auto job = world_.job(account_);
    auto queued = world_.queued_run(job);
    world_.sql(
        "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'no'; END $$");
    world_.sql("CREATE TRIGGER refuse BEFORE UPDATE ON runs EXECUTE FUNCTION refuse()");
    EXPECT_EQ(world_.call("DELETE", path(job)).status, 500);
    EXPECT_EQ(world_.status(queued), 1);
    EXPECT_EQ(world_.get(path(job)).status, 200);
    EXPECT_THAT(audited(job), IsEmpty());
}

TEST_F(JobApiTest, OtherAccountsJobsAreNotThere) {
    auto job = world_.job(account_);
    auto project = project_of(job);
    auto environment = environment_of(job);
    auto owners_path = path(job);
    world_.act_as(world_.account());
    account_ = world_.caller().account_id;
    for (const auto& target : {owners_path, path(job)}) {
        EXPECT_EQ(world_.get(target).status, 404);
        EXPECT_EQ(world_.post(target, R"({"name":"Mine"})").status, 404);
        EXPECT_EQ(world_.call("DELETE", target).status, 404);
    }
    EXPECT_THAT(listed("state=all"), IsEmpty());
    // Nor can a job be made of what is another's.
    auto answer = world_.post(path(), new_job(project, environment));
    EXPECT_EQ(answer.status, 400);
    EXPECT_THAT(answer.message(), HasSubstr("project_id"));
    auto own = world_.job(account_);
    answer = world_.post(path(), new_job(project_of(own), environment));
    EXPECT_THAT(answer.message(), HasSubstr("environment_id"));
    answer = world_.post(path(), new_job(project_of(own), environment_of(own),
                                         fmt::format(R"(,"deferring_job_definition_id":{})", job)));
    EXPECT_THAT(answer.message(), HasSubstr("deferring_job_definition_id"));
    EXPECT_EQ(world_.value<std::string>("SELECT name AS v FROM jobs WHERE id = $1", job), "j");
}

TEST_F(JobApiTest, CreatingAndChangingAreKeptAndTraced) {
    auto model = world_.job(account_);
    auto answer = world_.post(
        path(), new_job(project_of(model), environment_of(model), R"(,"settings":{"threads":3})"));
    ASSERT_EQ(answer.status, 200) << answer.body;
    auto id = answer.data().at("id").as_int64();
    EXPECT_EQ(answer.data().at("settings").at("threads"), 3);
    EXPECT_EQ(world_.post(path(id), R"({"description":"About it"})").status, 200);
    auto job = world_.get(path(id)).data();
    EXPECT_EQ(job.at("description"), "About it");
    EXPECT_EQ(job.at("settings").at("threads"), 3);
    EXPECT_THAT(audited(id), ElementsAre("job.created", "job.updated"));
    boost::json::object execution{{"timeout_seconds", 60},
                                  {"memory_limit_mb", 512},
                                  {"cpu_limit", 0.5},
                                  {"process_limit", 64}};
    EXPECT_EQ(
        world_.post(path(id), boost::json::serialize(boost::json::object{{"execution", execution}}))
            .status,
        200);
    EXPECT_EQ(world_.get(path(id)).data().at("execution"), execution);
    auto other_project = project_of(world_.job(account_));
    auto moved = world_.post(path(id), fmt::format(R"({{"project_id":{}}})", other_project));
    EXPECT_EQ(moved.status, 400);
    EXPECT_THAT(moved.message(), HasSubstr("project_id"));
}

TEST_F(JobApiTest, AJobDefersWithinItsProjectAndToItself) {
    auto job = world_.job(account_);
    auto other = world_.job(account_);
    auto set = [&](std::string_view field, Id id) {
        return world_.post(path(job), fmt::format(R"({{"{}":{}}})", field, id));
    };
    EXPECT_EQ(set("deferring_job_definition_id", job).data().at("deferring_job_definition_id"),
              job);
    EXPECT_EQ(set("deferring_environment_id", environment_of(job)).status, 200);
    EXPECT_THAT(set("deferring_job_definition_id", other).message(),
                HasSubstr("deferring_job_definition_id: belongs to another project"));
    EXPECT_THAT(set("deferring_environment_id", environment_of(other)).message(),
                HasSubstr("deferring_environment_id: belongs to another project"));
}

TEST_F(JobApiTest, AJobRunsAfterAnotherOfTheAccountButNeverInACircle) {
    auto a = world_.job(account_);
    auto b = world_.job(account_);
    auto c = world_.job(account_);
    world_.sql("UPDATE jobs SET name = 'Load' WHERE id = $1", a);
    world_.sql("UPDATE jobs SET name = 'Build' WHERE id = $1", b);
    auto after = [&](Id job, std::string condition) {
        return world_.post(path(job),
                           fmt::format(R"({{"job_completion_trigger_condition": {}}})", condition));
    };
    auto job_after = [&](Id job, Id before) {
        return after(job,
                     fmt::format(R"({{"condition": {{"job_id": {}, "statuses": [10]}}}})", before));
    };
    auto kept = after(b, fmt::format(R"({{"condition": {{"job_id": {}, "project_id": {},
                                          "statuses": [10, 20]}}}})",
                                     a, project_of(a)));
    EXPECT_EQ(kept.status, 200) << kept.body;
    EXPECT_EQ(kept.data().at("job_completion_trigger_condition").at("condition").at("job_id"), a);
    EXPECT_EQ(job_after(c, b).status, 200);
    EXPECT_THAT(job_after(a, a).message(), HasSubstr("can't wait for itself"));
    EXPECT_THAT(job_after(a, c).message(),
                HasSubstr("forever: j, which waits for Build, which waits for Load"));
    // What is kept is not asked about again.
    world_.sql("UPDATE jobs SET state = 2 WHERE id = $1", a);
    EXPECT_EQ(world_.post(path(b), R"({"description": "x"})").status, 200);
    EXPECT_THAT(job_after(c, a).message(), HasSubstr("there is no job"));
    EXPECT_EQ(after(b, "null").data().at("job_completion_trigger_condition"), nullptr);

    for (auto [condition, word] :
         {std::pair("[]", "object"),
          {"{}", "condition"},
          {R"({"condition": {"statuses": [10]}})", "job_id"},
          {R"({"condition": {"job_id": 1, "statuses": []}})", "statuses"},
          {R"({"condition": {"job_id": 1, "statuses": [1]}})", "10, 20"},
          {R"({"condition": {"job_id": 999, "statuses": [10]}})", "no job 999"}}) {
        auto refused = after(c, condition);
        EXPECT_EQ(refused.status, 400);
        EXPECT_THAT(refused.message(), HasSubstr("job_completion_trigger_condition"));
        EXPECT_THAT(refused.message(), HasSubstr(word));
    }
    auto foreign = world_.job(world_.account());
    EXPECT_THAT(job_after(c, foreign).message(), HasSubstr("there is no job"));
    EXPECT_THAT(after(c, fmt::format(R"({{"condition": {{"job_id": {}, "project_id": 1,
                                         "statuses": [10]}}}})",
                                     b))
                    .message(),
                HasSubstr("is in project"));
}

TEST_F(JobApiTest, ForceNodeSelectionIsKeptAsGiven) {
    auto job = world_.job(account_);
    EXPECT_EQ(world_.get(path(job)).data().at("force_node_selection"), nullptr);
    for (auto given : {"true", "false", "null"}) {
        world_.post(path(job), fmt::format(R"({{"force_node_selection":{}}})", given));
        world_.post(path(job), R"({"name":"renamed"})");
        auto shown = world_.get(path(job)).data().at("force_node_selection");
        EXPECT_EQ(boost::json::serialize(shown), given);
    }
    EXPECT_EQ(world_.post(path(job), R"({"force_node_selection":"maybe"})").status, 400);
}

TEST_F(JobApiTest, AFormMakesAJobAsJsonDoes) {
    auto model = world_.job(account_);
    http::Headers form{{"content-type", "application/x-www-form-urlencoded"}};
    auto answer =
        world_.call("POST", path(),
                    fmt::format("name=New&project_id={}&environment_id={}&execute_steps=dbt+build"
                                "&settings.threads=3&generate_docs=on&triggers.schedule=true"
                                "&schedule=%7B%22cron%22%3A%220+4+*+*+0%22%7D",
                                project_of(model), environment_of(model)),
                    form);
    ASSERT_EQ(answer.status, 200) << answer.body;
    auto job = answer.data();
    EXPECT_EQ(job.at("execute_steps"), (boost::json::array{"dbt build"}));
    EXPECT_EQ(job.at("settings").at("threads"), 3);
    EXPECT_EQ(job.at("generate_docs"), true);
    EXPECT_EQ(job.at("triggers").at("schedule"), true);
    EXPECT_EQ(job.at("cron_humanized"), "At 04:00 AM, only on Sunday");
    auto id = job.at("id").as_int64();
    EXPECT_EQ(world_.call("POST", path(id), "state=2", form).data().at("state"), 2);
}

TEST_F(JobApiTest, RelatedObjectsComeWhenAskedForAndElseAreNull) {
    auto job = world_.job(account_);
    auto project = project_of(job);
    auto over = world_.queued_run(job);
    world_.sql("UPDATE runs SET status = 10, finished_at = now() WHERE id = $1", over);
    auto waiting = world_.queued_run(job);
    world_.sql(
        "INSERT INTO environment_variables (account_id, project_id, job_id, name, value, "
        "sealed_value) VALUES ($1, $2, $3, 'DBT_TABLE', 'orders', NULL), "
        "($1, $2, $3, 'DBT_ENV_SECRET_KEY', NULL, 'sealed'), "
        "($1, $2, NULL, 'DBT_OF_THE_PROJECT', 'x', NULL)",
        account_, project, job);

    const std::vector<std::string> all{"account",         "project",
                                       "environment",     "custom_environment_variables",
                                       "most_recent_run", "most_recent_completed_run",
                                       "fusion_readiness"};
    auto plain = world_.get(path(job)).data();
    for (const auto& name : all)
        EXPECT_TRUE(plain.at(name).is_null()) << name;
    for (const auto& asked : all) {
        auto shown = world_.get(path(job, "?include_related=" + asked)).data();
        for (const auto& name : all)
            EXPECT_EQ(shown.at(name).is_null(), name != asked || name == "fusion_readiness")
                << name << " when asked for " << asked;
    }
    auto whole = world_
                     .get(path("?include_related=" + fmt::format("{}", fmt::join(all, ",")) +
                               ",something_new"))
                     .data()
                     .at(0);
    EXPECT_EQ(whole.at("account").at("id"), account_);
    EXPECT_EQ(whole.at("project").at("id"), project);
    EXPECT_EQ(whole.at("environment").at("id"), environment_of(job));
    EXPECT_EQ(whole.at("most_recent_run").at("id"), waiting);
    EXPECT_EQ(whole.at("most_recent_completed_run").at("id"), over);
    const auto& variables = whole.at("custom_environment_variables").as_array();
    ASSERT_EQ(variables.size(), 2u);
    EXPECT_EQ(variables[0].at("name"), "DBT_ENV_SECRET_KEY");
    EXPECT_EQ(variables[0].at("display_value"), "**********");
    EXPECT_EQ(variables[1].at("display_value"), "orders");
    EXPECT_EQ(variables[1].at("type"), "job");
    EXPECT_EQ(variables[1].at("job_definition_id"), job);
}

}  // namespace
}  // namespace mw::jobs
