#include "features/git_hosts/link_store.hpp"
#include "features/git_hosts/pgtest_hosts.hpp"

namespace mw::git_hosts {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

class LinkTest : public GitHostsTest {
  protected:
    std::string audit(std::string event) {
        return world_.value<std::string>(
            "SELECT coalesce(string_agg(internal_data::text, ' '), '') AS v FROM audit_log "
            "WHERE event = $1",
            event);
    }
    std::string token() {
        auto sealed = world_.value<pg::Bytes>("SELECT sealed_token AS v FROM git_links");
        return sealer_.open(sealed.data, token_context(repository_))->reveal();
    }
};

TEST_F(LinkTest, ATokenIsNeverShownAndTheWebhooksSecretOnce) {
    EXPECT_EQ(world_.get(path_).status, 404);
    auto made = put(fmt::format(R"({{"kind": "gitea", "api_url": "{}/api/v1/", "token":
                                     "t0ken-value"}})",
                                host_.url()));
    ASSERT_EQ(made.status, 200) << made.body;
    auto data = made.data();
    EXPECT_EQ(data.at("kind"), "gitea");
    EXPECT_EQ(data.at("api_url").as_string(), host_.url() + "/api/v1");
    EXPECT_EQ(data.at("has_token"), true);
    EXPECT_EQ(data.at("webhook_url").as_string(),
              fmt::format("https://mill/api/v1/webhooks/repository/{}/", repository_));
    auto secret = std::string(data.at("webhook_secret").as_string());
    EXPECT_THAT(secret, testing::StartsWith("mwh_"));
    EXPECT_EQ(token(), "t0ken-value");
    auto changed = put(R"({"username": "bot"})");
    EXPECT_EQ(changed.data().at("username"), "bot");
    EXPECT_EQ(token(), "t0ken-value");
    auto rotated = put(R"({"rotate_webhook_secret": true})");
    EXPECT_NE(rotated.data().at("webhook_secret").as_string(), secret);
    for (const auto& answer : {changed, world_.get(path_)})
        EXPECT_FALSE(answer.data().as_object().contains("webhook_secret"));
    for (const auto& answer : {made, changed, rotated, world_.get(path_)})
        EXPECT_THAT(answer.body, Not(HasSubstr("t0ken-value")));
    for (auto event : {"git_link.created", "git_link.updated"}) {
        EXPECT_NE(audit(event), "");
        EXPECT_THAT(audit(event), Not(HasSubstr("t0ken-value")));
        EXPECT_THAT(audit(event), Not(HasSubstr(secret)));
    }
}

TEST_F(LinkTest, ItEndsAndIsGone) {
    link("github");
    EXPECT_EQ(world_.call("DELETE", path_).status, 200);
    EXPECT_EQ(world_.get(path_).status, 404);
    EXPECT_EQ(world_.call("DELETE", path_).status, 404);
    EXPECT_NE(audit("git_link.deleted"), "");
}

TEST_F(LinkTest, OnlyARepositoryOfTheProjectOnAHostHasOne) {
    auto other = fmt::format("/api/v3/accounts/{}/projects/{}/repositories/{}/git-host/", account_,
                             project_, repository_ + 1000);
    EXPECT_EQ(world_.call("PUT", other, R"({"token": "t"})").status, 404);
    world_.sql("UPDATE repositories SET managed_name = 'x', remote_url = ''");
    EXPECT_THAT(put(R"({"token": "t"})").message(), HasSubstr("kept by Millwright"));
    world_.sql("UPDATE repositories SET managed_name = NULL, remote_url = '/srv/shop.git'");
    EXPECT_EQ(put(R"({"token": "t", "kind": "gitea"})").status, 400);
}

TEST_F(LinkTest, AnAccountMayHaveNone) {
    link("github");
    auto hosts = fmt::format("/api/ui/accounts/{}/git-hosts/", account_);
    auto off = world_.call("PATCH", hosts, R"({"links": false})");
    EXPECT_EQ(off.data().at("links").at("available"), true);
    EXPECT_EQ(off.data().at("links").at("enabled"), false);
    EXPECT_EQ(off.data().at("github_app").at("available"), false);
    EXPECT_EQ(world_.get(path_).status, 404);
    EXPECT_EQ(put(R"({"token": "t"})").status, 404);
    CommitStatus status;
    status.sha = "0123456";
    auto refused = world_.run([&] { return hosts_->set_status(repository_, status); });
    EXPECT_EQ(refused.error().code, Errc::not_found);
    EXPECT_EQ(world_.call("PATCH", hosts, R"({"links": "x"})").status, 400);
    EXPECT_EQ(world_.call("PATCH", hosts, R"({"links": true})").data().at("links").at("enabled"),
              true);
    EXPECT_EQ(world_.get(path_).status, 200);
    EXPECT_NE(audit("git_hosts.switched"), "");
}

TEST_F(LinkTest, WhereTheOperatorWantsNoneThereIsNoRoute) {
    GitHostSettings none;
    LiveGitHosts hosts(world_.ioc().get_executor(), world_.pool(), sealer_, none);
    http::Router router;
    api::Api api(router, world_.authenticator());
    add_endpoints(api, world_.pool(), sealer_, world_.blocking(), hosts, "https://mill");
    for (const auto& [method, path] : std::vector<std::pair<std::string, std::string>>{
             {"PUT", path_},
             {"POST", fmt::format("/api/v1/webhooks/repository/{}/", repository_)},
             {"POST", "/api/v1/webhooks/github/"},
             {"GET", "/complete/github"},
             {"GET", "/api/v2/integrations/github/installations/"}})
        EXPECT_EQ(world_.call(router, method, path, "{}", {}).status, 404) << path;
    auto shown =
        world_.call(router, "GET", fmt::format("/api/ui/accounts/{}/git-hosts/", account_), "", {});
    EXPECT_EQ(shown.data().at("links").at("available"), false);
    EXPECT_EQ(shown.data().at("github_app").at("enabled"), false);
}

TEST_F(LinkTest, ATestSaysWhatTheTokenMayDoAgainstADouble) {
    link("gitea");
    host_.answer_with([](const HostDouble::Asked& asked) {
        return http_testing::simple_response(
            200, asked.target.ends_with("/user")
                     ? R"({"login": "bot"})"
                     : R"({"permissions": {"admin": false, "push": false, "pull": true}})");
    });
    auto data = world_.post(path_ + "test/").data();
    EXPECT_EQ(data.at("ok"), false);
    EXPECT_EQ(data.at("who"), "bot");
    EXPECT_EQ(data.at("checks").at(0).at("ok"), true);
    EXPECT_EQ(data.at("checks").at(1).at("what"), "status");
    EXPECT_EQ(data.at("checks").at(1).at("says"), "It may not set statuses of commits.");
    EXPECT_EQ(data.at("checks").at(2).at("ok"), true);
    EXPECT_THAT(host_.lines(), ElementsAre("GET /api/repos/acme/shop", "GET /api/user"));
    host_.answer_with(401, R"({"message": "token is expired"})");
    data = world_.post(path_ + "test/").data();
    EXPECT_EQ(data.at("ok"), false);
    EXPECT_THAT(std::string(data.at("checks").at(0).at("says").as_string()),
                HasSubstr("token is expired"));
    EXPECT_FALSE(world_.get(path_).data().at("broken_since").is_null());
    host_.answer_with(200, R"({"permissions": {"push": true, "pull": true}})");
    EXPECT_EQ(world_.post(path_ + "test/").data().at("ok"), true);
    EXPECT_TRUE(world_.get(path_).data().at("broken_since").is_null());
}

}  // namespace
}  // namespace mw::git_hosts
