#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "features/runs/pgtest_api.hpp"
#include "features/sign_on/admission.hpp"
#include "features/sign_on/provider_api.hpp"
#include "features/sign_on/sign_on_api.hpp"
#include "infra/crypto/sealed_json.hpp"
#include "infra/crypto/signing_pair.hpp"

namespace mw::sign_on {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::UnorderedElementsAre;

class SignOnTest : public testing::Test {
  protected:
    SignOnTest() {
        add_provider_endpoints(world_.api(), world_.pool(), sealer_, world_.blocking(),
                               "https://mill");
        add_sign_on_endpoints(world_.api(), world_.ioc().get_executor(),
                              {.pool = world_.pool(),
                               .sealer = sealer_,
                               .blocking = world_.blocking(),
                               .public_url = "https://mill",
                               .networks = {}});
        world_.act_as(account_);
        path_ = fmt::format("/api/v3/accounts/{}/auth-provider/", account_);
    }

    static std::string oidc(std::string_view slug, std::string_view more = "") {
        return fmt::format(
            R"({{"type": "oidc", "slug": "{}", "issuer_url": "https://id.example.com",
                 "client_id": "mill"{}}})",
            slug, more);
    }
    AuthProvider provider(std::string_view slug = "acme") {
        auto made = world_.post(path_, oidc(slug));
        EXPECT_EQ(made.status, 200) << made.body;
        AuthProvider row;
        row.id = made.data().at("id").to_number<Id>();
        row.account_id = account_;
        return row;
    }
    result<Id> admit_as(const AuthProvider& provider, Identity identity) {
        return world_.run([&] {
            return pg::with_tx(world_.pool(),
                               [&](pg::Connection& tx) { return admit(tx, provider, identity); });
        });
    }
    Id person(std::string email) {
        return world_.value<Id>("INSERT INTO users (email) VALUES ($1) RETURNING id AS v", email);
    }
    void join(Id user, int state = 1) {
        world_.sql("INSERT INTO account_members (account_id, user_id, state) VALUES ($1, $2, $3)",
                   account_, user, state);
    }
    Id group(std::string name, std::vector<std::string> mapped, bool by_default = false) {
        return world_.value<Id>(
            "INSERT INTO groups (account_id, name, sso_mapping_groups, assign_by_default) "
            "VALUES ($1, $2, $3::text[], $4) RETURNING id AS v",
            account_, name, mapped, by_default);
    }
    std::string groups_of(Id user) {
        return world_.value<std::string>(
            "SELECT coalesce(string_agg(g.name, ' ' ORDER BY g.name), '') AS v FROM group_members "
            "m "
            "JOIN groups g ON g.id = m.group_id WHERE m.user_id = $1",
            user);
    }
    std::string license_of(Id user) {
        return world_.value<std::string>(
            "SELECT license_type AS v FROM account_members WHERE user_id = $1", user);
    }

    test::ApiWorld world_;
    crypto::Sealer sealer_{crypto::DataKey::generate()};
    Id account_ = world_.account();
    std::string path_;
};

TEST_F(SignOnTest, AProviderKeepsItsSecretToItself) {
    auto made = world_.post(path_, oidc("acme", R"(, "client_secret": "hush")"));
    ASSERT_EQ(made.status, 200) << made.body;
    EXPECT_THAT(made.body, Not(HasSubstr("hush")));
    EXPECT_THAT(made.body, Not(HasSubstr("sealed")));
    EXPECT_EQ(made.data().at("login_url").as_string(), "https://mill/enterprise-login/acme");
    EXPECT_EQ(made.data().at("callback_url").as_string(), "https://mill/complete/oidc");
    EXPECT_TRUE(made.data().at("has_client_secret").as_bool());
    auto one = fmt::format("{}{}/", path_, made.data().at("id").to_number<Id>());
    auto secret = [&] {
        auto sealed = world_.value<pg::Bytes>("SELECT sealed_secrets AS v FROM auth_providers");
        auto opened = crypto::open_json(sealer_, sealed.data,
                                        sealing_context(made.data().at("id").to_number<Id>()));
        return std::string(opened->at("client_secret").as_string());
    };
    EXPECT_EQ(secret(), "hush");
    EXPECT_EQ(world_.post(one, R"({"name": "Corp", "client_secret": ""})").status, 200);
    EXPECT_EQ(secret(), "hush");
    world_.post(one, R"({"client_secret": "other"})");
    EXPECT_EQ(secret(), "other");
}

TEST_F(SignOnTest, AProviderHasWhatItsKindNeeds) {
    for (auto [body, field] : {
             std::pair{R"({"type": "kerberos"})", "type"},
             {R"({"type": "oidc", "client_id": "c"})", "issuer_url"},
             {R"({"type": "oidc", "client_id": "c", "issuer_url": "http://id.example.com"})",
              "issuer_url"},
             {R"({"type": "oidc", "issuer_url": "https://id.example.com"})", "client_id"},
             {R"({"type": "azure_single_tenant", "client_id": "c"})", "tenant_id"},
             {R"({"type": "azure_multi_tenant", "client_id": "c"})", "tenant_id"},
             {R"({"type": "gsuite", "client_id": "c"})", "domain"},
             {R"({"type": "saml"})", "entity_id"},
             {R"({"type": "saml", "entity_id": "e"})", "sso_url"},
             {R"({"type": "saml", "entity_id": "e", "sso_url": "ftp://x"})", "sso_url"},
             {R"({"type": "okta", "entity_id": "e", "sso_url": "https://x/"})", "cert"},
             {R"({"type": "okta", "entity_id": "e", "sso_url": "https://x/", "cert": "no"})",
              "cert"},
             {R"({"type": "oidc", "client_id": "c", "issuer_url": "https://x", "slug": "a b"})",
              "slug"},
             {R"({"type": "oidc", "client_id": "c", "issuer_url": "https://x",
                  "attribute_map": "[]"})",
              "attribute_map"},
         }) {
        auto refused = world_.post(path_, body);
        EXPECT_EQ(refused.status, 400) << body;
        EXPECT_THAT(refused.message(), HasSubstr(field)) << body;
    }
}

TEST_F(SignOnTest, ASlugIsOneInTheWholeInstallation) {
    provider("acme");
    auto other = world_.account();
    world_.act_as(other);
    auto taken =
        world_.post(fmt::format("/api/v3/accounts/{}/auth-provider/", other), oidc("acme"));
    EXPECT_EQ(taken.status, 409) << taken.body;
    EXPECT_THAT(taken.message(), HasSubstr("slug"));
    auto made = world_.post(fmt::format("/api/v3/accounts/{}/auth-provider/", other), oidc(""));
    EXPECT_THAT(std::string(made.data().at("slug").as_string()), testing::StartsWith("sso-"));
}

TEST_F(SignOnTest, ASamlProviderIsToldWhoWeAre) {
    auto pair = crypto::make_signing_pair("idp");
    ASSERT_TRUE(pair);
    boost::json::object body{{"type", "okta"},
                             {"slug", "okta"},
                             {"entity_id", "http://okta"},
                             {"sso_url", "https://okta.example.com/sso"},
                             {"cert", pair->certificate_pem},
                             {"sign_request", true}};
    auto made = world_.post(path_, boost::json::serialize(body));
    ASSERT_EQ(made.status, 200) << made.body;
    EXPECT_EQ(made.data().at("audience").as_string(), "https://mill/");
    EXPECT_EQ(made.data().at("callback_url").as_string(), "https://mill/complete/okta");
    EXPECT_TRUE(made.data().at("cert_expiry_date").is_string());
    EXPECT_THAT(made.body, Not(HasSubstr("PRIVATE KEY")));
    auto metadata = world_.call("GET", "/enterprise-login/okta/metadata");
    EXPECT_EQ(metadata.status, 200);
    EXPECT_THAT(metadata.body, HasSubstr("https://mill/complete/okta"));
    auto begun = world_.call("GET", "/enterprise-login/okta?next=/runs");
    EXPECT_EQ(begun.status, 303);
    EXPECT_THAT(begun.headers.at("location"),
                testing::StartsWith("https://okta.example.com/sso?SAMLRequest="));
    EXPECT_THAT(begun.headers.at("location"), HasSubstr("Signature="));
    EXPECT_THAT(begun.headers.at("set-cookie"), HasSubstr("SameSite=None"));
}

TEST_F(SignOnTest, PasswordsAreNotForbiddenBeforeSomebodyCameIn) {
    auto refused = world_.post(path_, oidc("acme", R"(, "allow_password_backdoor": false)"));
    EXPECT_EQ(refused.status, 400);
    EXPECT_THAT(refused.message(), HasSubstr("allow_password_backdoor"));
    auto row = provider();
    auto one = fmt::format("{}{}/", path_, row.id);
    EXPECT_EQ(world_.post(one, R"({"allow_password_backdoor": false})").status, 400);
    world_.sql("UPDATE auth_providers SET last_used_at = now() WHERE id = $1", row.id);
    EXPECT_EQ(world_.post(one, R"({"allow_password_backdoor": false})").status, 200);
    EXPECT_EQ(world_.post(one, R"({"name": "Corp"})").status, 200);
}

TEST_F(SignOnTest, ANewcomerBecomesAMemberInTheGroupsOfTheirs) {
    auto row = provider();
    group("Everybody", {}, true);
    group("Analysts", {"analysts", "bi"});
    group("Engineers", {"engineers"});
    world_.sql(
        "INSERT INTO license_maps (account_id, license_type, sso_license_mapping_groups) "
        "VALUES ($1, 'read_only', '{analysts}')",
        account_);
    auto user = admit_as(row, {"ann@example.com", "Ann", "Lee", {{"bi", "analysts", "x"}}});
    ASSERT_TRUE(user) << user.error().message;
    EXPECT_EQ(groups_of(*user), "Analysts Everybody");
    EXPECT_EQ(license_of(*user), "read_only");
    EXPECT_EQ(world_.value<std::string>("SELECT first_name AS v FROM users WHERE id = $1", *user),
              "Ann");
}

TEST_F(SignOnTest, EachSignInFollowsTheirGroupsAndLeavesTheRest) {
    auto row = provider();
    auto user = person("ann@example.com");
    join(user);
    auto by_hand = group("By hand", {});
    group("Analysts", {"analysts"});
    group("Engineers", {"engineers"});
    world_.sql("INSERT INTO group_members (group_id, user_id) VALUES ($1, $2)", by_hand, user);
    ASSERT_EQ(admit_as(row, {"ann@example.com", "", "", {{"analysts"}}}), user);
    EXPECT_EQ(groups_of(user), "Analysts By hand");
    ASSERT_EQ(admit_as(row, {"ann@example.com", "", "", {{"engineers"}}}), user);
    EXPECT_EQ(groups_of(user), "By hand Engineers");
    // Nothing said of groups is not the same as none.
    ASSERT_EQ(admit_as(row, {"ann@example.com", "", "", std::nullopt}), user);
    EXPECT_EQ(groups_of(user), "By hand Engineers");
    ASSERT_EQ(admit_as(row, {"ann@example.com", "", "", {std::vector<std::string>{}}}), user);
    EXPECT_EQ(groups_of(user), "By hand");
    EXPECT_EQ(license_of(user), "developer");
}

TEST_F(SignOnTest, AProviderSpeaksForItsOwnAccountAlone) {
    auto row = provider();
    auto stranger = person("eve@example.com");
    world_.sql("INSERT INTO account_members (account_id, user_id) VALUES ($1, $2)",
               world_.account(), stranger);
    auto former = person("bob@example.com");
    join(former, 2);
    for (auto email : {"eve@example.com", "bob@example.com"}) {
        auto refused = admit_as(row, {email, "", "", {}});
        ASSERT_FALSE(refused) << email;
        EXPECT_EQ(refused.error().code, Errc::forbidden);
    }
}

TEST_F(SignOnTest, AnAnswerThatNobodyAskedForIsSentBack) {
    provider();
    for (auto path : {"/complete/oidc?state=x&code=y", "/complete/oidc"}) {
        auto answer = world_.call("GET", path);
        EXPECT_EQ(answer.status, 303);
        EXPECT_EQ(answer.headers.at("location"), "/sign-in?sign_on=expired");
        EXPECT_FALSE(answer.headers.contains("set-cookie"));
    }
    EXPECT_EQ(world_.call("GET", "/enterprise-login/nobody").headers.at("location"),
              "/sign-in?sign_on=unknown");
    EXPECT_EQ(world_.call("POST", "/complete/saml", "RelayState=x").status, 400);
}

TEST_F(SignOnTest, AProviderOutsideTheNetworksIsNotAskedAndTheReasonKept) {
    auto made = world_.post(path_, R"({"type": "oidc", "slug": "inside", "client_id": "c",
                                       "issuer_url": "https://127.0.0.1:9"})");
    ASSERT_EQ(made.status, 200) << made.body;
    auto answer = world_.call("GET", "/enterprise-login/inside");
    EXPECT_EQ(answer.headers.at("location"), "/sign-in?sign_on=unreachable&provider=inside");
    EXPECT_THAT(
        world_.value<std::string>("SELECT internal_data->>'reason' AS v FROM audit_log WHERE event "
                                  "= 'sign_on.refused'"),
        HasSubstr("MILLWRIGHT_SIGN_ON_NETWORKS"));
}

TEST_F(SignOnTest, TheSignInPageIsToldOfEachProvider) {
    provider("acme");
    auto choices = world_.call("GET", "/api/ui/sign-on/").json();
    ASSERT_EQ(choices.as_array().size(), 1U);
    EXPECT_EQ(choices.at(0).at("slug").as_string(), "acme");
    EXPECT_EQ(choices.at(0).at("type").as_string(), "oidc");
    world_.sql("UPDATE accounts SET state = 2 WHERE id = $1", account_);
    EXPECT_EQ(world_.call("GET", "/api/ui/sign-on/").json().as_array().size(), 0U);
}

}  // namespace
}  // namespace mw::sign_on
