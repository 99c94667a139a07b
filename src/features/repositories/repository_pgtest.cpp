#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "features/repositories/repository_api.hpp"
#include "features/repositories/repository_store.hpp"
#include "features/runs/pgtest_api.hpp"

namespace mw::repositories {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

class RepositoriesTest : public testing::Test {
  protected:
    RepositoriesTest() {
        add_repository_endpoints(world_.api(), world_.pool(), sealer_, "https://dbt.example.com");
        account_ = world_.account();
        world_.act_as(account_);
        project_ = world_.value<Id>(
            "INSERT INTO projects (account_id, name) VALUES ($1, 'p') RETURNING id AS v", account_);
        path_ = fmt::format("/api/v3/accounts/{}/projects/{}/repositories/", account_, project_);
    }

    test::ApiWorld world_;
    crypto::Sealer sealer_{crypto::DataKey::generate()};
    Id account_ = 0;
    Id project_ = 0;
    std::string path_;
};

TEST_F(RepositoriesTest, OneWithADeployKeyGetsAKey) {
    auto made = world_.post(path_, R"({"remote_url": "git@git.example.com:team/shop.git",
                                       "git_clone_strategy": "deploy_key"})");
    ASSERT_EQ(made.status, 200) << made.body;
    auto data = made.data();
    EXPECT_THAT(std::string(data.at("deploy_key").at("public_key").as_string()),
                StartsWith("ssh-ed25519 "));
    EXPECT_EQ(data.at("full_name").as_string(), "team/shop");
    EXPECT_EQ(made.body.find("PRIVATE"), std::string::npos);
    auto id = data.at("id").to_number<Id>();
    auto sealed = world_.value<pg::Bytes>(
        "SELECT sealed_deploy_key AS v FROM repositories WHERE id = $1", id);
    EXPECT_THAT(sealer_.open(sealed.data, sealing_context(id))->reveal(),
                StartsWith("-----BEGIN OPENSSH PRIVATE KEY-----"));
    // It stays the same when other things change.
    auto changed = world_.post(fmt::format("{}{}/", path_, id),
                               R"({"pull_request_url_template": "https://h/{{source}}"})");
    EXPECT_EQ(changed.data().at("deploy_key"), data.at("deploy_key"));
}

TEST_F(RepositoriesTest, AnAddressThatGitMayNotFetchIsRefused) {
    for (auto url : {"file:///srv/other.git", "/srv/other.git", "ext::sh -c x", "shop",
                     "-oProxyCommand=x", "ssh://-oProxyCommand=x/y", "https://h/a b.git"}) {
        auto answer = world_.post(path_, fmt::format(R"({{"remote_url": "{}"}})", url));
        EXPECT_EQ(answer.status, 400) << url;
        EXPECT_THAT(answer.message(), HasSubstr("remote_url")) << url;
    }
}

TEST_F(RepositoriesTest, AnAddressComesBackWithoutItsSecretAndStays) {
    auto made = world_.post(path_, R"({"remote_url": "https://me:t0ken@host/shop.git"})");
    EXPECT_EQ(made.body.find("t0ken"), std::string::npos);
    auto id = made.data().at("id").to_number<Id>();
    world_.post(fmt::format("{}{}/", path_, id), R"({"remote_url": "https://host/shop.git"})");
    EXPECT_EQ(
        world_.value<std::string>("SELECT remote_url AS v FROM repositories WHERE id = $1", id),
        "https://me:t0ken@host/shop.git");
}

TEST_F(RepositoriesTest, InTheSecondVersionTheProjectIsInTheBody) {
    auto path = fmt::format("/api/v2/accounts/{}/repositories/", account_);
    EXPECT_THAT(world_.post(path, R"({"remote_url": "https://h/x.git"})").message(),
                HasSubstr("project_id"));
    auto made = world_.post(
        path, fmt::format(R"({{"remote_url": "https://h/x.git", "project_id": {}}})", project_));
    EXPECT_EQ(made.data().at("project_id"), project_);
    EXPECT_THAT(
        world_.post(path, R"({"remote_url": "https://h/x.git", "project_id": 987654})").message(),
        HasSubstr("project_id"));
}

}  // namespace
}  // namespace mw::repositories
