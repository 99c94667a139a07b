// What a git host tells by a webhook, whoever it is: GitHub, GitLab, Azure DevOps or Gitea.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/ids.hpp"

namespace mw::git_hosts {

// Which repository an event is of.
struct EventRepository {
    std::string full_name;                // "acme/shop"; Azure DevOps: "acme/project/shop"
    std::vector<std::string> clone_urls;  // every spelling that the host gives
    std::optional<Id> installation_id;    // of the GitHub App
    std::string default_branch;           // empty: the event does not say
};

struct PullRequestEvent {
    enum class Action {
        opened,   // or opened again
        updated,  // by a new commit
        ready,    // is no draft any more
        closed,   // merged or not
        other,    // a label, a title, …
    };
    EventRepository repository;
    Action action = Action::other;
    std::int64_t number = 0;
    bool is_draft = false;
    bool is_from_fork = false;
    bool is_merged = false;
    std::string head_sha;
    std::string head_branch;
    std::string base_branch;
    std::string title;
    std::string author;
    std::string url;
};

// A branch was moved by a push or a merge.
struct PushEvent {
    EventRepository repository;
    std::string branch;
    std::string sha;  // its new tip
    bool is_deletion = false;
    std::string author;
};

// The GitHub App was installed somewhere, or no longer is.
struct InstallationEvent {
    enum class Action { created, deleted, suspended, unsuspended, other };
    Action action = Action::other;
    Id installation_id = 0;
    std::string account_login;
};

// Somebody asks for a commit's checks once more.
struct RerequestEvent {
    EventRepository repository;
    std::string sha;
    std::vector<std::int64_t> pull_requests;
};

// std::monostate: nothing that anybody here acts on.
using HostEvent =
    std::variant<std::monostate, PullRequestEvent, PushEvent, InstallationEvent, RerequestEvent>;

}  // namespace mw::git_hosts
