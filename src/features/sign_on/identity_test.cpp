#include "features/sign_on/identity.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mw::sign_on {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(Identity, IsReadByTheNamesThatProvidersUse) {
    auto found = identity_of({},
                             {{"email", {"Ann@Example.com"}},
                              {"given_name", {"Ann"}},
                              {"family_name", {"Lee"}},
                              {"groups", {"analysts", "all"}}},
                             "x");
    ASSERT_TRUE(found) << found.error().message;
    EXPECT_EQ(found->email, "ann@example.com");
    EXPECT_EQ(found->first_name, "Ann");
    EXPECT_EQ(found->last_name, "Lee");
    EXPECT_THAT(*found->groups, ElementsAre("analysts", "all"));
}

TEST(Identity, FollowsTheProvidersMapEitherWayRound) {
    AuthProvider provider;
    for (auto map : {R"({"corporateMail": "email", "teams": "groups"})",
                     R"({"email": "corporateMail", "groups": "teams"})"}) {
        provider.attribute_map = map;
        auto found = identity_of(provider,
                                 {{"corporateMail", {"ann@example.com"}},
                                  {"email", {"private@example.org"}},
                                  {"teams", {"one"}}},
                                 "");
        ASSERT_TRUE(found) << map;
        EXPECT_EQ(found->email, "ann@example.com") << map;
        EXPECT_THAT(*found->groups, ElementsAre("one")) << map;
    }
}

TEST(Identity, TakesANameIdThatIsAnAddress) {
    auto found = identity_of({}, {}, "ann@example.com");
    ASSERT_TRUE(found);
    EXPECT_EQ(found->email, "ann@example.com");
    EXPECT_FALSE(found->groups);
}

TEST(Identity, SaysWhatIsMissing) {
    for (auto address : {"", "ann", "@example.com", "a@b@c", "ann@example.com\nbcc: x"}) {
        auto found = identity_of({}, {{"email", {address}}}, "G-17");
        ASSERT_FALSE(found) << address;
        EXPECT_EQ(found.error().code, Errc::unauthenticated);
        EXPECT_THAT(found.error().message, HasSubstr("e-mail address"));
    }
}

TEST(Identity, IsOfTheProvidersDomain) {
    AuthProvider provider;
    provider.domain = "Example.com";
    EXPECT_TRUE(identity_of(provider, {{"email", {"ann@example.com"}}}, ""));
    for (auto other : {"ann@example.org", "ann@sub.example.com", "ann@notexample.com"}) {
        auto found = identity_of(provider, {{"email", {other}}}, "");
        ASSERT_FALSE(found) << other;
        EXPECT_EQ(found.error().code, Errc::forbidden);
    }
}

TEST(Identity, LeavesOutNamesThatNoFormWouldTake) {
    auto found = identity_of({},
                             {{"email", {"ann@example.com"}},
                              {"first_name", {std::string(151, 'a')}},
                              {"last_name", {"L\xff"}}},
                             "");
    ASSERT_TRUE(found);
    EXPECT_EQ(found->first_name, "");
    EXPECT_EQ(found->last_name, "L\xEF\xBF\xBD");
}

TEST(Identity, ReadsTextsAndListsOfClaims) {
    auto attributes = attributes_of(
        {{"email", "a@b"}, {"groups", {"x", 3, "y"}}, {"email_verified", true}, {"n", 4}});
    EXPECT_THAT(attributes["email"], ElementsAre("a@b"));
    EXPECT_THAT(attributes["groups"], ElementsAre("x", "y"));
    EXPECT_EQ(attributes.size(), 2U);
}

TEST(AttributeMap, IsAnObjectOfTexts) {
    EXPECT_TRUE(check_attribute_map(""));
    EXPECT_TRUE(check_attribute_map("{}"));
    EXPECT_TRUE(check_attribute_map(R"({"mail": "email"})"));
    EXPECT_FALSE(check_attribute_map("[]"));
    EXPECT_FALSE(check_attribute_map("{"));
    EXPECT_FALSE(check_attribute_map(R"({"mail": 3})"));
}

}  // namespace
}  // namespace mw::sign_on
