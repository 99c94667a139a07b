#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "features/auth/token_authenticator.hpp"
#include "features/runs/pgtest_api.hpp"
#include "features/scim/scim_api.hpp"

namespace mw::scim {
namespace {

using testing::HasSubstr;

class ScimTest : public testing::Test {
  protected:
    ScimTest() {
        add_scim_user_endpoints(world_.api(), world_.pool());
        add_scim_group_endpoints(world_.api(), world_.pool());
        add_scim_schema_endpoints(world_.api());
        add_scim_config_endpoints(world_.api(), world_.pool());
        account_ = world_.account();
        world_.act_as(account_);
        base_ = fmt::format("/api/v3/accounts/{}/", account_);
    }
    test::Answer post(std::string rest, std::string body) {
        return world_.post(base_ + "scim/v2/" + rest, std::move(body));
    }
    test::Answer get(std::string rest) { return world_.get(base_ + "scim/v2/" + rest); }
    test::Answer call(std::string method, std::string rest, std::string body = {}) {
        return world_.call(std::move(method), base_ + "scim/v2/" + rest, std::move(body));
    }
    std::string user(std::string name) {
        auto made =
            post("Users", fmt::format(R"({{"schemas": ["{}"], "userName": "{}",
            "name": {{"givenName": "G", "familyName": "F"}}, "active": true,
            "emails": [{{"value": "{}", "primary": true}}]}})",
                                      "urn:ietf:params:scim:schemas:core:2.0:User", name, name));
        EXPECT_EQ(made.status, 201) << made.body;
        return std::string(made.json().at("id").as_string());
    }

    test::ApiWorld world_;
    Id account_ = 0;
    std::string base_;
};

TEST_F(ScimTest, AUserIsMadeFoundAndEnded) {
    auto id = user("Bob@Example.com");
    auto found = get("Users?filter=userName eq \"bob@example.com\"").json();
    EXPECT_EQ(found.at("totalResults"), 1);
    EXPECT_EQ(found.at("Resources").at(0).at("id").as_string(), id);
    EXPECT_EQ(get("Users?filter=userName eq \"x@y.z\"").json().at("totalResults"), 0);
    auto ended = call("PATCH", "Users/" + id, R"({"Operations": [
        {"op": "Replace", "path": "active", "value": "False"}]})");
    EXPECT_EQ(ended.status, 200) << ended.body;
    EXPECT_FALSE(ended.json().at("active").as_bool());
    EXPECT_EQ(world_.value<int>("SELECT state AS v FROM account_members"), 2);
    // Who comes back is the same.
    auto again = call("PATCH", "Users/" + id,
                      R"({"Operations": [{"op": "replace", "value": {"active": true}}]})");
    EXPECT_TRUE(again.json().at("active").as_bool());
    EXPECT_EQ(call("DELETE", "Users/" + id).status, 204);
    EXPECT_EQ(post("Users", R"({"userName": "bob@example.com"})").json().at("id").as_string(), id);
}

TEST_F(ScimTest, AUserIsChangedAsAWholeAndByParts) {
    auto id = user("bob@example.com");
    auto replaced = call("PUT", "Users/" + id,
                         R"({"userName": "robert@example.com", "externalId": "7",
            "name": {"givenName": "Robert"},
            "urn:ietf:params:scim:schemas:extension:dbtLabs:2.0:User": {"licenseType": "read_only"}})");
    ASSERT_EQ(replaced.status, 200) << replaced.body;
    EXPECT_EQ(replaced.json().at("name").at("givenName").as_string(), "Robert");
    EXPECT_EQ(world_.value<std::string>("SELECT license_type AS v FROM account_members"),
              "read_only");
    EXPECT_EQ(get("Users?filter=externalId eq \"7\"").json().at("totalResults"), 1);
    EXPECT_EQ(replaced.headers.at("content-type"), "application/scim+json");
}

TEST_F(ScimTest, ErrorsAreScims) {
    auto id = user("bob@example.com");
    auto taken = post("Users", R"({"userName": "bob@example.com"})");
    EXPECT_EQ(taken.status, 409);
    EXPECT_EQ(taken.json().at("scimType").as_string(), "uniqueness");
    EXPECT_THAT(post("Users", R"({"userName": "nobody"})").body, HasSubstr("e-mail address"));
    EXPECT_EQ(get("Users/987654").status, 404);
    EXPECT_EQ(get("Users?filter=name co \"x\"").status, 400);
    EXPECT_EQ(call("PATCH", "Users/" + id, R"({"Operations": [{"op": "fly"}]})").status, 400);
    world_.sql("INSERT INTO users (email) VALUES ('else@example.com')");
    EXPECT_EQ(post("Users", R"({"userName": "else@example.com"})").status, 409);
}

TEST_F(ScimTest, AGroupsMembersAreAddedAndTakenOut) {
    auto one = user("one@example.com");
    auto two = user("two@example.com");
    auto made = post("Groups", fmt::format(R"({{"displayName": "Core",
        "members": [{{"value": "{}"}}]}})",
                                           one));
    ASSERT_EQ(made.status, 201) << made.body;
    auto path = "Groups/" + std::string(made.json().at("id").as_string());
    auto patch = [&](std::string operation) {
        auto answer = call("PATCH", path, fmt::format(R"({{"Operations": [{}]}})", operation));
        EXPECT_EQ(answer.status, 200) << answer.body;
        return answer.json().at("members").as_array().size();
    };
    EXPECT_EQ(patch(fmt::format(
                  R"({{"op": "add", "path": "members", "value": [{{"value": "{}"}}]}})", two)),
              2U);
    EXPECT_EQ(patch(fmt::format(R"({{"op": "remove", "path": "members[value eq \"{}\"]"}})", one)),
              1U);
    EXPECT_EQ(get("Users/" + two).json().at("groups").as_array().size(), 1U);
    EXPECT_EQ(patch(R"({"op": "replace", "value": {"displayName": "Kernel", "members": []}})"), 0U);
    EXPECT_EQ(get(path).json().at("displayName").as_string(), "Kernel");
    EXPECT_EQ(post("Groups", R"({"displayName": "Kernel"})").status, 409);
    EXPECT_EQ(call("PUT", path, R"({"displayName": "X", "members": [{"value": "987654"}]})").status,
              400);
    EXPECT_EQ(call("DELETE", path).status, 204);
    EXPECT_EQ(get(path).status, 404);
}

TEST_F(ScimTest, ATokenMayDoThatAndNothingElse) {
    auto made = world_.post(base_ + "scim-config/tokens/", R"({"name": "okta"})");
    ASSERT_EQ(made.status, 200) << made.body;
    http::Request request;
    request.headers["authorization"] =
        "Bearer " + std::string(made.data().at("token_string").as_string());
    auth::TokenAuthenticator authenticator{world_.pool()};
    auto caller = world_.run([&] { return authenticator.authenticate(request); });
    ASSERT_TRUE(caller);
    EXPECT_TRUE(caller->grants.may(api::writes(api::Area::scim)));
    EXPECT_FALSE(caller->grants.may(api::reads(api::Area::members)));
    auto one = fmt::format("{}scim-config/tokens/{}/", base_, made.data().at("id").to_number<Id>());
    EXPECT_FALSE(world_.get(one).data().as_object().contains("token_string"));
    EXPECT_EQ(world_.call("DELETE", one).status, 200);
    EXPECT_FALSE(world_.run([&] { return authenticator.authenticate(request); }));
    auto switched = world_.post(base_ + "scim-config/", R"({"enabled": true})").data();
    EXPECT_TRUE(switched.at("enabled").as_bool());
    EXPECT_TRUE(switched.at("manual_updates_allowed").as_bool());
}

TEST_F(ScimTest, SaysWhatThereIs) {
    EXPECT_TRUE(get("ServiceProviderConfig").json().at("patch").at("supported").as_bool());
    EXPECT_EQ(get("ResourceTypes").json().at("totalResults"), 2);
    EXPECT_EQ(get("ResourceTypes/Group").json().at("endpoint").as_string(), "/Groups");
    EXPECT_EQ(get("ResourceTypes/Robot").status, 404);
    EXPECT_EQ(get("Schemas/urn:ietf:params:scim:schemas:core:2.0:User").json().at("name"), "User");
}

}  // namespace
}  // namespace mw::scim
