// Payloads in the shape that the hosts' documentation and recordings have.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "features/git_hosts/delivery_store.hpp"

namespace mw::git_hosts {
namespace {

using Action = PullRequestEvent::Action;
using testing::Contains;
using testing::ElementsAre;

result<HostEvent> event(std::string kind, std::string name, std::string payload) {
    Delivery delivery;
    delivery.kind = std::move(kind);
    delivery.event = std::move(name);
    delivery.payload = std::move(payload);
    return event_of(delivery);
}

template <class T>
T read(std::string kind, std::string name, std::string payload) {
    auto read = event(std::move(kind), std::move(name), payload);
    EXPECT_TRUE(read) << read.error().message << "\n" << payload;
    if (!read || !std::holds_alternative<T>(*read)) {
        ADD_FAILURE() << payload;
        return {};
    }
    return std::get<T>(*read);
}

bool is_nothing(const result<HostEvent>& read) {
    return read && std::holds_alternative<std::monostate>(*read);
}

std::string hub(std::string_view action, std::string_view request_more = "",
                std::string_view more = "", std::string_view head_repo = R"({"id": 5})",
                std::string_view title = "Better") {
    return fmt::format(
        R"({{"action": "{}", "number": 2, "pull_request": {{"number": 2, "state": "open",
        "title": "{}", "user": {{"login": "ann"}}, "html_url": "https://h/acme/shop/pull/2",
        "head": {{"ref": "better", "sha": "ec26", "repo": {}}},
        "base": {{"ref": "main", "sha": "f95f", "repo": {{"id": 5}}}}{}}},
        "repository": {{"id": 5, "full_name": "acme/shop", "default_branch": "main", "clone_url": "https://h/acme/shop.git",
        "ssh_url": "git@h:acme/shop.git", "html_url": "https://h/acme/shop"}}{}}})",
        action, title, head_repo, request_more, more);
}

Action action_of(std::string kind, const std::string& payload) {
    return read<PullRequestEvent>(std::move(kind), "pull_request", payload).action;
}

TEST(GithubEvent, APullRequestIsReadAsAWhole) {
    auto opened = read<PullRequestEvent>(
        "github", "pull_request",
        hub("opened", R"(, "draft": true, "merged": false)", R"(, "installation": {"id": 77})"));
    EXPECT_EQ(opened.repository.full_name, "acme/shop");
    EXPECT_THAT(opened.repository.clone_urls, Contains("git@h:acme/shop.git"));
    EXPECT_EQ(opened.repository.installation_id, 77);
    EXPECT_EQ(opened.repository.default_branch, "main");
    EXPECT_EQ(opened.action, Action::opened);
    EXPECT_EQ(opened.number, 2);
    EXPECT_TRUE(opened.is_draft);
    EXPECT_FALSE(opened.is_from_fork);
    EXPECT_FALSE(opened.is_merged);
    EXPECT_EQ(opened.head_sha, "ec26");
    EXPECT_EQ(opened.head_branch, "better");
    EXPECT_EQ(opened.base_branch, "main");
    EXPECT_EQ(opened.title, "Better");
    EXPECT_EQ(opened.author, "ann");
    EXPECT_EQ(opened.url, "https://h/acme/shop/pull/2");
}

TEST(GithubEvent, EachActionMeansOneThing) {
    EXPECT_EQ(action_of("github", hub("reopened")), Action::opened);
    EXPECT_EQ(action_of("github", hub("synchronize")), Action::updated);
    EXPECT_EQ(action_of("github", hub("ready_for_review")), Action::ready);
    EXPECT_EQ(action_of("github", hub("closed")), Action::closed);
    for (auto other : {"converted_to_draft", "labeled", "edited", "something_new"})
        EXPECT_EQ(action_of("github", hub(other)), Action::other) << other;
    auto base = R"(, "changes": {"base": {"ref": {"from": "old"}}})";
    EXPECT_EQ(action_of("github", hub("edited", "", base)), Action::updated);
    auto merged =
        read<PullRequestEvent>("github", "pull_request", hub("closed", R"(, "merged": true)"));
    EXPECT_TRUE(merged.is_merged);
}

TEST(GithubEvent, AForkIsOneEvenWhenItIsGone) {
    for (auto theirs : {R"({"id": 6})", "null"})
        EXPECT_TRUE(read<PullRequestEvent>("github", "pull_request", hub("opened", "", "", theirs))
                        .is_from_fork);
}

std::string push(std::string_view ref, std::string_view after) {
    return fmt::format(
        R"({{"ref": "{}", "before": "aa", "after": "{}", "pusher": {{"name": "ann"}},
        "repository": {{"full_name": "acme/shop"}}, "sender": {{"login": "ann"}}}})",
        ref, after);
}

TEST(GithubEvent, APushMovesABranch) {
    auto pushed = read<PushEvent>("github", "push", push("refs/heads/release/1", "bb"));
    EXPECT_EQ(pushed.branch, "release/1");
    EXPECT_EQ(pushed.sha, "bb");
    EXPECT_FALSE(pushed.is_deletion);
    EXPECT_EQ(pushed.author, "ann");
    EXPECT_TRUE(read<PushEvent>("github", "push",
                                push("refs/heads/x", "0000000000000000000000000000000000000000"))
                    .is_deletion);
    EXPECT_TRUE(is_nothing(event("github", "push", push("refs/tags/v1", "bb"))));
}

TEST(GithubEvent, AnInstallationComesAndGoes) {
    using Change = InstallationEvent::Action;
    auto change = [](std::string_view action) {
        return read<InstallationEvent>(
            "github", "installation",
            fmt::format(R"({{"action": "{}", "installation": {{"id": 7, "account":
                        {{"login": "acme"}}}}}})",
                        action));
    };
    EXPECT_EQ(change("created").account_login, "acme");
    EXPECT_EQ(change("created").action, Change::created);
    EXPECT_EQ(change("deleted").action, Change::deleted);
    EXPECT_EQ(change("suspend").action, Change::suspended);
    EXPECT_EQ(change("unsuspend").action, Change::unsuspended);
    EXPECT_EQ(change("new_permissions_accepted").action, Change::other);
    EXPECT_FALSE(event("github", "installation", "{}"));
}

TEST(GithubEvent, ChecksAreAskedForAgain) {
    auto payload = [](std::string_view what, std::string_view action) {
        return fmt::format(
            R"({{"action": "{}", "{}": {{"head_sha": "cc", "pull_requests": [{{"number": 2}}]}},
            "repository": {{"full_name": "acme/shop"}}}})",
            action, what);
    };
    for (auto what : {"check_run", "check_suite"}) {
        auto asked = read<RerequestEvent>("github", what, payload(what, "rerequested"));
        EXPECT_EQ(asked.sha, "cc");
        EXPECT_THAT(asked.pull_requests, ElementsAre(2));
        EXPECT_TRUE(is_nothing(event("github", what, payload(what, "completed"))));
    }
}

TEST(GithubEvent, WhatIsOfNoInterestIsNothingAndWhatIsBrokenAnError) {
    EXPECT_TRUE(is_nothing(event("github", "star", "{}")));
    EXPECT_FALSE(event("github", "pull_request", "{}"));
    EXPECT_FALSE(event("github", "pull_request", R"({"pull_request": [], "repository": 4})"));
    EXPECT_FALSE(event("github", "push", "not json"));
    EXPECT_FALSE(event("github", "push", "[]"));
    EXPECT_FALSE(event("svn", "push", "{}"));
}

TEST(GiteaEvent, ADraftIsOneByItsTitle) {
    auto request = [](std::string_view title, std::string_view action = "opened",
                      std::string_view more = "") {
        return read<PullRequestEvent>("gitea", "pull_request",
                                      hub(action, "", more, R"({"id": 5})", title));
    };
    EXPECT_TRUE(request("WIP: Better").is_draft);
    EXPECT_TRUE(request("[wip] Better").is_draft);
    EXPECT_TRUE(request("Draft: Better").is_draft);
    EXPECT_FALSE(request("Wiping the table").is_draft);
    auto renamed = R"(, "changes": {"title": {"from": "WIP: Better"}})";
    EXPECT_EQ(request("Better", "edited", renamed).action, Action::ready);
    EXPECT_EQ(request("WIP: Best", "edited", renamed).action, Action::other);
    auto moved = R"(, "changes": {"ref": {"from": "old"}})";
    EXPECT_EQ(request("Better", "edited", moved).action, Action::updated);
    EXPECT_EQ(request("Better", "synchronized").action, Action::updated);
}

std::string merge_request(std::string_view action, std::string_view more = "",
                          std::string_view changes = "{}", int source = 1) {
    return fmt::format(
        R"({{"object_kind": "merge_request", "user": {{"username": "ann"}},
        "project": {{"path_with_namespace": "acme/data/shop", "default_branch": "main",
            "git_http_url": "https://gl/acme/data/shop.git",
            "git_ssh_url": "git@gl:acme/data/shop.git"}},
        "object_attributes": {{"iid": 3, "id": 99, "action": "{}", "title": "Better",
            "source_branch": "better", "target_branch": "main", "source_project_id": {},
            "target_project_id": 1, "last_commit": {{"id": "da15"}},
            "url": "https://gl/acme/data/shop/-/merge_requests/3"{}}}, "changes": {}}})",
        action, source, more, changes);
}

PullRequestEvent gitlab(const std::string& payload) {
    return read<PullRequestEvent>("gitlab", "Merge Request Hook", payload);
}

TEST(GitlabEvent, AMergeRequestIsAPullRequest) {
    auto opened = gitlab(merge_request("open", R"(, "draft": true)"));
    EXPECT_EQ(opened.repository.full_name, "acme/data/shop");
    EXPECT_THAT(opened.repository.clone_urls, Contains("https://gl/acme/data/shop.git"));
    EXPECT_EQ(opened.action, Action::opened);
    EXPECT_EQ(opened.repository.default_branch, "main");
    EXPECT_EQ(opened.number, 3);
    EXPECT_TRUE(opened.is_draft);
    EXPECT_FALSE(opened.is_from_fork);
    EXPECT_EQ(opened.head_sha, "da15");
    EXPECT_EQ(opened.head_branch, "better");
    EXPECT_EQ(opened.base_branch, "main");
    EXPECT_EQ(opened.author, "ann");
    EXPECT_TRUE(gitlab(merge_request("open", "", "{}", 8)).is_from_fork);
}

TEST(GitlabEvent, AnUpdateIsOneOfTheCodeOrOfItsWords) {
    EXPECT_EQ(gitlab(merge_request("update", R"(, "oldrev": "aa")")).action, Action::updated);
    EXPECT_EQ(gitlab(merge_request("update")).action, Action::other);
    EXPECT_EQ(gitlab(merge_request("update", "", R"({"target_branch": {"previous": "a",
              "current": "main"}})"))
                  .action,
              Action::updated);
    EXPECT_EQ(gitlab(merge_request("update", "", R"({"draft": {"previous": true,
              "current": false}})"))
                  .action,
              Action::ready);
    EXPECT_EQ(gitlab(merge_request("update", "", R"({"title": {"previous": "Draft: Better",
              "current": "Better"}})"))
                  .action,
              Action::ready);
    EXPECT_EQ(gitlab(merge_request("approved")).action, Action::other);
    EXPECT_EQ(gitlab(merge_request("close")).action, Action::closed);
    auto merged = gitlab(merge_request("merge", R"(, "state": "merged")"));
    EXPECT_EQ(merged.action, Action::closed);
    EXPECT_TRUE(merged.is_merged);
}

TEST(GitlabEvent, APushMovesABranch) {
    auto payload = [](std::string_view after) {
        return fmt::format(
            R"({{"object_kind": "push", "ref": "refs/heads/main", "after": "{}",
            "user_username": "ann", "project": {{"path_with_namespace": "acme/shop"}}}})",
            after);
    };
    auto pushed = read<PushEvent>("gitlab", "Push Hook", payload("bb"));
    EXPECT_EQ(pushed.branch, "main");
    EXPECT_EQ(pushed.author, "ann");
    EXPECT_TRUE(read<PushEvent>("gitlab", "Push Hook", payload("0000000000")).is_deletion);
    EXPECT_TRUE(is_nothing(event("gitlab", "Tag Push Hook", payload("bb"))));
}

std::string azure(std::string_view status, std::string_view more = "") {
    return fmt::format(
        R"({{"id": "2ab4", "eventType": "git.pullrequest.created", "resource": {{
        "repository": {{"id": "4bc1", "name": "shop", "defaultBranch": "refs/heads/main", "project": {{"name": "data"}},
            "remoteUrl": "https://acme@dev.azure.com/acme/data/_git/shop"}},
        "pullRequestId": 5, "status": "{}", "createdBy": {{"uniqueName": "ann@acme.com"}},
        "title": "Better", "sourceRefName": "refs/heads/better",
        "targetRefName": "refs/heads/main",
        "lastMergeSourceCommit": {{"commitId": "53d5"}}{}}}}})",
        status, more);
}

TEST(AzureEvent, APullRequestIsReadAsAWhole) {
    auto created = read<PullRequestEvent>("azure_devops", "git.pullrequest.created",
                                          azure("active", R"(, "isDraft": true)"));
    EXPECT_EQ(created.repository.full_name, "acme/data/shop");
    EXPECT_EQ(created.action, Action::opened);
    EXPECT_EQ(created.repository.default_branch, "main");
    EXPECT_EQ(created.number, 5);
    EXPECT_TRUE(created.is_draft);
    EXPECT_FALSE(created.is_from_fork);
    EXPECT_EQ(created.head_sha, "53d5");
    EXPECT_EQ(created.head_branch, "better");
    EXPECT_EQ(created.base_branch, "main");
    EXPECT_EQ(created.url, "https://acme@dev.azure.com/acme/data/_git/shop/pullrequest/5");
    EXPECT_TRUE(read<PullRequestEvent>("azure_devops", "git.pullrequest.created",
                                       azure("active", R"(, "forkSource": {"name": "x"})"))
                    .is_from_fork);
}

TEST(AzureEvent, TheStatusSaysWhatHappened) {
    auto action = [](std::string name, std::string_view status) {
        return read<PullRequestEvent>("azure_devops", name, azure(status)).action;
    };
    EXPECT_EQ(action("git.pullrequest.updated", "active"), Action::updated);
    EXPECT_EQ(action("git.pullrequest.updated", "abandoned"), Action::closed);
    EXPECT_EQ(action("git.pullrequest.merged", "active"), Action::other);
    auto merged =
        read<PullRequestEvent>("azure_devops", "git.pullrequest.merged", azure("completed"));
    EXPECT_EQ(merged.action, Action::closed);
    EXPECT_TRUE(merged.is_merged);
}

TEST(AzureEvent, APushMovesABranch) {
    auto pushed = read<PushEvent>("azure_devops", "git.push", R"({"resource": {
        "refUpdates": [{"name": "refs/tags/v1", "newObjectId": "cc"},
                       {"name": "refs/heads/main", "oldObjectId": "aa", "newObjectId": "bb"}],
        "repository": {"remoteUrl": "https://dev.azure.com/acme/data/_git/shop"},
        "pushedBy": {"uniqueName": "ann@acme.com"}}})");
    EXPECT_EQ(pushed.branch, "main");
    EXPECT_EQ(pushed.sha, "bb");
    EXPECT_EQ(pushed.repository.full_name, "acme/data/shop");
}

}  // namespace
}  // namespace mw::git_hosts
