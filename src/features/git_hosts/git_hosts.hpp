// What this installation says to git hosts, in the name of a repository of a project: statuses of
// commits, comments on pull requests, and with what git is let in.
//
// How a repository's host is reached is its link (a token that somebody gave) or the GitHub App's
// installation that it belongs to.
// Errors of each: not_found (the repository has no link, or the integration is off), forbidden
// and unauthenticated (the host refuses what it was given: the link is marked as broken),
// limit_exceeded with retry_after_seconds, invalid_argument (the host does not know what was
// named), unavailable, timeout, upstream_failed.
// One io thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/ids.hpp"
#include "base/secret.hpp"
#include "features/git_hosts/awaitable.hpp"

namespace mw::git_hosts {

enum class CommitState { pending, success, failure };

struct CommitStatus {
    std::string sha;
    CommitState state = CommitState::pending;
    std::string context;      // the name of the row that a pull request shows
    std::string description;  // at most 140 characters
    std::string target_url;
    std::int64_t pull_request = 0;  // Azure DevOps shows a status there only when it is told
};

struct PullRequestComment {
    std::int64_t pull_request = 0;
    std::string marker;    // a line of the comment by which it is found again
    std::string markdown;  // with the marker in it
};

// For https: as whom, and with what.
struct GitCredential {
    std::string username;
    Secret password;
    std::string url = {};  // what git is to fetch from instead; empty: the repository's own
};

class GitHosts {
  public:
    virtual ~GitHosts() = default;
    virtual Awaitable<> set_status(Id repository_id, CommitStatus status) = 0;
    // Changes the comment that has the marker, or makes one.
    virtual Awaitable<> put_comment(Id repository_id, PullRequestComment comment) = 0;
    // Nothing: git needs none, or has what the repository's URL or deploy key says.
    virtual Awaitable<std::optional<GitCredential>> credential_for(Id repository_id) = 0;
    // For another repository of the same owner ("acme/utils"), which a project takes a package
    // from. Nothing: what the project's own repository has is good there too, or nothing is.
    virtual Awaitable<std::optional<GitCredential>> credential_for_package(Id, std::string) {
        co_return std::nullopt;
    }
};

}  // namespace mw::git_hosts
