#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "features/auth/auth_store.hpp"
#include "features/groups/group_store.hpp"
#include "features/invites/invite_api.hpp"
#include "features/runs/pgtest_api.hpp"

namespace mw::invites {
namespace {

using testing::HasSubstr;

class InvitesTest : public testing::Test {
  protected:
    InvitesTest() {
        add_invite_endpoints(world_.api(), world_.pool(), world_.blocking(), "https://h");
        account_ = world_.account();
        world_.act_as(account_);
        world_.get([&] {
            return pg::with_tx(world_.pool(), [&](pg::Connection& tx) {
                return groups::add_first_groups(tx, account_);
            });
        });
        path_ = fmt::format("/api/v3/accounts/{}/invites/", account_);
    }
    // The token of a new invite's link.
    std::string invite(std::string address, std::string more = "") {
        auto answer =
            world_.post(path_, fmt::format(R"({{"email_addresses": ["{}"]{}}})", address, more));
        EXPECT_EQ(answer.status, 200) << answer.body;
        std::string link(answer.data().at("links").as_object().begin()->value().as_string());
        return link.substr(link.find('#') + 1);
    }
    test::Answer accept(std::string_view token, std::string_view password = "correct horse") {
        return world_.post("/api/ui/invites/accept/",
                           fmt::format(R"({{"token": "{}", "first_name": "Bob",
                                            "password": "{}"}})",
                                       token, password));
    }

    test::ApiWorld world_;
    Id account_ = 0;
    std::string path_;
};

TEST_F(InvitesTest, AnInviteMakesAMemberOnce) {
    auto token = invite("bob@example.com", R"(, "license_type": "read_only")");
    auto accepted = accept(token);
    EXPECT_EQ(accepted.status, 200) << accepted.body;
    auto user =
        world_.get([&] { return auth::find_sign_in_user(world_.pool(), "bob@example.com"); });
    ASSERT_TRUE(user);
    EXPECT_EQ(user->account_id, account_);
    EXPECT_EQ(world_.value<std::string>("SELECT license_type AS v FROM account_members"),
              "read_only");
    EXPECT_EQ(world_.value<std::string>(
                  "SELECT string_agg(g.name, ' ' ORDER BY g.name) AS v FROM groups g "
                  "JOIN group_members m ON m.group_id = g.id"),
              "Everyone Member");
    EXPECT_EQ(accept(token).status, 404);
    auto list = world_.get(fmt::format("/api/v2/accounts/{}/invites/", account_)).data();
    EXPECT_EQ(list.at(0).at("status"), 2);
    EXPECT_FALSE(list.at(0).at("redeemed_at").is_null());
}

TEST_F(InvitesTest, TheNextInviteTakesTheFirstOnesPlace) {
    auto first = invite("bob@example.com");
    auto second = invite("Bob@Example.com");
    EXPECT_EQ(accept(first).status, 404);
    EXPECT_EQ(accept(second).status, 200);
}

TEST_F(InvitesTest, AWithdrawnOneIsNoLongerGood) {
    auto token = invite("bob@example.com");
    auto v2 = fmt::format("/api/v2/accounts/{}/invites/", account_);
    auto one = fmt::format("{}{}/", v2, world_.call("GET", v2).data().at(0).at("id").as_int64());
    auto withdrawn = world_.call("DELETE", one);
    EXPECT_EQ(withdrawn.status, 200) << withdrawn.body;
    EXPECT_EQ(withdrawn.data().at("status"), 3);
    EXPECT_EQ(accept(token).status, 404);
    EXPECT_EQ(world_.value<int>("SELECT count(*)::integer AS v FROM users"), 0);
    EXPECT_THAT(world_.call("DELETE", one).message(), HasSubstr("not open"));
    EXPECT_EQ(world_.call("DELETE", v2 + "999/").status, 404);
    EXPECT_EQ(world_.value<int>("SELECT count(*)::integer AS v FROM audit_log "
                                "WHERE event = 'invite.withdrawn'"),
              1);
}

TEST_F(InvitesTest, AnOldOneIsNoLongerGood) {
    auto token = invite("bob@example.com");
    world_.sql("UPDATE invites SET expires_at = now() - interval '1 second'");
    EXPECT_THAT(accept(token).message(), HasSubstr("no longer"));
    EXPECT_EQ(accept("mwi_wrong").status, 404);
}

TEST_F(InvitesTest, ItsGroupsAreThoseThatWereSaid) {
    auto group = world_.value<Id>(
        "INSERT INTO groups (account_id, name) VALUES ($1, 'Core') RETURNING id AS v", account_);
    accept(invite("bob@example.com", fmt::format(R"(, "group_ids": [{}])", group)));
    EXPECT_EQ(world_.value<std::string>("SELECT string_agg(g.name, ' ') AS v FROM groups g "
                                        "JOIN group_members m ON m.group_id = g.id"),
              "Core");
}

TEST_F(InvitesTest, NobodyInvitesToMoreThanTheyHave) {
    auto owner = world_.value<Id>("SELECT id AS v FROM groups WHERE name = 'Owner'");
    auto project = world_.value<Id>(
        "INSERT INTO projects (account_id, name) VALUES ($1, 'p') RETURNING id AS v", account_);
    world_.authenticator().caller.grants =
        api::Grants({{api::find_permission_set("admin"), project, {}}}, api::License::developer);
    auto body = fmt::format(R"({{"email_addresses": ["a@b.c"], "group_ids": [{}]}})", owner);
    EXPECT_EQ(world_.post(path_, body).status, 403);
    // Without groups it leads where everybody goes, and no further.
    accept(invite("bob@example.com"));
    EXPECT_EQ(world_.value<std::string>("SELECT string_agg(g.name, ' ') AS v FROM groups g "
                                        "JOIN group_members m ON m.group_id = g.id"),
              "Everyone");
}

TEST_F(InvitesTest, WhatIsWrongIsNamed) {
    EXPECT_THAT(world_.post(path_, R"({"email_addresses": []})").message(),
                HasSubstr("email_addresses"));
    EXPECT_THAT(world_.post(path_, R"({"email_addresses": ["x"]})").message(),
                HasSubstr("x is no e-mail address"));
    EXPECT_THAT(
        world_.post(path_, R"({"email_addresses": ["a@b.c"], "group_ids": [99]})").message(),
        HasSubstr("no group 99"));
    EXPECT_THAT(
        world_.post(path_, R"({"email_addresses": ["a@b.c"], "license_type": "gold"})").message(),
        HasSubstr("license_type"));
    accept(invite("bob@example.com"));
    EXPECT_THAT(world_.post(path_, R"({"email_addresses": ["bob@example.com"]})").message(),
                HasSubstr("member already"));
    EXPECT_THAT(accept(invite("ann@example.com"), "short").message(), HasSubstr("password"));
}

TEST_F(InvitesTest, WhoHasAnAccountElsewhereDoesNotGetAnother) {
    auto token = invite("bob@example.com");
    world_.sql("INSERT INTO users (email) VALUES ('bob@example.com')");
    EXPECT_EQ(accept(token).status, 409);
    EXPECT_EQ(world_.value<int>("SELECT count(*)::integer AS v FROM account_members"), 0);
}

}  // namespace
}  // namespace mw::invites
