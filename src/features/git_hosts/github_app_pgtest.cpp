#include "features/git_hosts/connect_attempt.hpp"
#include "features/git_hosts/pgtest_hosts.hpp"

namespace mw::git_hosts {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

constexpr const char* kSha = "0123456789abcdef0123456789abcdef01234567";

class GithubAppTest : public GitHostsTest {
  protected:
    GithubAppTest() : GitHostsTest(true) {
        host_.answer_with([this](const HostDouble::Asked& asked) { return answer(asked); });
        ui_ = fmt::format("/api/ui/accounts/{}/git-hosts/", account_);
    }

    // GitHub, with an installation 77 of acme that has two repositories.
    std::string answer(const HostDouble::Asked& asked) const {
        auto ok = [](std::string body) { return http_testing::simple_response(200, body); };
        const auto& target = asked.target;
        if (target == "/api/v3/app/installations/77/access_tokens")
            return http_testing::simple_response(
                token_status_, token_status_ == 201
                                   ? R"({"token": "ghs_one", "expires_at": "2199-01-01T00:00:00Z"})"
                                   : R"({"message": "no"})");
        if (target == "/api/v3/app/installations/77")
            return ok(R"({"id": 77, "app_id": 12345, "account": {"login": "acme"},
                          "access_tokens_url": "https://github/x", "repository_selection": "all"})");
        if (target.starts_with("/api/v3/installation/repositories"))
            return ok(R"({"total_count": 2, "repositories": [
                {"full_name": "acme/shop", "clone_url": "https://h/acme/shop.git",
                 "html_url": "https://h/acme/shop", "default_branch": "main", "private": true},
                {"full_name": "acme/Blog", "private": false}]})");
        if (target == "/login/oauth/access_token")
            return ok(asked.body.find("good-code") != std::string::npos
                          ? R"({"access_token": "ghu_person"})"
                          : R"({"error": "bad_verification_code"})");
        if (target.starts_with("/api/v3/user/installations?"))
            return ok(R"({"installations": [{"id": 77, "account": {"login": "acme"}}]})");
        if (target.starts_with("/api/v3/user/installations/77/repositories"))
            return ok(fmt::format(R"({{"total_count": {}}})", seen_by_person_));
        return http_testing::simple_response(201, "{}");
    }

    result<> report() {
        CommitStatus status;
        status.sha = kSha;
        status.context = "dbt Cloud";
        return world_.run([&] { return hosts_->set_status(repository_, status); });
    }
    // Sends a browser to GitHub: its cookie, and the state that GitHub gives back.
    std::pair<std::string, std::string> begin(std::string way = "") {
        auto begun = world_.get(ui_ + "github/connect/" + way);
        EXPECT_EQ(begun.status, 200) << begun.body;
        url_ = begun.data().at("url").as_string();
        auto cookie = begun.headers.at("set-cookie");
        return {cookie.substr(0, cookie.find(';')), url_.substr(url_.find("state=") + 6)};
    }
    std::string come_back(std::string query, std::string cookie) {
        auto answer = world_.call("GET", "/complete/github?" + query, "", {{"cookie", cookie}});
        EXPECT_EQ(answer.status, 303);
        return answer.headers.at("location");
    }
    static std::string told(std::string_view word) {
        return fmt::format("/settings/integrations?github={}", word);
    }

    std::string ui_;
    std::string url_;
    int token_status_ = 201;
    int seen_by_person_ = 2;
};

TEST_F(GithubAppTest, ATokenIsForOneRepositoryAndOnePurposeAndKeptAgainstADouble) {
    bind(77);
    ASSERT_TRUE(report());
    ASSERT_TRUE(report());
    auto status = fmt::format("POST /api/v3/repos/acme/shop/statuses/{}", kSha);
    EXPECT_THAT(host_.lines(),
                ElementsAre("POST /api/v3/app/installations/77/access_tokens", status, status));
    auto asked = host_.asked();
    EXPECT_EQ(
        boost::json::parse(asked[0].body),
        boost::json::parse(R"({"permissions": {"statuses": "write"}, "repositories": ["shop"]})"));
    EXPECT_THAT(asked[0].authorization, StartsWith("Bearer ey"));
    EXPECT_EQ(asked[1].authorization, "Bearer ghs_one");
    auto credential = world_.get([&] { return hosts_->credential_for(repository_); });
    ASSERT_TRUE(credential);
    EXPECT_EQ(credential->username, "x-access-token");
    EXPECT_EQ(credential->password.reveal(), "ghs_one");
    EXPECT_THAT(host_.asked().back().body, HasSubstr(R"({"contents":"read"})"));
    world_.sql(
        "UPDATE repositories SET remote_url = 'git@127.0.0.1:acme/shop.git', "
        "git_clone_strategy = 'github_app'");
    credential = world_.get([&] { return hosts_->credential_for(repository_); });
    EXPECT_EQ(credential->url, host_.url() + "/acme/shop.git");
}

TEST_F(GithubAppTest, AnInstallationIsOfTheAccountAndItsOwnersRepositoriesAlone) {
    world_.sql("UPDATE repositories SET github_installation_id = 77");
    EXPECT_EQ(report().error().code, Errc::not_found);
    auto other = world_.account();
    world_.sql("INSERT INTO github_installations (id, account_id, login) VALUES (77, $1, 'acme')",
               other);
    EXPECT_EQ(report().error().code, Errc::not_found);
    bind(77, "somebody-else");
    EXPECT_EQ(report().error().code, Errc::invalid_argument);
    world_.sql("UPDATE github_installations SET login = 'acme', suspended = true");
    EXPECT_EQ(report().error().code, Errc::not_found);
    world_.sql("UPDATE github_installations SET suspended = false");
    world_.sql("UPDATE repositories SET remote_url = 'https://github.com/acme/shop.git'");
    EXPECT_EQ(report().error().code, Errc::not_found);
    EXPECT_THAT(host_.lines(), IsEmpty());
}

TEST_F(GithubAppTest, WhatGithubRefusesMarksTheInstallationAgainstADouble) {
    bind(77);
    auto broken = [&] { return count("github_installations WHERE broken_since IS NOT NULL"); };
    // It lacks a permission: somebody has to grant it, and the rest works.
    token_status_ = 422;
    EXPECT_EQ(report().error().code, Errc::invalid_argument);
    EXPECT_EQ(broken(), 0);
    token_status_ = 404;
    EXPECT_EQ(report().error().code, Errc::forbidden);
    EXPECT_EQ(report().error().code, Errc::forbidden);
    EXPECT_EQ(broken(), 1);
    EXPECT_EQ(count("audit_log WHERE event = 'github_installation.broken'"), 1);
    auto shown = world_.get(ui_).data().at("github_app").at("installations").at(0);
    EXPECT_FALSE(shown.at("broken_reason").is_null());
}

TEST_F(GithubAppTest, AnInstallationIsBoundByWhoSeesAllOfItAgainstADouble) {
    auto [cookie, state] = begin();
    EXPECT_THAT(url_, StartsWith(host_.url() + "/apps/mill/installations/new?state="));
    auto query = fmt::format("code=good-code&installation_id=77&state={}", state);
    seen_by_person_ = 1;
    EXPECT_EQ(come_back(query, cookie), told("partial"));
    EXPECT_EQ(count("github_installations"), 0);
    seen_by_person_ = 2;
    EXPECT_EQ(come_back(query, cookie), told("connected"));
    EXPECT_EQ(world_.value<Id>("SELECT account_id AS v FROM github_installations WHERE id = 77"),
              account_);
    EXPECT_EQ(count("audit_log WHERE event = 'github_installation.connected'"), 1);
    auto shown = world_.get(ui_).data().at("github_app");
    EXPECT_EQ(shown.at("installations").at(0).at("login"), "acme");
    EXPECT_EQ(world_.call("DELETE", ui_ + "github/installations/77/").status, 200);
    EXPECT_EQ(world_.call("DELETE", ui_ + "github/installations/77/").status, 404);
    EXPECT_EQ(count("github_installations"), 0);
}

TEST_F(GithubAppTest, NobodyElseEndsWhatSomebodyBegan) {
    auto [cookie, state] = begin();
    auto query = "code=good-code&installation_id=77&state=" + state;
    EXPECT_EQ(come_back(query, ""), told("expired"));
    EXPECT_EQ(come_back("code=good-code&installation_id=77&state=guess", cookie), told("expired"));
    EXPECT_EQ(come_back("error=access_denied&state=" + state, cookie), told("refused"));
    EXPECT_EQ(come_back("code=bad&installation_id=77&state=" + state, cookie), told("expired"));
    EXPECT_EQ(come_back("code=good-code&installation_id=78&state=" + state, cookie), told("none"));
    world_.authenticator().caller.user_id = 4;
    EXPECT_EQ(come_back(query, cookie), told("expired"));
    world_.act_as(world_.account(), api::Caller::Kind::session);
    EXPECT_EQ(come_back(query, cookie), told("expired"));
    EXPECT_EQ(count("github_installations"), 0);
    world_.act_as(account_, api::Caller::Kind::service_token);
    EXPECT_EQ(world_.get(ui_ + "github/connect/").status, 403);
}

TEST_F(GithubAppTest, WhoComesBackWithoutACodeIsAskedForConsentAgainstADouble) {
    auto [cookie, state] = begin("?way=authorize");
    EXPECT_THAT(url_, StartsWith(host_.url() + "/login/oauth/authorize?client_id=Iv1.client"));
    EXPECT_THAT(url_, HasSubstr("redirect_uri=https://mill/complete/github"));
    auto query = "installation_id=77&setup_action=install&state=" + state;
    auto asked = world_.call("GET", "/complete/github?" + query, "", {{"cookie", cookie}});
    EXPECT_EQ(asked.headers.at("location"), url_);
    cookie = asked.headers.at("set-cookie");
    cookie.resize(cookie.find(';'));
    EXPECT_EQ(come_back("code=good-code&state=" + state, cookie), told("connected"));
    EXPECT_EQ(come_back("setup_action=request&state=" + state, cookie), told("requested"));
}

TEST_F(GithubAppTest, RepositoriesAreChosenFromWhatTheAppReachesAgainstADouble) {
    bind(77);
    auto data = world_.get(ui_ + "github/repositories/?search=SHOP").data();
    ASSERT_EQ(data.at("repositories").as_array().size(), 1U);
    auto shop = data.at("repositories").at(0);
    EXPECT_EQ(shop.at("full_name"), "acme/shop");
    EXPECT_EQ(shop.at("clone_url"), "https://h/acme/shop.git");
    EXPECT_EQ(shop.at("github_installation_id"), 77);
    EXPECT_EQ(world_.get(ui_ + "github/repositories/").data().at("total_count"), 2);
    EXPECT_THAT(host_.asked().front().body, HasSubstr(R"({"metadata":"read"})"));
    world_.sql("UPDATE github_installations SET suspended = true");
    EXPECT_EQ(world_.get(ui_ + "github/repositories/").data().at("total_count"), 0);
}

TEST_F(GithubAppTest, TerraformIsToldOfInstallationsAsGithubHasThemAgainstADouble) {
    auto path = std::string("/api/v2/integrations/github/installations/");
    EXPECT_EQ(world_.get(path).json().as_array().size(), 0U);
    bind(77);
    auto list = world_.get(path).json().as_array();
    ASSERT_EQ(list.size(), 1U);
    EXPECT_EQ(list[0].at("id"), 77);
    EXPECT_EQ(list[0].at("account").at("login"), "acme");
    EXPECT_EQ(list[0].at("access_tokens_url"), "https://github/x");
    world_.call("PATCH", ui_, R"({"github_app": false})");
    EXPECT_EQ(world_.get(path).json().as_array().size(), 0U);
    EXPECT_EQ(world_.get(ui_ + "github/repositories/").status, 404);
}

TEST_F(GithubAppTest, AnAttemptIsGoodForAWhile) {
    auto at = test::at("2026-01-01 10:00:00");
    auto attempt = begin_connect(4, 5);
    http::Request request;
    request.headers["cookie"] = connect_cookie(attempt, sealer_, at);
    EXPECT_EQ(connect_of(request, sealer_, at + std::chrono::minutes(29))->state, attempt.state);
    EXPECT_FALSE(connect_of(request, sealer_, at + std::chrono::minutes(31)));
    request.headers["cookie"] = "millwright_git_host=x";
    EXPECT_FALSE(connect_of(request, sealer_, at));
}

}  // namespace
}  // namespace mw::git_hosts
