#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "features/commit_reports/reporter.hpp"
#include "features/runs/run_service.hpp"
#include "infra/store/object_store.hpp"
#include "test_support/temp_dir.hpp"
#include "test_support/world.hpp"

namespace mw::commit_reports {
namespace {

using git_hosts::CommitState;
using testing::HasSubstr;

// Takes what it is told, or refuses it as the test says.
class HostDouble final : public git_hosts::GitHosts {
  public:
    std::vector<git_hosts::CommitStatus> statuses;
    std::vector<git_hosts::PullRequestComment> comments;
    std::optional<Error> refusal, comment_refusal;

    git_hosts::Awaitable<> set_status(Id, git_hosts::CommitStatus status) override {
        if (refusal) co_return fail(*refusal);
        statuses.push_back(std::move(status));
        co_return result<>{};
    }
    git_hosts::Awaitable<> put_comment(Id, git_hosts::PullRequestComment comment) override {
        if (comment_refusal) co_return fail(*comment_refusal);
        comments.push_back(std::move(comment));
        co_return result<>{};
    }
    git_hosts::Awaitable<std::optional<git_hosts::GitCredential>> credential_for(Id) override {
        co_return std::nullopt;
    }
};

class ReporterAgainstADoubleTest : public testing::Test {
  protected:
    ReporterAgainstADoubleTest() {
        repository_ = world_.value<Id>(
            "INSERT INTO repositories (account_id, project_id, remote_url) SELECT account_id, "
            "project_id, 'https://git.example.com/acme/shop.git' FROM jobs WHERE id = $1 "
            "RETURNING id AS v",
            job_);
        world_.sql("UPDATE projects SET repository_id = $1", repository_);
        world_.sql(
            "INSERT INTO git_links (repository_id, account_id, kind, api_url, git_host, username, "
            "sealed_token, sealed_webhook_secret) VALUES ($1, $2, 'gitea', "
            "'https://git.example.com/api', 'git.example.com', 'x', '', '')",
            repository_, account_);
    }

    Id begin(std::string sha = "aaaa", Id number = 12) {
        runs::NewRun run{.account_id = account_, .job_id = job_, .cause = "c"};
        run.overrides.git_sha = sha;
        run.overrides.non_native_pull_request_id = number;
        return world_.get([&] {
            return pg::with_tx(world_.pool(), [&](pg::Connection& tx) -> Awaitable<Id> {
                MW_CO_TRY(auto made, co_await runs::create_run(tx, run));
                co_return made.id;
            });
        });
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
    void node(Id run, std::string name, std::string type, std::string status) {
        world_.sql(
            "INSERT INTO run_nodes (run_id, step_index, unique_id, name, resource_type, status) "
            "VALUES ($1, 4, $2, $2, $3, $4)",
            run, name, type, status);
    }
    bool deliver() {
        return world_.get([&] { return reporter_.deliver_next(); });
    }
    int deliver_all() {
        int count = 0;
        while (deliver())
            ++count;
        return count;
    }
    std::string state() {
        return world_.value<std::string>("SELECT status AS v FROM commit_reports");
    }
    void make_due() { world_.sql("UPDATE commit_reports SET next_try_at = now()"); }

    test::TempDir folder_;
    BlockingPool blocking_;
    std::unique_ptr<store::ObjectStore> objects_ =
        *store::make_object_store("file:" + folder_.path().string(), blocking_);
    test::World world_;
    Id account_ = world_.account();
    Id job_ = world_.job(account_);
    Id repository_ = 0;
    HostDouble host_;
    Reporter reporter_{world_.ioc().get_executor(), world_.pool(), host_, *objects_, "https://mill",
                       {.context = "dbt Cloud"}};
};

TEST_F(ReporterAgainstADoubleTest, TellsPendingThenTheResultAndSumsItUp) {
    auto run = begin();
    EXPECT_EQ(deliver_all(), 1);
    ASSERT_EQ(host_.statuses.size(), 1U);
    EXPECT_EQ(host_.statuses[0].state, CommitState::pending);
    EXPECT_EQ(host_.statuses[0].sha, "aaaa");
    EXPECT_TRUE(host_.comments.empty());
    node(run, "orders", "model", "success");
    node(run, "stg_orders", "model", "error");
    node(run, "unique_orders", "test", "fail");
    end(run, runs::Status::error);
    EXPECT_EQ(deliver_all(), 1);
    ASSERT_EQ(host_.statuses.size(), 2U);
    EXPECT_EQ(host_.statuses[1].state, CommitState::failure);
    EXPECT_EQ(host_.statuses[1].description, "j failed: stg_orders and 1 more");
    ASSERT_EQ(host_.comments.size(), 1U);
    EXPECT_EQ(host_.comments[0].pull_request, 12);
    EXPECT_THAT(host_.comments[0].markdown, HasSubstr("1 model built, 1 test run"));
    EXPECT_EQ(state(), "sent");
    EXPECT_EQ(deliver_all(), 0);
}

TEST_F(ReporterAgainstADoubleTest, TellsOnceWhatHappenedTogetherAndNothingTwice) {
    auto run = begin();
    end(run, runs::Status::success);
    EXPECT_EQ(deliver_all(), 1);
    ASSERT_EQ(host_.statuses.size(), 1U);
    EXPECT_EQ(host_.statuses[0].state, CommitState::success);
    world_.get([&] {
        return pg::with_tx(world_.pool(), [&](pg::Connection& tx) { return note_run(tx, run); });
    });
    EXPECT_EQ(deliver_all(), 1);
    EXPECT_EQ(host_.statuses.size(), 1U);
    EXPECT_EQ(host_.comments.size(), 1U);
}

TEST_F(ReporterAgainstADoubleTest, TriesAgainWhatMayPassAndWaitsAsLongAsItIsTold) {
    begin();
    host_.refusal = Error{Errc::unavailable, "no route"};
    EXPECT_TRUE(deliver());
    EXPECT_FALSE(deliver()) << "not before its time";
    EXPECT_EQ(state(), "pending");
    make_due();
    host_.refusal = Error{Errc::limit_exceeded, "slow down", {}, {}, 500};
    EXPECT_TRUE(deliver());
    EXPECT_TRUE(world_.value<bool>(
        "SELECT next_try_at > now() + interval '400 seconds' AS v FROM commit_reports"));
    make_due();
    host_.refusal.reset();
    EXPECT_TRUE(deliver());
    EXPECT_EQ(state(), "sent");
}

TEST_F(ReporterAgainstADoubleTest, GivesUpWhatTheHostRefusesUntilSomethingHappens) {
    auto run = begin();
    host_.refusal = Error{Errc::unauthenticated, "bad token"};
    EXPECT_TRUE(deliver());
    EXPECT_EQ(state(), "failed");
    EXPECT_EQ(world_.value<std::string>("SELECT last_error AS v FROM commit_reports"), "bad token");
    host_.refusal.reset();
    end(run, runs::Status::success);
    EXPECT_EQ(deliver_all(), 1);
    EXPECT_EQ(host_.statuses.size(), 1U);
}

TEST_F(ReporterAgainstADoubleTest, AStatusThatCameThroughIsNotSentAgainWithItsComment) {
    auto run = begin();
    end(run, runs::Status::success);
    host_.comment_refusal = Error{Errc::unavailable, "no route"};
    EXPECT_TRUE(deliver());
    EXPECT_EQ(state(), "pending");
    make_due();
    host_.comment_refusal.reset();
    EXPECT_TRUE(deliver());
    EXPECT_EQ(host_.statuses.size(), 1U);
    EXPECT_EQ(host_.comments.size(), 1U);
    EXPECT_EQ(state(), "sent");
}

TEST_F(ReporterAgainstADoubleTest, CommentsOnTheNewestCommitAlone) {
    world_.sql(
        "INSERT INTO pull_requests (account_id, repository_id, number, head_sha) "
        "VALUES ($1, $2, 12, 'bbbb')",
        account_, repository_);
    end(begin("aaaa"), runs::Status::success);
    EXPECT_EQ(deliver_all(), 1);
    EXPECT_EQ(host_.statuses.size(), 1U);
    EXPECT_TRUE(host_.comments.empty());
}

TEST_F(ReporterAgainstADoubleTest, OtherRunsAndRepositoriesWithoutAHostAreNobodysMatter) {
    end(world_.queued_run(job_), runs::Status::success);
    world_.sql("DELETE FROM git_links");
    end(begin(), runs::Status::success);
    EXPECT_EQ(deliver_all(), 0);
}

TEST_F(ReporterAgainstADoubleTest, OneThatWasTakenIsNobodyElsesAndComesBack) {
    begin();
    auto taken = world_.get([&] { return take_report(world_.pool()); });
    ASSERT_TRUE(taken);
    EXPECT_FALSE(deliver());
    // Its teller was killed.
    world_.sql("UPDATE commit_reports SET taken_until = now() - interval '1 second'");
    EXPECT_TRUE(deliver());
    EXPECT_EQ(host_.statuses.size(), 1U);
}

}  // namespace
}  // namespace mw::commit_reports
