#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "features/managed_repositories/git_api.hpp"
#include "features/managed_repositories/managed_repository_api.hpp"
#include "features/runs/pgtest_api.hpp"

namespace mw::managed_repositories {
namespace {

using testing::HasSubstr;

class ManagedRepositories : public testing::Test {
  protected:
    ManagedRepositories() {
        add_managed_repository_endpoints(world_.api(), world_.pool(), folder_.path(),
                                         "https://dbt.example.com");
        add_git_endpoints(world_.api(), world_.pool(), backend_);
        account_ = world_.account();
        world_.act_as(account_);
        project_ = world_.value<Id>(
            "INSERT INTO projects (account_id, name) VALUES ($1, 'p') RETURNING id AS v", account_);
        path_ = fmt::format("/api/v3/accounts/{}/projects/{}/managed-repositories/", account_,
                            project_);
    }

    boost::json::value make(std::string name = "Shop") {
        auto made = world_.post(path_, fmt::format(R"({{"name": "{}"}})", name));
        EXPECT_EQ(made.status, 200) << made.body;
        return made.data();
    }
    static std::string path_of(const boost::json::value& repository) {
        auto url = std::string(repository.at("remote_url").as_string());
        return url.substr(url.find("/git/"));
    }
    test::Answer refs(const boost::json::value& repository, std::string_view service,
                      http::Headers headers = {}) {
        return world_.call("GET",
                           fmt::format("{}/info/refs?service={}", path_of(repository), service), {},
                           std::move(headers));
    }
    void act_with(std::string_view set) {
        world_.authenticator().caller.grants = api::Grants(
            {api::Grant{api::find_permission_set(set), project_, {}}}, api::License::developer);
    }

    test::ApiWorld world_;
    test::TempDir folder_;
    git::HttpBackend backend_{folder_.path()};
    Id account_ = 0;
    Id project_ = 0;
    std::string path_;
};

TEST_F(ManagedRepositories, OneIsMadeAndServed) {
    auto made = make("Shop & more");
    EXPECT_EQ(made.at("name").as_string(), "Shop & more");
    EXPECT_EQ(made.at("remote_backend").as_string(), "managed");
    EXPECT_THAT(std::string(made.at("remote_url").as_string()),
                testing::MatchesRegex("https://dbt.example.com/git/[0-9]+/Shop-more.git"));
    EXPECT_THAT(refs(made, "git-upload-pack").body, HasSubstr("service=git-upload-pack"));
    EXPECT_THAT(refs(made, "git-receive-pack").body, HasSubstr("service=git-receive-pack"));
}

TEST_F(ManagedRepositories, ANameIsNeeded) {
    for (auto body : {"{}", R"({"name": ""})", R"({"name": 7})"}) {
        auto refused = world_.post(path_, body);
        EXPECT_EQ(refused.status, 400) << body;
        EXPECT_THAT(refused.message(), HasSubstr("name")) << body;
    }
}

TEST_F(ManagedRepositories, AnEmptyOneSaysWhatToDoFirst) {
    auto made = make();
    auto id = made.at("id").to_number<Id>();
    auto refused = world_.get(fmt::format("{}{}/download/", path_, id));
    EXPECT_EQ(refused.status, 409);
    EXPECT_THAT(refused.message(), HasSubstr("main"));
}

TEST_F(ManagedRepositories, WhoMayOnlyReadMayNotPush) {
    auto made = make();
    act_with("git_admin");
    EXPECT_EQ(refs(made, "git-receive-pack").status, 200);
    act_with("developer");
    EXPECT_EQ(refs(made, "git-receive-pack").status, 200);
    act_with("readonly");
    EXPECT_EQ(refs(made, "git-upload-pack").status, 200);
    EXPECT_EQ(refs(made, "git-receive-pack").status, 403);
    act_with("webhooks_only");
    EXPECT_EQ(refs(made, "git-upload-pack").status, 404);
}

TEST_F(ManagedRepositories, AnotherAccountsIsNotThere) {
    auto made = make();
    world_.act_as(world_.account());
    EXPECT_EQ(refs(made, "git-upload-pack").status, 404);
}

TEST_F(ManagedRepositories, OneThatIsKeptElsewhereIsNotServed) {
    auto id = world_.value<Id>(
        "INSERT INTO repositories (account_id, project_id, remote_url) "
        "VALUES ($1, $2, 'https://h/x.git') RETURNING id AS v",
        account_, project_);
    auto asked = world_.get(fmt::format("/git/{}/x.git/info/refs?service=git-upload-pack", id));
    EXPECT_EQ(asked.status, 404);
    EXPECT_EQ(world_.get(fmt::format("{}{}/download/", path_, id)).status, 404);
}

TEST_F(ManagedRepositories, OnlyTheSmartProtocolIsSpoken) {
    auto made = make();
    EXPECT_EQ(world_.get(path_of(made) + "/info/refs").status, 403);
}

TEST_F(ManagedRepositories, APushIsInTheAuditLogWithItsRepository) {
    auto made = make();
    world_.call("POST", path_of(made) + "/git-receive-pack");
    EXPECT_EQ(
        world_.value<std::string>(
            "SELECT internal_data->>'name' AS v FROM audit_log WHERE event = 'repository.pushed'"),
        "Shop");
}

}  // namespace
}  // namespace mw::managed_repositories
