// What lets git into a run's repository, where a git host gives it.
#include <gmock/gmock.h>

#include "features/worker_api/pgtest_worker.hpp"

namespace mw::worker_api {
namespace {

using testing::HasSubstr;

class OneHost final : public git_hosts::GitHosts {
  public:
    result<std::optional<git_hosts::GitCredential>> given = std::nullopt;

    git_hosts::Awaitable<> set_status(Id, git_hosts::CommitStatus) override {
        co_return result<>{};
    }
    git_hosts::Awaitable<> put_comment(Id, git_hosts::PullRequestComment) override {
        co_return result<>{};
    }
    git_hosts::Awaitable<std::optional<git_hosts::GitCredential>> credential_for(Id) override {
        co_return given;
    }
    git_hosts::Awaitable<std::optional<git_hosts::GitCredential>> credential_for_package(
        Id, std::string name) override {
        if (name != "acme/utils") co_return std::nullopt;
        co_return git_hosts::GitCredential{.username = "x-access-token",
                                           .password = Secret("ghs_two"),
                                           .url = "https://github.com/acme/utils.git"};
    }
};

class GitCredentialTest : public WorkerApiTest {
  protected:
    GitCredentialTest() {
        add_worker_endpoints(hosted_, {.pool = world_.pool(),
                                       .objects = world_.objects(),
                                       .sealer = sealer_,
                                       .blocking = world_.blocking(),
                                       .git_hosts = &host_});
    }
    test::Answer spec() {
        return world_.call(hosted_, "GET", "/internal/v1/run/spec", "",
                           {{"authorization", "Bearer " + token_}});
    }

    OneHost host_;
    http::Router hosted_;
};

TEST_F(GitCredentialTest, IsInTheSpecification) {
    EXPECT_FALSE(spec().json().at("repository").as_object().contains("password"));
    host_.given = git_hosts::GitCredential{.username = "x-access-token",
                                           .password = Secret("ghs_one"),
                                           .url = "https://github.com/acme/shop.git"};
    auto repository = spec().json().at("repository");
    EXPECT_EQ(repository.at("username"), "x-access-token");
    EXPECT_EQ(repository.at("password"), "ghs_one");
    EXPECT_EQ(repository.at("remote_url"), "https://github.com/acme/shop.git");
}

TEST_F(GitCredentialTest, APackagesIsAskedForByItsName) {
    auto ask = [&](std::string body, std::string token) {
        return world_.call(hosted_, "POST", "/internal/v1/run/git-credential", std::move(body),
                           {{"authorization", "Bearer " + token}});
    };
    auto given = ask(R"({"repository": "acme/utils"})", token_);
    ASSERT_EQ(given.status, 200) << given.body;
    EXPECT_EQ(given.json().at("password"), "ghs_two");
    EXPECT_EQ(given.headers.at("cache-control"), "no-store");
    EXPECT_TRUE(ask(R"({"repository": "acme/other"})", token_).json().as_object().empty());
    EXPECT_EQ(ask("{}", token_).status, 400);
    EXPECT_NE(ask(R"({"repository": "acme/utils"})", "mwr_nobody").status, 200);
}

TEST_F(GitCredentialTest, AHostThatIsAwayIsAskedAgainAndOneThatRefusesEndsTheRun) {
    host_.given = fail(Errc::unavailable, "github.com is not available.");
    EXPECT_EQ(spec().status, 503);
    EXPECT_EQ(world_.status(run_), 2);
    host_.given = fail(Errc::forbidden, "The GitHub App is no longer installed there.");
    EXPECT_EQ(spec().status, 409);
    EXPECT_EQ(world_.status(run_), 20);
    EXPECT_THAT(world_.message(run_), HasSubstr("no longer installed"));
}

}  // namespace
}  // namespace mw::worker_api
