#include "features/runs/run_api.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "features/run_log/log_flush.hpp"
#include "features/runs/pgtest_api.hpp"
#include "features/runs/run_request_store.hpp"
#include "features/runs/run_service.hpp"

namespace mw::runs {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class RunApiTest : public testing::Test {
  protected:
    RunApiTest() {
        world_.act_as(account_);
        add_run_endpoints(world_.api(), world_.pool(), views_);
    }

    std::string path(std::string rest) {
        return fmt::format("/api/v2/accounts/{}/{}", account_, rest);
    }
    boost::json::value trigger(Id job_id, std::string body = R"({"cause":"a test"})") {
        auto answer = world_.post(path(fmt::format("jobs/{}/run/", job_id)), std::move(body));
        EXPECT_EQ(answer.status, 200) << answer.body;
        return answer.data();
    }
    Id id_of(const boost::json::value& run) { return run.at("id").as_int64(); }
    std::vector<Id> listed(std::string query) {
        auto answer = world_.get(path("runs/?" + query));
        EXPECT_EQ(answer.status, 200) << answer.body;
        std::vector<Id> ids;
        for (const auto& run : answer.data().as_array())
            ids.push_back(id_of(run));
        return ids;
    }
    void set_status(Id run_id, int status) {
        world_.sql(
            "UPDATE runs SET status = $2, finished_at = CASE WHEN $2::int >= 10 THEN now() END "
            "WHERE id = $1",
            run_id, status);
    }
    void add_step(Id run_id, int index, int status, std::string name) {
        world_.sql(
            "INSERT INTO run_steps (run_id, account_id, index, name, command, status, started_at) "
            "VALUES ($1, $2, $3, $4, 'dbt build', $5, now())",
            run_id, account_, index, name, status);
    }
    void add_log(Id run_id, int step, int lines) {
        run_log::LogBatch batch{step, 1, {}};
        for (int i = 1; i <= lines; ++i)
            batch.lines.push_back({i, "2026-01-01T10:00:00.000000Z",
                                   i % 2 == 0 ? run_log::Level::info : run_log::Level::debug,
                                   fmt::format("line {}", i)});
        world_.get([&] {
            return pg::with_tx(world_.pool(), [&](pg::Connection& tx) {
                return run_log::append(tx, run_id, batch);
            });
        });
    }

    test::ApiWorld world_;
    Id account_ = world_.account();
    run_log::LogReader logs_{world_.pool(), world_.objects()};
    RunViews views_{world_.pool(), logs_, "https://dbt.example.com"};
};

TEST_F(RunApiTest, TriggeringAnswersWithTheQueuedRun) {
    auto job = world_.job(account_);
    auto run = trigger(job, R"({"cause":"why not","git_sha":"abc","steps_override":["dbt seed"]})");
    EXPECT_EQ(run.at("status"), 1);
    EXPECT_EQ(run.at("status_humanized"), "Queued");
    EXPECT_EQ(run.at("job_definition_id"), job);
    EXPECT_EQ(run.at("git_sha"), "abc");
    EXPECT_EQ(run.at("trigger").at("cause"), "why not");
    EXPECT_EQ(run.at("trigger").at("cause_category"), "api");
    EXPECT_EQ(run.at("trigger").at("steps_override"), (boost::json::array{"dbt seed"}));
    EXPECT_EQ(run.at("job").at("id"), job);
    EXPECT_EQ(run.at("environment").at("name"), "e");
    EXPECT_EQ(run.at("href").as_string(),
              fmt::format("https://dbt.example.com/deploy/{}/projects/{}/runs/{}/", account_,
                          run.at("project_id").as_int64(), id_of(run)));
}

TEST_F(RunApiTest, ABrowsersRunsAreOfTheUi) {
    world_.act_as(account_, api::Caller::Kind::session);
    EXPECT_EQ(trigger(world_.job(account_)).at("trigger").at("cause_category"), "ui");
}

TEST_F(RunApiTest, AFormTriggersAsJsonDoes) {
    auto job = world_.job(account_);
    auto target = path(fmt::format("jobs/{}/run/", job));
    auto post = [&](std::string body, std::string type) {
        return world_.call("POST", target, std::move(body), {{"content-type", std::move(type)}});
    };
    const std::string form = "application/x-www-form-urlencoded";
    auto answer = post(
        "cause=why+not&git_branch=fix%2F7&threads_override=2&generate_docs_override=true"
        "&github_pull_request_id=12&schema_override=&steps_override=dbt+seed"
        "&steps_override=dbt+run",
        form + "; charset=utf-8");
    ASSERT_EQ(answer.status, 200) << answer.body;
    auto trigger = answer.data().at("trigger");
    EXPECT_EQ(trigger.at("cause"), "why not");
    EXPECT_EQ(trigger.at("git_branch"), "fix/7");
    EXPECT_EQ(trigger.at("threads_override"), 2);
    EXPECT_EQ(trigger.at("generate_docs_override"), true);
    EXPECT_EQ(trigger.at("github_pull_request_id"), 12);
    EXPECT_EQ(trigger.at("schema_override").as_string(), fmt::format("dbt_cloud_pr_{}_12", job));
    EXPECT_EQ(trigger.at("steps_override"), (boost::json::array{"dbt seed", "dbt run"}));

    answer = post("cause=x&steps_override=[\"dbt seed\"]", form);
    EXPECT_EQ(answer.data().at("trigger").at("steps_override"), (boost::json::array{"dbt seed"}));
    answer = post("cause=x&threads_override=many", form);
    EXPECT_EQ(answer.status, 400);
    EXPECT_THAT(answer.message(), HasSubstr("threads_override"));
    // Who forgets the header, or leaves curl's, sends JSON all the same.
    for (const auto& type : {form, std::string("text/plain"), std::string("application/nonsense")})
        EXPECT_EQ(post(R"({"cause":"x"})", type).status, 200) << type;
    EXPECT_EQ(post("cause=x", "text/plain").status, 400);
}

TEST_F(RunApiTest, BadTriggersNameTheField) {
    auto target = path(fmt::format("jobs/{}/run/", world_.job(account_)));
    auto refused = [&](std::string body) {
        auto answer = world_.post(target, std::move(body));
        EXPECT_EQ(answer.status, 400) << answer.body;
        return answer.message();
    };
    EXPECT_THAT(refused(""), HasSubstr("cause"));
    EXPECT_THAT(refused("{}"), HasSubstr("cause"));
    EXPECT_THAT(refused("not json"), HasSubstr("JSON"));
    EXPECT_THAT(refused(R"({"cause":"x","threads_override":"many"})"),
                HasSubstr("threads_override"));
    EXPECT_EQ(world_.post(path("jobs/999999/run/"), R"({"cause":"x"})").status, 404);
    EXPECT_EQ(world_.post(path("jobs/x/run/"), R"({"cause":"x"})").status, 404);
    EXPECT_EQ(world_.value<int>("SELECT count(*)::int AS v FROM runs"), 0);
}

TEST_F(RunApiTest, AFullQueueIs429) {
    world_.sql("UPDATE accounts SET queue_limit = 1 WHERE id = $1", account_);
    auto job = world_.job(account_);
    trigger(job);
    auto answer = world_.post(path(fmt::format("jobs/{}/run/", job)), R"({"cause":"x"})");
    EXPECT_EQ(answer.status, 429);
    EXPECT_THAT(answer.message(), HasSubstr("queue is full"));
}

TEST_F(RunApiTest, ListsFilterOrderAndPage) {
    auto job = world_.job(account_);
    auto other_job = world_.job(account_);
    auto a = id_of(trigger(job));
    auto b = id_of(trigger(job, R"({"cause":"x","dbt_version_override":"1.10.0-latest"})"));
    auto c = id_of(trigger(other_job));
    set_status(a, 10);
    set_status(b, 20);
    EXPECT_THAT(listed(""), ElementsAre(a, b, c));
    EXPECT_THAT(listed("order_by=-id"), ElementsAre(c, b, a));
    EXPECT_THAT(listed("order_by=-id&limit=1&offset=1"), ElementsAre(b));
    EXPECT_THAT(listed("order_by=-finished_at").back(), c);
    EXPECT_THAT(listed("status=10"), ElementsAre(a));
    EXPECT_THAT(listed("status__in=[10,20]"), ElementsAre(a, b));
    EXPECT_THAT(listed(fmt::format("job_definition_id={}", other_job)), ElementsAre(c));
    EXPECT_THAT(listed(fmt::format("id__gt={}", a)), ElementsAre(b, c));
    EXPECT_THAT(listed(fmt::format("pk__in=[{},{}]", a, c)), ElementsAre(a, c));
    EXPECT_THAT(listed("dbt_version=1.10.0-latest"), ElementsAre(b));
    EXPECT_THAT(listed("dbt_version__in=[\"1.10.0-latest\",\"latest\"]"), ElementsAre(a, b, c));
    EXPECT_THAT(listed("created_at__range=[\"2020-01-01\",\"2020-02-01\"]"), IsEmpty());
    EXPECT_THAT(listed("finished_at__range=[\"2020-01-01\",\"2200-01-01\"]"), ElementsAre(a, b));
    EXPECT_THAT(listed("has_docs_generated=true"), IsEmpty());
    EXPECT_THAT(listed(fmt::format("deferring_run_id={}", a)), IsEmpty());
    world_.sql("UPDATE runs SET deferring_run_id = $2 WHERE id = $1", c, a);
    EXPECT_THAT(listed(fmt::format("deferring_run_id={}", a)), ElementsAre(c));
    EXPECT_EQ(world_.get(path(fmt::format("runs/{}/", c))).data().at("deferring_run_id"), a);
    world_.sql(
        "UPDATE runs SET git_branch = 'feature/x', trigger = jsonb_set(trigger, "
        "'{cause_category}', '\"scheduled\"') WHERE id = $1",
        b);
    EXPECT_THAT(listed("git_branch=feature/x"), ElementsAre(b));
    EXPECT_THAT(listed("git_branch__icontains=FEATURE"), ElementsAre(b));
    EXPECT_THAT(listed("cause_category=scheduled"), ElementsAre(b));
    EXPECT_THAT(listed("cause_category__in=[\"api\",\"scheduled\"]"), ElementsAre(a, b, c));
    EXPECT_THAT(listed("cause=nobody"), IsEmpty());
    EXPECT_THAT(listed("state=all"), ElementsAre(a, b, c));
    EXPECT_EQ(world_.get(path("runs/?status=running")).status, 400);
    EXPECT_EQ(world_.get(path("runs/?order_by=trigger")).status, 400);
}

TEST_F(RunApiTest, AListSaysWhatItShows) {
    auto job = world_.job(account_);
    trigger(job);
    trigger(job);
    auto json = world_.get(path("runs/?limit=1&status=1")).json();
    const auto& extra = json.at("extra");
    EXPECT_EQ(extra.at("filters").at("limit"), 1);
    EXPECT_EQ(extra.at("filters").at("offset"), 0);
    EXPECT_EQ(extra.at("filters").at("state"), "all");
    EXPECT_EQ(extra.at("filters").at("account_id"), account_);
    EXPECT_EQ(extra.at("filters").at("status"), "1");
    EXPECT_EQ(extra.at("order_by"), "id");
    EXPECT_EQ(extra.at("pagination").at("count"), 1);
    EXPECT_EQ(extra.at("pagination").at("total_count"), 2);
}

TEST_F(RunApiTest, RelatedObjectsComeWhenAskedFor) {
    auto job = world_.job(account_);
    auto id = id_of(trigger(job));
    auto plain = world_.get(path(fmt::format("runs/{}/", id))).data();
    for (auto field : {"trigger", "job", "environment", "audit"})
        EXPECT_TRUE(plain.at(field).is_null()) << field;
    EXPECT_EQ(plain.at("run_steps"), boost::json::array{});

    add_step(id, 1, 10, "Clone git repository");
    for (std::string spelling :
         {"include_related=trigger,job,environment,run_steps,audit",
          "include_related=trigger&include_related=job&include_related=environment"
          "&include_related=run_steps&include_related=audit",
          "include_related=[\"trigger\",\"job\",\"environment\",\"run_steps\",\"audit\"]",
          "include_related=['trigger','job','environment','run_steps','audit']"}) {
        auto run = world_.get(path(fmt::format("runs/{}/?{}", id, spelling))).data();
        EXPECT_EQ(run.at("trigger").at("cause"), "a test") << spelling;
        EXPECT_EQ(run.at("job").at("id"), job) << spelling;
        EXPECT_EQ(run.at("environment").at("account_id"), account_) << spelling;
        EXPECT_EQ(run.at("run_steps").as_array().size(), 1u) << spelling;
        EXPECT_EQ(run.at("audit").at("trigger").at("actor").at("name"), "ann@example.com");
    }
    auto list = world_.get(path("runs/?include_related=[\"job\",\"trigger\"]")).data().as_array();
    EXPECT_EQ(list.at(0).at("job").at("id"), job);
    EXPECT_TRUE(list.at(0).at("environment").is_null());
}

TEST_F(RunApiTest, ARunsRepositoryAndRetriesComeWhenAskedFor) {
    auto job = world_.job(account_);
    auto id = id_of(trigger(job));
    auto asked = [&](Id run, std::string related) {
        return world_.get(path(fmt::format("runs/{}/?include_related={}", run, related))).data();
    };
    auto plain = asked(id, "").as_object();
    for (auto field : {"repository", "run_retries", "repo_cache_restore"})
        EXPECT_FALSE(plain.contains(field)) << field;
    EXPECT_TRUE(plain.at("used_repo_cache").is_null());

    EXPECT_TRUE(asked(id, "repository").at("repository").is_null());
    world_.sql(
        "WITH r AS (INSERT INTO repositories (account_id, project_id, remote_url) "
        "SELECT account_id, project_id, 'https://me:t0ken@github.com/acme/shop.git' FROM jobs "
        "WHERE id = $1 RETURNING id, project_id) "
        "UPDATE projects p SET repository_id = r.id FROM r WHERE p.id = r.project_id",
        job);
    auto repository = asked(id, "repository").at("repository");
    EXPECT_EQ(repository.at("full_name"), "acme/shop");
    EXPECT_EQ(repository.at("remote_url"), "https://github.com/acme/shop.git");
    EXPECT_TRUE(repository.at("created_at").as_string().ends_with("Z"));

    EXPECT_EQ(asked(id, "run_retries").at("run_retries"), boost::json::array{});
    auto retry = world_.queued_run(job);
    auto retry_of_it = world_.queued_run(job);
    world_.queued_run(job);
    world_.sql("UPDATE runs SET retrying_run_id = $2 WHERE id = $1", retry, id);
    world_.sql("UPDATE runs SET retrying_run_id = $2 WHERE id = $1", retry_of_it, retry);
    auto retries = asked(id, "run_retries").at("run_retries").as_array();
    ASSERT_EQ(retries.size(), 2u);
    EXPECT_EQ(id_of(retries[0]), retry);
    EXPECT_EQ(id_of(retries[1]), retry_of_it);
    EXPECT_EQ(retries[1].at("retrying_run_id"), retry);

    auto cache = asked(id, "used_repo_cache,repo_cache_restore,something_new");
    EXPECT_EQ(cache.at("used_repo_cache"), false);
    EXPECT_TRUE(cache.at("repo_cache_restore").is_null());
    world_.sql("UPDATE runs SET used_repo_cache = true WHERE id = $1", id);
    EXPECT_EQ(asked(id, "used_repo_cache").at("used_repo_cache"), true);
}

TEST_F(RunApiTest, QueuedRunsSayWhatBlocksThem) {
    auto job = world_.job(account_);
    auto first = id_of(trigger(job));
    auto second = trigger(job);
    EXPECT_EQ(second.at("blocked_by"), (boost::json::array{first}));
    auto list = world_.get(path("runs/")).data().as_array();
    EXPECT_EQ(list.at(0).at("blocked_by"), boost::json::array{});
    EXPECT_EQ(list.at(1).at("blocked_by"), (boost::json::array{first}));
}

TEST_F(RunApiTest, OtherAccountsRunsAreNotThere) {
    auto id = id_of(trigger(world_.job(account_)));
    world_.act_as(world_.account());
    EXPECT_EQ(world_.get(path(fmt::format("runs/{}/", id))).status, 404);
    account_ = world_.caller().account_id;
    EXPECT_EQ(world_.get(path(fmt::format("runs/{}/", id))).status, 404);
    EXPECT_EQ(world_.post(path(fmt::format("runs/{}/cancel/", id))).status, 404);
    EXPECT_EQ(world_.post(path(fmt::format("runs/{}/retry/", id))).status, 404);
    EXPECT_EQ(world_.get(path(fmt::format("runs/{}/retry/", id))).status, 404);
    EXPECT_THAT(listed(""), IsEmpty());
}

TEST_F(RunApiTest, CancelAnswersWithTheRun) {
    auto id = id_of(trigger(world_.job(account_)));
    auto cancelled = world_.post(path(fmt::format("runs/{}/cancel", id)));
    EXPECT_EQ(cancelled.status, 200);
    EXPECT_EQ(cancelled.data().at("status"), 30);
    EXPECT_EQ(cancelled.data().at("is_cancelled"), true);
    auto audit =
        world_.get(path(fmt::format("runs/{}/?include_related=audit", id))).data().at("audit");
    EXPECT_EQ(audit.at("cancellation").at("actor").at("name"), "ann@example.com");
}

TEST_F(RunApiTest, FailureDetailsAndRetry) {
    auto job = world_.job(account_);
    auto id = id_of(trigger(job));
    add_step(id, 4, 20, "Invoke dbt with `dbt build`");
    add_step(id, 5, 30, "Invoke dbt with `dbt test`");
    set_status(id, 20);
    auto details = world_.get(path(fmt::format("runs/{}/retry/", id))).data();
    EXPECT_EQ(details.at("failed_step"), "Invoke dbt with `dbt build`");
    EXPECT_EQ(details.at("skipped_steps"), (boost::json::array{"Invoke dbt with `dbt test`"}));

    auto refused = world_.post(path(fmt::format("runs/{}/retry/", id)));
    EXPECT_EQ(refused.status, 400);
    EXPECT_THAT(refused.message(), HasSubstr("RETRY_NO_RUN_RESULTS"));
    auto shown = world_.get(path(fmt::format("runs/{}/", id))).data();
    EXPECT_EQ(shown.at("can_retry"), false);
    EXPECT_EQ(shown.at("retry_not_supported_reason"), "RETRY_NO_RUN_RESULTS");

    world_.sql(
        "INSERT INTO artifacts (run_id, step_index, path, size_bytes, object_key) "
        "VALUES ($1, 4, 'run_results.json', 1, 'k')",
        id);
    EXPECT_EQ(world_.get(path(fmt::format("runs/{}/", id))).data().at("can_retry"), true);
    auto retried = world_.post(path(fmt::format("runs/{}/retry/", id)));
    EXPECT_EQ(retried.status, 200) << retried.body;
    EXPECT_EQ(retried.data().at("retrying_run_id"), id);
    EXPECT_EQ(retried.data().at("trigger").at("cause_category"), "rerun");
    EXPECT_EQ(world_.get(path(fmt::format("runs/{}/", id))).data().at("retry_not_supported_reason"),
              "RETRY_NOT_LATEST_RUN");

    auto rerun = world_.post(path(fmt::format("jobs/{}/rerun/", job)));
    EXPECT_EQ(rerun.status, 200) << rerun.body;
    EXPECT_TRUE(rerun.data().at("retrying_run_id").is_null());
    EXPECT_EQ(world_.post(path("jobs/999999/rerun/")).status, 404);
}

TEST_F(RunApiTest, DetailsOfASuccessfulRunAreEmpty) {
    auto id = id_of(trigger(world_.job(account_)));
    auto details = world_.get(path(fmt::format("runs/{}/retry/", id))).data();
    EXPECT_TRUE(details.at("failed_step").is_null());
    EXPECT_EQ(details.at("skipped_steps"), boost::json::array{});
}

TEST_F(RunApiTest, LogsReadTheSameBeforeAndAfterTheFlush) {
    auto id = id_of(trigger(world_.job(account_)));
    add_step(id, 1, 10, "Clone git repository");
    add_step(id, 2, 10, "Invoke dbt with `dbt build`");
    add_log(id, 1, 3);
    add_log(id, 2, 2500);
    set_status(id, 10);

    auto asked = [&](std::string related) {
        return world_.get(path(fmt::format("runs/{}/?include_related={}", id, related)))
            .data()
            .at("run_steps");
    };
    auto step_id =
        world_.value<Id>("SELECT id AS v FROM run_steps WHERE run_id = $1 AND index = 2", id);
    auto step = [&] { return world_.get(path(fmt::format("steps/{}/", step_id))).data(); };

    auto last = asked("run_steps");
    auto whole = asked("[\"run_steps\",\"debug_logs\"]");
    auto one = step();
    EXPECT_EQ(last.at(0).at("logs"), "10:00:00  line 2\n");
    EXPECT_EQ(last.at(0).at("debug_logs"),
              "10:00:00  line 1\n10:00:00  line 2\n10:00:00  line 3\n");
    auto lines_in = [](const boost::json::value& text) {
        return std::ranges::count(std::string_view(text.as_string()), '\n');
    };
    EXPECT_EQ(lines_in(last.at(1).at("logs")), 1000);
    EXPECT_EQ(lines_in(last.at(1).at("truncated_debug_logs")), 1000);
    EXPECT_EQ(lines_in(whole.at(1).at("logs")), 1250);
    EXPECT_EQ(lines_in(whole.at(1).at("debug_logs")), 2500);
    EXPECT_EQ(lines_in(whole.at(1).at("truncated_debug_logs")), 1000);
    EXPECT_EQ(one.at("logs"), last.at(1).at("logs"));

    EXPECT_TRUE(
        world_.get([&] { return run_log::flush_run(world_.pool(), world_.objects(), id); }));
    EXPECT_EQ(world_.value<int>("SELECT count(*)::int AS v FROM run_log"), 0);
    EXPECT_EQ(asked("run_steps"), last);
    EXPECT_EQ(asked("[\"run_steps\",\"debug_logs\"]"), whole);
    EXPECT_EQ(step(), one);
    EXPECT_EQ(world_.get(path("steps/999999/")).status, 404);
}

TEST_F(RunApiTest, AskedAgainWithItsKeyARequestMakesNoSecondRun) {
    auto job = world_.job(account_);
    auto ask = [&](std::string key, std::string body = R"({"cause":"a test"})") {
        return world_.call("POST", path(fmt::format("jobs/{}/run/", job)), std::move(body),
                           {{"idempotency-key", std::move(key)}});
    };
    auto first = ask("k-1");
    ASSERT_EQ(first.status, 200) << first.body;
    EXPECT_EQ(id_of(ask("k-1").data()), id_of(first.data()));
    EXPECT_NE(id_of(ask("k-2").data()), id_of(first.data()));
    EXPECT_EQ(world_.value<int>("SELECT count(*)::int AS v FROM runs WHERE job_id = $1", job), 2);
    auto other = ask("k-1", R"({"cause":"another"})");
    EXPECT_EQ(other.status, 409);
    EXPECT_NE(other.message().find("Idempotency-Key"), std::string::npos);
    for (auto bad : {std::string(256, 'k'), std::string("a key")})
        EXPECT_EQ(ask(bad).status, 400);
    // A request that failed has used up nothing.
    EXPECT_EQ(ask("k-3", "{}").status, 400);
    EXPECT_EQ(ask("k-3").status, 200);
}

TEST_F(RunApiTest, KeysAreForgottenAfterAWhile) {
    auto job = world_.job(account_);
    world_.call("POST", path(fmt::format("jobs/{}/run/", job)), R"({"cause":"a test"})",
                {{"idempotency-key", "k"}});
    auto forget = [&] {
        return world_.get(
            [&] { return delete_old_requests(world_.pool(), std::chrono::hours(48)); });
    };
    EXPECT_EQ(forget(), 0);
    world_.sql("UPDATE run_requests SET created_at = now() - interval '49 hours'");
    EXPECT_EQ(forget(), 1);
}

TEST_F(RunApiTest, AJobsRecentRunsAreAdded) {
    auto job = world_.job(account_);
    auto first = id_of(trigger(job));
    set_status(first, 10);
    auto second = id_of(trigger(job));
    boost::json::object json;
    world_.get([&] { return views_.add_recent_runs(account_, job, {"most_recent_run"}, json); });
    EXPECT_EQ(json["most_recent_run"].at("id"), second);
    EXPECT_FALSE(json.contains("most_recent_completed_run"));
    world_.get(
        [&] { return views_.add_recent_runs(account_, job, {"most_recent_completed_run"}, json); });
    EXPECT_EQ(json["most_recent_completed_run"].at("id"), first);
}

}  // namespace
}  // namespace mw::runs
