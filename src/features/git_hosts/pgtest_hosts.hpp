// For tests: a project's repository on a host that is a double, and the endpoints of this folder.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "features/git_hosts/endpoints.hpp"
#include "features/git_hosts/test_double.hpp"
#include "features/runs/pgtest_api.hpp"
#include "infra/jwt/test_key.hpp"

namespace mw::git_hosts {

inline GithubAppSettings app_settings(const std::string& host) {
    static const auto kSigner =
        jwt::Signer::from_pem(Secret(jwt::testing_::TestKey::rsa().private_pem())).value();
    return {.app_id = "12345",
            .client_id = "Iv1.client",
            .client_secret = Secret("client-hush"),
            .signer = kSigner,
            .webhook_secret = Secret("app-hush"),
            .base_url = host,
            .api_url = host + "/api/v3",
            .install_url = host + "/apps/mill/installations/new",
            .configure_url = ""};
}

class GitHostsTest : public testing::Test {
  protected:
    explicit GitHostsTest(bool with_app = false) {
        settings_.networks = http::AddressRules::parse("127.0.0.1").value();
        if (with_app) settings_.app = app_settings(host_.url());
        hosts_.emplace(world_.ioc().get_executor(), world_.pool(), sealer_, settings_);
        add_endpoints(world_.api(), world_.pool(), sealer_, world_.blocking(), *hosts_,
                      "https://mill");
        world_.act_as(account_, api::Caller::Kind::session);
        project_ = world_.value<Id>(
            "INSERT INTO projects (account_id, name) VALUES ($1, 'p') RETURNING id AS v", account_);
        repository_ = make_repository(host_.url() + "/acme/shop.git");
        path_ = fmt::format("/api/v3/accounts/{}/projects/{}/repositories/{}/git-host/", account_,
                            project_, repository_);
    }

    Id make_repository(std::string url, std::string strategy = "git_token") {
        return world_.value<Id>(
            "INSERT INTO repositories (account_id, project_id, remote_url, git_clone_strategy) "
            "VALUES ($1, $2, $3, $4) RETURNING id AS v",
            account_, project_, url, strategy);
    }
    test::Answer put(std::string body) { return world_.call("PUT", path_, std::move(body)); }
    // The secret of its webhook.
    std::string link(std::string kind) {
        auto api = kind == "azure_devops" ? host_.url() : host_.url() + "/api";
        auto made =
            put(fmt::format(R"({{"kind": "{}", "api_url": "{}", "token": "t0ken"}})", kind, api));
        EXPECT_EQ(made.status, 200) << made.body;
        return std::string(made.data().at("webhook_secret").as_string());
    }
    void bind(Id installation, std::string login = "acme") {
        world_.sql("INSERT INTO github_installations (id, account_id, login) VALUES ($1, $2, $3)",
                   installation, account_, login);
        world_.sql("UPDATE repositories SET github_installation_id = $1", installation);
    }
    int count(std::string from) {
        return world_.value<int>("SELECT count(*)::integer AS v FROM " + from);
    }

    test::ApiWorld world_;
    HostDouble host_;
    crypto::Sealer sealer_{crypto::DataKey::generate()};
    GitHostSettings settings_{.app = {}, .links = true, .networks = {}};
    std::optional<LiveGitHosts> hosts_;
    Id account_ = world_.account();
    Id project_ = 0;
    Id repository_ = 0;
    std::string path_;
};

}  // namespace mw::git_hosts
