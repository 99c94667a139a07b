#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "features/connection_tests/connection_test_api.hpp"
#include "features/connection_tests/connection_test_store.hpp"
#include "features/runs/pgtest_api.hpp"

namespace mw::connection_tests {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using namespace std::chrono_literals;

class ConnectionTestsTest : public testing::Test {
  protected:
    ConnectionTestsTest() {
        world_.act_as(account_);
        add_connection_test_endpoints(world_.api(), world_.pool());
    }

    test::Answer queue(Id environment_id) {
        return world_.post(fmt::format("/api/ui/accounts/{}/environments/{}/connection-tests/",
                                       account_, environment_id));
    }
    Id queued() { return queue(environment_).json().at("id").as_int64(); }
    test::Answer show(Id id, Id account_id) {
        return world_.get(fmt::format("/api/ui/accounts/{}/connection-tests/{}/", account_id, id));
    }
    boost::json::value shown(Id id) { return show(id, account_).json(); }
    std::vector<Claimed> claim(int most) {
        return world_.get([&] { return claim_tests(world_.pool(), most); });
    }
    bool finish(const std::string& hash, const Outcome& outcome) {
        return world_.get([&] { return finish_test(world_.pool(), hash, outcome); });
    }
    std::vector<Id> overdue() {
        return world_.get([&] { return end_overdue(world_.pool(), 120s); });
    }
    void age(const char* column, Id id) {
        world_.sql(fmt::format("UPDATE connection_tests SET {0} = {0} - interval '3 minutes' "
                               "WHERE id = $1",
                               column),
                   id);
    }

    test::ApiWorld world_;
    Id account_ = world_.account();
    Id job_ = world_.job(account_);
    Id environment_ = world_.value<Id>("SELECT environment_id AS v FROM jobs WHERE id = $1", job_);
};

TEST_F(ConnectionTestsTest, IsQueuedDoneAndShown) {
    auto queued = queue(environment_);
    ASSERT_EQ(queued.status, 201);
    auto id = queued.json().at("id").as_int64();
    EXPECT_EQ(queued.json().at("status"), 1);
    EXPECT_TRUE(queued.json().at("ok").is_null());
    EXPECT_EQ(world_.value<std::string>(
                  "SELECT event || ' ' || subject_id AS v FROM audit_log ORDER BY id DESC LIMIT 1"),
              fmt::format("environment.connection_tested {}", environment_));

    auto claimed = claim(2);
    ASSERT_EQ(claimed.size(), 1U);
    EXPECT_EQ(claimed[0].id, id);
    EXPECT_EQ(shown(id).at("status"), 3);
    EXPECT_THAT(claim(2), IsEmpty());
    auto found = world_.get([&] { return find_by_token(world_.pool(), claimed[0].token_hash); });
    ASSERT_TRUE(found);
    EXPECT_EQ(found->environment_id, environment_);

    EXPECT_TRUE(finish(claimed[0].token_hash, {.ok = true, .message = "works", .output = "all"}));
    auto done = shown(id);
    EXPECT_EQ(done.at("status"), 10);
    EXPECT_EQ(done.at("ok"), true);
    EXPECT_EQ(done.at("message"), "works");
    EXPECT_EQ(done.at("output"), "all");
    EXPECT_TRUE(done.at("duration").is_double());
    // Its key opens nothing any more, and what comes later changes nothing.
    EXPECT_FALSE(finish(claimed[0].token_hash, {.message = "late"}));
    EXPECT_EQ(shown(id).at("message"), "works");
}

TEST_F(ConnectionTestsTest, SoManyAtOnceAreDone) {
    auto first = queued();
    auto second = queued();
    queued();
    auto claimed = claim(2);
    ASSERT_EQ(claimed.size(), 2U);
    EXPECT_EQ(claimed[0].id, first);
    EXPECT_EQ(claimed[1].id, second);
    EXPECT_THAT(claim(2), IsEmpty());
    finish(claimed[0].token_hash, {});
    EXPECT_EQ(claim(2).size(), 1U);
}

TEST_F(ConnectionTestsTest, SoManyMayBeQueued) {
    for (int i = 0; i < 5; ++i)
        EXPECT_EQ(queue(environment_).status, 201);
    auto refused = queue(environment_);
    EXPECT_EQ(refused.status, 429);
    EXPECT_THAT(refused.message(), HasSubstr("not finished yet"));
}

TEST_F(ConnectionTestsTest, OfAnotherAccountIsNotThere) {
    auto other = world_.account();
    auto their_environment =
        world_.value<Id>("SELECT environment_id AS v FROM jobs WHERE id = $1", world_.job(other));
    EXPECT_EQ(queue(their_environment).status, 404);
    EXPECT_EQ(queue(987654321).status, 404);
    auto id = queued();
    EXPECT_EQ(show(id, other).status, 404);
    world_.act_as(other);
    EXPECT_EQ(show(id, other).status, 404);
    world_.act_as(account_);
    world_.sql("UPDATE environments SET state = 2 WHERE id = $1", environment_);
    EXPECT_EQ(queue(environment_).status, 404);
}

TEST_F(ConnectionTestsTest, ThatNobodyEndsIsEnded) {
    auto forgotten = queued();
    auto lost = queued();
    auto fresh = queued();
    age("created_at", forgotten);
    auto claimed = claim(1);
    ASSERT_EQ(claimed[0].id, forgotten);
    EXPECT_THAT(overdue(), IsEmpty()) << "it has begun just now";
    age("started_at", forgotten);
    age("created_at", lost);
    EXPECT_THAT(overdue(), testing::UnorderedElementsAre(forgotten, lost));
    EXPECT_THAT(std::string(shown(forgotten).at("message").as_string()), HasSubstr("given up"));
    EXPECT_THAT(std::string(shown(lost).at("message").as_string()), HasSubstr("not begun"));
    EXPECT_EQ(shown(fresh).at("status"), 1);
    EXPECT_FALSE(finish(claimed[0].token_hash, {.ok = true}));
}

TEST_F(ConnectionTestsTest, OfADeletedAccountIsNobodys) {
    queued();
    auto claimed = claim(1);
    world_.sql("UPDATE accounts SET state = 2 WHERE id = $1", account_);
    EXPECT_FALSE(world_.get([&] { return find_by_token(world_.pool(), claimed[0].token_hash); }));
}

TEST_F(ConnectionTestsTest, IsForgottenAfterADay) {
    auto old = queued();
    auto fresh = queued();
    world_.sql("UPDATE connection_tests SET created_at = now() - interval '25 hours' WHERE id = $1",
               old);
    EXPECT_EQ(world_.get([&] { return delete_old_tests(world_.pool(), 24h); }), 1);
    EXPECT_EQ(show(old, account_).status, 404);
    EXPECT_EQ(show(fresh, account_).status, 200);
}

TEST_F(ConnectionTestsTest, AConnectionIsTestedWhereItIsUsed) {
    auto test = [&](std::string body) {
        return world_.post(fmt::format("/api/v3/accounts/{}/connections/test/", account_), body);
    };
    EXPECT_THAT(test("{}").message(), HasSubstr("connection_id"));
    EXPECT_THAT(test(R"({"connection_id": "x"})").message(), HasSubstr("connection_id"));
    auto unused = test(R"({"connection_id": 987654})");
    EXPECT_EQ(unused.status, 400);
    EXPECT_THAT(unused.message(), HasSubstr("used by no environment"));
    EXPECT_EQ(test(R"({"environment_id": 987654})").status, 404);
}

}  // namespace
}  // namespace mw::connection_tests
