#include "features/git_hosts/live_git_hosts.hpp"

#include "features/git_hosts/pgtest_hosts.hpp"

namespace mw::git_hosts {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

constexpr const char* kSha = "0123456789abcdef0123456789abcdef01234567";
constexpr const char* kMarker = "<!-- millwright -->";

class LiveGitHostsTest : public GitHostsTest {
  protected:
    explicit LiveGitHostsTest(bool with_app = false) : GitHostsTest(with_app) {}

    result<> report(CommitState state = CommitState::success, std::int64_t pull_request = 0) {
        return world_.run([&] {
            return hosts_->set_status(repository_, {.sha = kSha,
                                                    .state = state,
                                                    .context = "dbt Cloud",
                                                    .description = "2 models",
                                                    .target_url = "https://mill/runs/7",
                                                    .pull_request = pull_request});
        });
    }
    result<> comment() {
        return world_.run([&] {
            return hosts_->put_comment(repository_,
                                       {.pull_request = 3,
                                        .marker = kMarker,
                                        .markdown = std::string(kMarker) + "\n# Runs"});
        });
    }
    std::optional<GitCredential> credential(Id repository) {
        return world_.get([&] { return hosts_->credential_for(repository); });
    }
    boost::json::value sent(std::size_t index = 0) {
        return boost::json::parse(host_.asked().at(index).body);
    }
    int audited(std::string event) {
        return world_.value<int>("SELECT count(*)::integer AS v FROM audit_log WHERE event = $1",
                                 event);
    }
};

TEST_F(LiveGitHostsTest, AStatusIsSaidInEachHostsWordsAgainstADouble) {
    struct Kind {
        std::string kind, line, authorization, state, failure;
    };
    for (const auto& [kind, line, authorization, state, failure] : std::vector<Kind>{
             {"github", fmt::format("POST /api/repos/acme/shop/statuses/{}", kSha), "Bearer t0ken",
              "success", "failure"},
             {"gitea", fmt::format("POST /api/repos/acme/shop/statuses/{}", kSha), "Bearer t0ken",
              "success", "failure"},
             {"gitlab", fmt::format("POST /api/projects/acme%2Fshop/statuses/{}", kSha),
              "Bearer t0ken", "success", "failed"}}) {
        world_.sql("DELETE FROM git_links");
        link(kind);
        host_.forget();
        ASSERT_TRUE(report()) << kind;
        ASSERT_TRUE(report(CommitState::failure)) << kind;
        ASSERT_TRUE(report(CommitState::pending)) << kind;
        EXPECT_THAT(host_.lines(), ElementsAre(line, line, line));
        EXPECT_EQ(host_.asked()[0].authorization, authorization) << kind;
        EXPECT_EQ(sent(0).at("state").as_string(), state);
        EXPECT_EQ(sent(1).at("state").as_string(), failure);
        EXPECT_EQ(sent(2).at("state"), "pending");
        EXPECT_EQ(sent().at(kind == "gitlab" ? "name" : "context"), "dbt Cloud");
        EXPECT_EQ(sent().at("target_url"), "https://mill/runs/7");
    }
    EXPECT_FALSE(world_.get(path_).data().at("last_used_at").is_null());
}

TEST_F(LiveGitHostsTest, AzureShowsAStatusAtThePullRequestTooAgainstADouble) {
    world_.sql("UPDATE repositories SET remote_url = $1",
               host_.url() + "/acme/my%20data/_git/shop");
    link("azure_devops");
    ASSERT_TRUE(report(CommitState::success, 5));
    EXPECT_THAT(host_.lines(),
                ElementsAre(fmt::format("POST /acme/my%20data/_apis/git/repositories/shop/commits/"
                                        "{}/statuses?api-version=7.0",
                                        kSha),
                            "POST /acme/my%20data/_apis/git/repositories/shop/pullRequests/5/"
                            "statuses?api-version=7.0"));
    EXPECT_EQ(host_.asked()[0].authorization, "Basic OnQwa2Vu");
    EXPECT_EQ(sent().at("state"), "succeeded");
    EXPECT_EQ(sent().at("context").at("name"), "dbt Cloud");
    EXPECT_EQ(sent().at("targetUrl"), "https://mill/runs/7");
}

TEST_F(LiveGitHostsTest, ACommentIsMadeOnceAndThenChangedAgainstADouble) {
    struct Kind {
        std::string kind, list, made, changed, nothing, ours, field;
    };
    auto quoted = fmt::format(R"("> {} is theirs")", kMarker);
    auto body = fmt::format(R"("{}\n# Runs")", kMarker);
    for (const auto& each : std::vector<Kind>{
             {"github", "GET /api/repos/acme/shop/issues/3/comments?per_page=100&page=1",
              "POST /api/repos/acme/shop/issues/3/comments",
              "PATCH /api/repos/acme/shop/issues/comments/12",
              fmt::format(R"([{{"id": 11, "body": {}}}])", quoted),
              fmt::format(R"([{{"id": 11, "body": {}}}, {{"id": 12, "body": {}}}])", quoted, body),
              "body"},
             {"gitlab", "GET /api/projects/acme%2Fshop/merge_requests/3/notes?per_page=100&page=1",
              "POST /api/projects/acme%2Fshop/merge_requests/3/notes",
              "PUT /api/projects/acme%2Fshop/merge_requests/3/notes/12",
              fmt::format(R"([{{"id": 11, "body": {}}}])", quoted),
              fmt::format(R"([{{"id": 12, "body": {}}}])", body), "body"}}) {
        world_.sql("DELETE FROM git_links");
        link(each.kind);
        host_.forget();
        host_.answer_with(200, each.nothing);
        ASSERT_TRUE(comment()) << each.kind;
        host_.answer_with(200, each.ours);
        ASSERT_TRUE(comment()) << each.kind;
        EXPECT_THAT(host_.lines(), ElementsAre(each.list, each.made, each.list, each.changed));
        EXPECT_THAT(std::string(sent(1).at(each.field).as_string()), StartsWith(kMarker));
    }
}

TEST_F(LiveGitHostsTest, AzuresCommentIsAThreadThatNobodyHasToResolveAgainstADouble) {
    world_.sql("UPDATE repositories SET remote_url = $1", host_.url() + "/acme/data/_git/shop");
    link("azure_devops");
    host_.answer_with(200, R"({"value": []})");
    ASSERT_TRUE(comment());
    host_.answer_with(
        200,
        fmt::format(R"({{"value": [{{"id": 8, "comments": [{{"id": 2, "content": "{}"}}]}}]}})",
                    kMarker));
    ASSERT_TRUE(comment());
    auto path = std::string("/acme/data/_apis/git/repositories/shop/pullRequests/3/threads");
    EXPECT_THAT(host_.lines(),
                ElementsAre("GET " + path + "?api-version=7.0", "POST " + path + "?api-version=7.0",
                            "GET " + path + "?api-version=7.0",
                            "PATCH " + path + "/8/comments/2?api-version=7.0"));
    EXPECT_EQ(sent(1).at("status"), "closed");
}

TEST_F(LiveGitHostsTest, WhatTheHostRefusesBreaksTheLinkOnceAgainstADouble) {
    link("github");
    host_.answer_with(401, R"({"message": "Bad credentials"})");
    EXPECT_EQ(report().error().code, Errc::unauthenticated);
    EXPECT_EQ(report().error().code, Errc::unauthenticated);
    EXPECT_EQ(audited("git_link.broken"), 1);
    auto shown = world_.get(path_).data();
    EXPECT_FALSE(shown.at("broken_since").is_null());
    EXPECT_THAT(std::string(shown.at("broken_reason").as_string()), HasSubstr("Bad credentials"));
    // One success is not yet a proof, as something else may be refused still.
    host_.answer_with(201, "{}");
    EXPECT_TRUE(report());
    EXPECT_FALSE(world_.get(path_).data().at("broken_since").is_null());
    world_.sql(
        "UPDATE git_links SET broken_since = now() - interval '11 minutes', "
        "last_used_at = NULL");
    EXPECT_TRUE(report());
    EXPECT_TRUE(world_.get(path_).data().at("broken_since").is_null());
}

TEST_F(LiveGitHostsTest, WhatElseAHostAnswersSaysWhatToDoAgainstADouble) {
    link("github");
    host_.answer_with(422, R"({"message": "No commit found for SHA"})");
    EXPECT_EQ(report().error().code, Errc::invalid_argument);
    // Gitea's way to say it.
    host_.answer_with(500, R"({"message": "GetCommit[01]: object does not exist [id: 01]"})");
    EXPECT_EQ(report().error().code, Errc::invalid_argument);
    host_.answer_with(429, "{}", "Retry-After: 42\r\n");
    EXPECT_EQ(report().error().code, Errc::limit_exceeded);
    EXPECT_EQ(report().error().retry_after_seconds, 42);
    host_.answer_with(503, "");
    EXPECT_EQ(report().error().code, Errc::unavailable);
    EXPECT_EQ(audited("git_link.broken"), 0);
    world_.sql("UPDATE git_links SET api_url = 'http://127.0.0.2:9'");
    auto outside = report();
    EXPECT_EQ(outside.error().code, Errc::unavailable);
    EXPECT_THAT(outside.error().message, HasSubstr("MILLWRIGHT_GIT_HOST_NETWORKS"));
    world_.sql("DELETE FROM git_links");
    EXPECT_EQ(report().error().code, Errc::not_found);
}

TEST_F(LiveGitHostsTest, OverPlainHttpOnlyWhatTheOperatorAllowsIsSpokenTo) {
    auto https = hosts_->addresses_for("https://gitlab.com/api/v4");
    auto http = hosts_->addresses_for("http://gitlab.com/api/v4");
    auto public_one = boost::asio::ip::make_address("8.8.8.8");
    EXPECT_TRUE(https(public_one));
    EXPECT_FALSE(http(public_one));
    EXPECT_TRUE(http(boost::asio::ip::make_address("127.0.0.1")));
    EXPECT_FALSE(https(boost::asio::ip::make_address("10.0.0.1")));
}

TEST_F(LiveGitHostsTest, GitShowsTheTokenToItsHostAlone) {
    link("gitlab");
    auto given = credential(repository_);
    ASSERT_TRUE(given);
    EXPECT_EQ(given->username, "oauth2");
    EXPECT_EQ(given->password.reveal(), "t0ken");
    EXPECT_EQ(given->url, "");
    auto at = [&](std::string url, std::string strategy = "git_token") {
        world_.sql("UPDATE repositories SET remote_url = $1, git_clone_strategy = $2", url,
                   strategy);
        return credential(repository_);
    };
    auto own = host_.url() + "/acme/shop.git";
    EXPECT_FALSE(at("https://evil.example.com/acme/shop.git"));
    EXPECT_FALSE(at("http://127.0.0.1:1/acme/shop.git"));
    EXPECT_FALSE(at("http://me:pw@" + own.substr(7)));
    EXPECT_FALSE(at("git@127.0.0.1:acme/shop.git", "deploy_key"));
    EXPECT_FALSE(at(own, "deploy_key"));
    EXPECT_TRUE(at("http://acme@" + own.substr(7)));
    EXPECT_FALSE(credential(make_repository("https://github.com/a/b.git")));
    EXPECT_FALSE(credential(987654));
    EXPECT_THAT(host_.lines(), ElementsAre());
}

}  // namespace
}  // namespace mw::git_hosts
