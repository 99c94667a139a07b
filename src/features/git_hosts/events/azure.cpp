// Service hooks of Azure DevOps. They do not say what about a pull request has changed, but how it
// is now.
#include <fmt/format.h>

#include "features/git_hosts/events/fields.hpp"
#include "features/git_hosts/events/host_events.hpp"
#include "features/git_hosts/host_name.hpp"

namespace mw::git_hosts::events {
namespace {

using Action = PullRequestEvent::Action;

EventRepository repository_of(const object& resource) {
    const auto& repository = object_at(resource, "repository");
    EventRepository found;
    found.default_branch = branch_of(text_at(repository, "defaultBranch"));
    add_urls(repository, {"remoteUrl", "sshUrl", "webUrl"}, found);
    if (!found.clone_urls.empty())
        found.full_name = full_name_on("azure_devops", found.clone_urls.front());
    return found;
}

Action action_of(std::string_view event, const object& resource) {
    auto status = text_at(resource, "status");
    if (status == "abandoned" || status == "completed") return Action::closed;
    if (event == "git.pullrequest.created") return Action::opened;
    // Besides the merge itself, each attempt to merge is told by "merged": nothing new.
    return event == "git.pullrequest.updated" ? Action::updated : Action::other;
}

std::string url_of(const object& resource) {
    if (auto link = text_at(object_at(object_at(resource, "_links"), "web"), "href"); !link.empty())
        return link;
    const auto& repository = object_at(resource, "repository");
    auto page = text_at(repository, "webUrl");
    if (page.empty()) page = text_at(repository, "remoteUrl");
    return page.empty()
               ? page
               : fmt::format("{}/pullrequest/{}", page, number_at(resource, "pullRequestId"));
}

result<HostEvent> pull_request(std::string_view name, const object& resource) {
    PullRequestEvent event;
    event.repository = repository_of(resource);
    event.action = action_of(name, resource);
    event.number = number_at(resource, "pullRequestId");
    event.is_draft = flag_at(resource, "isDraft");
    event.is_from_fork = !object_at(resource, "forkSource").empty();
    event.is_merged = text_at(resource, "status") == "completed";
    event.head_sha = text_at(object_at(resource, "lastMergeSourceCommit"), "commitId");
    event.head_branch = branch_of(text_at(resource, "sourceRefName"));
    event.base_branch = branch_of(text_at(resource, "targetRefName"));
    event.title = text_at(resource, "title");
    event.author = text_at(object_at(resource, "createdBy"), "uniqueName");
    event.url = url_of(resource);
    return complete(std::move(event));
}

// Of several branches that one push moves, the first.
result<HostEvent> push(const object& resource) {
    PushEvent event;
    event.repository = repository_of(resource);
    event.author = text_at(object_at(resource, "pushedBy"), "uniqueName");
    for (const auto& each : array_at(resource, "refUpdates")) {
        if (!each.is_object()) continue;
        event.branch = branch_of(text_at(each.get_object(), "name"));
        event.sha = text_at(each.get_object(), "newObjectId");
        if (!event.branch.empty()) break;
    }
    event.is_deletion = is_no_commit(event.sha);
    return complete(std::move(event));
}

}  // namespace

result<HostEvent> azure_event(std::string_view event, const object& payload) {
    const auto& resource = object_at(payload, "resource");
    if (event == "git.pullrequest.created" || event == "git.pullrequest.updated" ||
        event == "git.pullrequest.merged")
        return pull_request(event, resource);
    if (event == "git.push") return push(resource);
    return std::monostate{};
}

}  // namespace mw::git_hosts::events
