#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "features/git_hosts/delivery_store.hpp"
#include "features/pull_requests/event_service.hpp"
#include "features/runs/run_service.hpp"
#include "test_support/world.hpp"

namespace mw::pull_requests {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

struct Told {
    std::string action = "opened";
    int number = 12;
    std::string sha = "aaaa";
    std::string base = "main";
    bool draft = false;
    bool merged = false;
    bool fork = false;
};

class EventTest : public testing::Test {
  protected:
    EventTest() {
        repository_ = world_.value<Id>(
            "INSERT INTO repositories (account_id, project_id, remote_url) SELECT account_id, "
            "project_id, 'https://git.example.com/acme/shop.git' FROM jobs WHERE id = $1 "
            "RETURNING id AS v",
            job_);
        world_.sql(
            "UPDATE projects SET repository_id = $1 WHERE id = (SELECT project_id FROM jobs WHERE "
            "id = $2)",
            repository_, job_);
        world_.sql(
            "INSERT INTO git_links (repository_id, account_id, kind, api_url, git_host, username, "
            "sealed_token, sealed_webhook_secret) VALUES ($1, $2, 'github', "
            "'https://git.example.com/api', 'git.example.com', 'x', '', '')",
            repository_, account_);
        trigger(job_, "github_webhook");
    }

    void trigger(Id job, std::string name) {
        world_.sql("UPDATE jobs SET triggers = jsonb_build_object($2::text, true) WHERE id = $1",
                   job, name);
    }
    // Another job of the same environment.
    Id sibling() {
        return world_.value<Id>(
            "INSERT INTO jobs (account_id, project_id, environment_id, name, execute_steps, "
            "triggers) SELECT account_id, project_id, environment_id, 'second', execute_steps, "
            "triggers FROM jobs WHERE id = $1 RETURNING id AS v",
            job_);
    }
    void deliver(std::string event, std::string payload, std::string kind = "github",
                 bool by_app = false) {
        git_hosts::NewDelivery delivery{
            .source = by_app ? "github_app" : fmt::format("repository:{}", repository_),
            .delivery_id = fmt::format("d{}", ++count_),
            .kind = std::move(kind),
            .event = std::move(event),
            .payload = std::move(payload),
            .repository_id = by_app ? std::nullopt : std::optional(repository_)};
        world_.get([&] {
            return pg::with_tx(world_.pool(), [&](pg::Connection& tx) {
                return git_hosts::insert_delivery(tx, delivery);
            });
        });
    }
    static std::string payload(const Told& told, std::string_view more = "") {
        return fmt::format(
            R"({{"action": "{}", "number": {}, "pull_request": {{"number": {}, "state": "{}",
            "draft": {}, "merged": {}, "title": "Better", "user": {{"login": "ann"}},
            "html_url": "https://h/acme/shop/pull/2",
            "head": {{"ref": "better", "sha": "{}", "repo": {{"id": {}}}}},
            "base": {{"ref": "{}", "sha": "f95f", "repo": {{"id": 5}}}}}},
            "repository": {{"id": 5, "full_name": "acme/Shop", "default_branch": "main",
            "clone_url": "https://h/acme/shop.git", "ssh_url": "git@h:acme/shop.git",
            "html_url": "https://h/acme/shop"}}{}}})",
            told.action, told.number, told.number, told.action == "closed" ? "closed" : "open",
            told.draft, told.merged, told.sha, told.fork ? 6 : 5, told.base, more);
    }
    void tell(const Told& told) {
        deliver("pull_request", payload(told));
        handle();
    }
    int handle() {
        return world_.get([&] { return handle_deliveries(world_.pool()); });
    }
    std::string outcome() {
        return world_.value<std::string>(
            "SELECT outcome AS v FROM git_deliveries ORDER BY id DESC LIMIT 1");
    }
    std::vector<Id> runs(std::string where = "true") {
        return world_.sql("SELECT id FROM runs WHERE " + where + " ORDER BY id").column<Id>("id");
    }
    std::string trigger_of(Id run, std::string field) {
        return world_.value<std::string>(
            "SELECT coalesce(trigger->>$2, '') AS v FROM runs WHERE id = $1", run, field);
    }
    void end(Id run, runs::Status status) {
        world_.sql("UPDATE runs SET status = 3, started_at = now() WHERE id = $1", run);
        world_.get([&] {
            return pg::with_tx(world_.pool(), [&](pg::Connection& tx) -> Awaitable<> {
                MW_CO_CHECK(co_await runs::finish_run(tx, run, status, ""));
                co_return result<>{};
            });
        });
    }

    test::World world_;
    Id account_ = world_.account();
    Id job_ = world_.job(account_);
    Id repository_ = 0;
    int count_ = 0;
};

TEST_F(EventTest, AnOpenedPullRequestRunsEachCiJobInASchemaOfItsOwn) {
    auto second = sibling();
    auto other = sibling();
    trigger(other, "schedule");
    tell({});
    ASSERT_EQ(runs().size(), 2U);
    auto run = runs().front();
    EXPECT_TRUE(world_.value<bool>("SELECT is_ci AS v FROM runs WHERE id = $1", run));
    EXPECT_EQ(trigger_of(run, "github_pull_request_id"), "12");
    EXPECT_EQ(trigger_of(run, "git_sha"), "aaaa");
    EXPECT_EQ(trigger_of(run, "git_branch"), "better");
    EXPECT_EQ(trigger_of(run, "schema_override"), fmt::format("dbt_cloud_pr_{}_12", job_));
    EXPECT_EQ(trigger_of(run, "cause"), "Pull request 12: Better");
    EXPECT_EQ(trigger_of(run, "cause_category"), "ci");
    EXPECT_EQ(runs(fmt::format("job_id = {}", second)).size(), 1U);
    EXPECT_EQ(outcome(), "2 runs made");
    EXPECT_EQ(world_.value<std::string>("SELECT status AS v FROM pull_requests"), "open");
}

TEST_F(EventTest, ACommitIsBuiltOnceHoweverOftenItIsTold) {
    tell({});
    tell({.action = "reopened"});
    tell({.action = "ready_for_review"});
    EXPECT_EQ(runs().size(), 1U);
}

TEST_F(EventTest, ANewCommitTakesThePlaceOfTheOlderOnes) {
    tell({});
    auto first = runs().front();
    world_.sql("UPDATE runs SET status = 3, started_at = now() WHERE id = $1", first);
    auto second_job = sibling();
    tell({.action = "synchronize", .sha = "bbbb"});
    // One that goes on is asked to stop; one that waits has ended.
    EXPECT_TRUE(
        world_.value<bool>("SELECT cancel_requested_at IS NOT NULL AS v FROM runs WHERE id "
                           "= $1",
                           first));
    tell({.action = "synchronize", .sha = "cccc"});
    EXPECT_EQ(runs("status = 30").size(), 2U);
    EXPECT_EQ(runs("status = 1 AND git_sha = 'cccc'").size(), 2U);
    EXPECT_THAT(world_.message(runs("status = 30").front()), HasSubstr("newer commit, cccc"));
    EXPECT_EQ(runs(fmt::format("job_id = {}", second_job)).size(), 2U);
}

TEST_F(EventTest, OtherPullRequestsGoOn) {
    tell({});
    tell({.number = 13, .sha = "bbbb"});
    EXPECT_EQ(runs("status = 1").size(), 2U);
}

TEST_F(EventTest, WhatIsToldLateChangesNothing) {
    tell({.action = "synchronize", .sha = "bbbb"});
    tell({.action = "opened", .sha = "aaaa"});
    EXPECT_EQ(runs("status = 1 AND git_sha = 'bbbb'").size(), 1U);
    EXPECT_EQ(runs().size(), 1U);
    EXPECT_THAT(outcome(), HasSubstr("late"));
}

TEST_F(EventTest, OnlyIntoTheBranchOfTheEnvironment) {
    tell({.base = "release"});
    EXPECT_THAT(runs(), IsEmpty());
    world_.sql("UPDATE environments SET use_custom_branch = true, custom_branch = 'release'");
    tell({.action = "synchronize", .base = "main"});
    EXPECT_THAT(runs(), IsEmpty());
    tell({.action = "synchronize", .base = "release"});
    EXPECT_EQ(runs().size(), 1U);
}

TEST_F(EventTest, ADraftWaitsUnlessTheJobTakesDrafts) {
    auto eager = sibling();
    world_.sql("UPDATE jobs SET triggers_on_draft_pr = true WHERE id = $1", eager);
    tell({.draft = true});
    EXPECT_EQ(runs(fmt::format("job_id = {}", eager)).size(), 1U);
    EXPECT_EQ(runs().size(), 1U);
    tell({.action = "ready_for_review"});
    EXPECT_EQ(runs(fmt::format("job_id = {}", job_)).size(), 1U);
    EXPECT_EQ(runs().size(), 2U);
}

TEST_F(EventTest, AForkIsRefusedAndItsHostToldWhy) {
    tell({.fork = true});
    EXPECT_THAT(runs(), IsEmpty());
    EXPECT_THAT(outcome(), HasSubstr("fork"));
    EXPECT_THAT(world_.value<std::string>("SELECT refusal AS v FROM commit_reports"),
                HasSubstr("fork"));
}

TEST_F(EventTest, AClosedOneEndsItsRunsAndItsSchemas) {
    tell({});
    auto schema = fmt::format("dbt_cloud_pr_{}_12", job_);
    for (auto name : {schema, schema + "_marketing"})
        world_.sql(
            "INSERT INTO pull_request_schemas (environment_id, job_id, pull_request, schema_name) "
            "SELECT environment_id, id, 12, $2 FROM jobs WHERE id = $1",
            job_, name);
    tell({.action = "closed", .merged = true});
    EXPECT_EQ(runs("status = 30").size(), 1U);
    EXPECT_THAT(world_.message(runs().front()), HasSubstr("was merged"));
    EXPECT_EQ(world_.value<std::string>("SELECT status AS v FROM pull_requests"), "merged");
    auto wanted = [&] {
        return world_.value<int>(
            "SELECT count(*)::integer AS v FROM pull_request_schemas WHERE drop_wanted_at IS NOT "
            "NULL");
    };
    EXPECT_EQ(wanted(), 2);
    tell({.action = "reopened"});
    EXPECT_EQ(wanted(), 0);
    EXPECT_EQ(runs("status = 1").size(), 1U);
}

TEST_F(EventTest, APushToTheEnvironmentsBranchRunsMergeJobsOnce) {
    auto merge = sibling();
    trigger(merge, "on_merge");
    auto push = [](std::string_view branch, std::string_view sha) {
        return fmt::format(
            R"({{"ref": "refs/heads/{}", "after": "{}", "pusher": {{"name": "ann"}},
                 "repository": {{"full_name": "acme/shop", "default_branch": "main"}}}})",
            branch, sha);
    };
    deliver("push", push("feature", "aaaa"));
    deliver("push", push("main", "bbbb"));
    deliver("push", push("main", "bbbb"));
    EXPECT_EQ(handle(), 3);
    ASSERT_EQ(runs().size(), 1U);
    auto run = runs().front();
    EXPECT_EQ(trigger_of(run, "cause_category"), "merge");
    EXPECT_EQ(trigger_of(run, "git_sha"), "bbbb");
    EXPECT_EQ(trigger_of(run, "schema_override"), "");
    EXPECT_FALSE(world_.value<bool>("SELECT is_ci AS v FROM runs WHERE id = $1", run));
}

TEST_F(EventTest, ChecksThatAreAskedForAgainRunAgain) {
    tell({});
    auto again = R"({"action": "rerequested", "check_suite": {"head_sha": "aaaa",
        "pull_requests": [{"number": 12}]}, "repository": {"full_name": "acme/shop"}})";
    deliver("check_suite", again);
    handle();
    EXPECT_EQ(runs().size(), 1U) << "one that goes on is not doubled";
    end(runs().front(), runs::Status::error);
    deliver("check_suite", again);
    handle();
    ASSERT_EQ(runs().size(), 2U);
    EXPECT_EQ(trigger_of(runs().back(), "github_pull_request_id"), "12");
    EXPECT_EQ(trigger_of(runs().back(), "schema_override"),
              fmt::format("dbt_cloud_pr_{}_12", job_));
}

TEST_F(EventTest, TheAppsEventsAreOfItsInstallationsRepositoriesByName) {
    auto by_app = [&](int installation) {
        deliver("pull_request",
                payload({.sha = fmt::format("a{}", installation)},
                        fmt::format(R"(, "installation": {{"id": {}}})", installation)),
                "github", true);
        handle();
    };
    by_app(7);
    EXPECT_THAT(runs(), IsEmpty());
    world_.sql("UPDATE repositories SET github_installation_id = 7 WHERE id = $1", repository_);
    by_app(7);
    EXPECT_THAT(runs(), IsEmpty()) << "the installation is nobody's yet";
    world_.sql("INSERT INTO github_installations (id, account_id, login) VALUES (7, $1, 'acme')",
               account_);
    world_.sql("INSERT INTO git_host_switches (account_id, github_app) VALUES ($1, false)",
               account_);
    by_app(7);
    EXPECT_THAT(runs(), IsEmpty()) << "the account has it off";
    world_.sql("UPDATE git_host_switches SET github_app = true");
    by_app(7);
    EXPECT_EQ(runs().size(), 1U);
    by_app(8);
    EXPECT_EQ(runs().size(), 1U);
}

TEST_F(EventTest, AFullQueueIsSaidAndNothingElseIsLost) {
    world_.sql("UPDATE accounts SET queue_limit = 1");
    sibling();
    tell({});
    EXPECT_EQ(runs().size(), 1U);
    EXPECT_THAT(outcome(), HasSubstr("1 runs made; second was not run: The account's queue"));
}

TEST_F(EventTest, WhatIsNotUnderstoodIsPutAside) {
    deliver("pull_request", "{}");
    deliver("pull_request", payload({}));
    EXPECT_EQ(handle(), 2);
    EXPECT_EQ(runs().size(), 1U);
    EXPECT_THAT(
        world_.value<std::string>("SELECT outcome AS v FROM git_deliveries ORDER BY id LIMIT 1"),
        HasSubstr("not understood"));
}

TEST_F(EventTest, EachHostsPullRequestHasItsOwnField) {
    runs::Overrides overrides;
    set_pull_request(overrides, "gitlab", 1);
    EXPECT_EQ(overrides.gitlab_merge_request_id, 1);
    set_pull_request(overrides, "azure_devops", 2);
    EXPECT_EQ(overrides.azure_pull_request_id, 2);
    set_pull_request(overrides, "gitea", 3);
    EXPECT_EQ(overrides.non_native_pull_request_id, 3);
}

}  // namespace
}  // namespace mw::pull_requests
