// GitHub's payloads, and those of Gitea and Forgejo, which are shaped like them.
#include "features/git_hosts/events/fields.hpp"
#include "features/git_hosts/events/host_events.hpp"

namespace mw::git_hosts::events {
namespace {

using Action = PullRequestEvent::Action;

EventRepository repository_of(const object& payload) {
    const auto& repository = object_at(payload, "repository");
    EventRepository found;
    found.full_name = text_at(repository, "full_name");
    found.default_branch = text_at(repository, "default_branch");
    add_urls(repository, {"clone_url", "ssh_url", "git_url", "html_url"}, found);
    if (auto id = number_at(object_at(payload, "installation"), "id"); id > 0)
        found.installation_id = id;
    return found;
}

// A fork that has been removed since is one as well: its repository is null.
bool is_from_fork(const object& head, const object& base) {
    const auto& theirs = object_at(head, "repo");
    const auto& ours = object_at(base, "repo");
    auto id = number_at(theirs, "id");
    return id == 0 || id != number_at(ours, "id");
}

Action action_of(const object& payload, const PullRequestEvent& event, bool is_gitea) {
    auto action = text_at(payload, "action");
    if (action == "opened" || action == "reopened") return Action::opened;
    if (action == "synchronize" || action == "synchronized") return Action::updated;
    if (action == "ready_for_review") return Action::ready;
    if (action == "closed") return Action::closed;
    if (action != "edited") return Action::other;
    const auto& changes = object_at(payload, "changes");
    // Into another branch: another comparison, of the same commit.
    if (changes.contains(is_gitea ? "ref" : "base")) return Action::updated;
    // Gitea knows a draft by its title alone.
    auto title_before = text_at(object_at(changes, "title"), "from");
    bool was_draft = is_gitea && has_draft_title(title_before);
    return was_draft && !event.is_draft ? Action::ready : Action::other;
}

result<HostEvent> pull_request(const object& payload, bool is_gitea) {
    const auto& request = object_at(payload, "pull_request");
    const auto& head = object_at(request, "head");
    const auto& base = object_at(request, "base");
    PullRequestEvent event;
    event.repository = repository_of(payload);
    event.number = number_at(request, "number");
    event.title = text_at(request, "title");
    event.is_draft = flag_at(request, "draft") || (is_gitea && has_draft_title(event.title));
    event.is_from_fork = is_from_fork(head, base);
    event.is_merged = flag_at(request, "merged");
    event.head_sha = text_at(head, "sha");
    event.head_branch = text_at(head, "ref");
    event.base_branch = text_at(base, "ref");
    event.author = text_at(object_at(request, "user"), "login");
    event.url = text_at(request, "html_url");
    event.action = action_of(payload, event, is_gitea);
    return complete(std::move(event));
}

result<HostEvent> push(const object& payload) {
    PushEvent event;
    event.repository = repository_of(payload);
    event.branch = branch_of(text_at(payload, "ref"));
    event.sha = text_at(payload, "after");
    event.is_deletion = flag_at(payload, "deleted") || is_no_commit(event.sha);
    event.author = text_at(object_at(payload, "sender"), "login");
    if (event.author.empty()) event.author = text_at(object_at(payload, "pusher"), "name");
    return complete(std::move(event));
}

result<HostEvent> installation(const object& payload) {
    using Change = InstallationEvent::Action;
    const auto& installation = object_at(payload, "installation");
    auto action = text_at(payload, "action");
    InstallationEvent event;
    event.installation_id = number_at(installation, "id");
    event.account_login = text_at(object_at(installation, "account"), "login");
    event.action = action == "created"     ? Change::created
                   : action == "deleted"   ? Change::deleted
                   : action == "suspend"   ? Change::suspended
                   : action == "unsuspend" ? Change::unsuspended
                                           : Change::other;
    if (event.installation_id <= 0)
        return fail(Errc::invalid_argument, "The event names no installation.");
    return event;
}

result<HostEvent> rerequest(const object& payload, std::string_view member) {
    if (text_at(payload, "action") != "rerequested") return std::monostate{};
    const auto& check = object_at(payload, member);
    RerequestEvent event;
    event.repository = repository_of(payload);
    event.sha = text_at(check, "head_sha");
    for (const auto& each : array_at(check, "pull_requests"))
        if (each.is_object())
            if (auto number = number_at(each.get_object(), "number"); number > 0)
                event.pull_requests.push_back(number);
    if (event.repository.full_name.empty() || event.sha.empty())
        return fail(Errc::invalid_argument, "The event names no repository, or no commit.");
    return event;
}

}  // namespace

result<HostEvent> github_event(std::string_view event, const object& payload) {
    if (event == "pull_request") return pull_request(payload, false);
    if (event == "push") return push(payload);
    // Which repositories it has is asked of GitHub when somebody wants to know.
    if (event == "installation" || event == "installation_repositories")
        return installation(payload);
    if (event == "check_run" || event == "check_suite") return rerequest(payload, event);
    return std::monostate{};
}

result<HostEvent> gitea_event(std::string_view event, const object& payload) {
    if (event == "pull_request" || event == "pull_request_sync") return pull_request(payload, true);
    if (event == "push") return push(payload);
    return std::monostate{};
}

}  // namespace mw::git_hosts::events
