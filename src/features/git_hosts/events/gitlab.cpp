#include "features/git_hosts/events/fields.hpp"
#include "features/git_hosts/events/host_events.hpp"

namespace mw::git_hosts::events {
namespace {

using Action = PullRequestEvent::Action;

EventRepository project_of(const object& payload) {
    const auto& project = object_at(payload, "project");
    EventRepository found;
    found.full_name = text_at(project, "path_with_namespace");
    found.default_branch = text_at(project, "default_branch");
    add_urls(project, {"git_http_url", "git_ssh_url", "web_url"}, found);
    return found;
}

bool went_from_true_to_false(const object& change) {
    const auto* now = change.if_contains("current");
    return flag_at(change, "previous") && now && now->is_bool() && !now->get_bool();
}

Action action_of(const object& payload, const object& request) {
    auto action = text_at(request, "action");
    if (action == "open" || action == "reopen") return Action::opened;
    if (action == "close" || action == "merge") return Action::closed;
    if (action != "update") return Action::other;
    // Only an update by a push says what was there before.
    if (!text_at(request, "oldrev").empty()) return Action::updated;
    const auto& changes = object_at(payload, "changes");
    if (changes.contains("target_branch")) return Action::updated;
    for (auto name : {"draft", "work_in_progress"})
        if (went_from_true_to_false(object_at(changes, name))) return Action::ready;
    // Of before 14.8: it is told by the title alone.
    const auto& title = object_at(changes, "title");
    bool is_ready = !changes.contains("draft") && has_draft_title(text_at(title, "previous")) &&
                    !has_draft_title(text_at(title, "current"));
    return is_ready ? Action::ready : Action::other;
}

result<HostEvent> merge_request(const object& payload) {
    const auto& request = object_at(payload, "object_attributes");
    PullRequestEvent event;
    event.repository = project_of(payload);
    event.action = action_of(payload, request);
    event.number = number_at(request, "iid");
    event.is_draft = flag_at(request, "draft") || flag_at(request, "work_in_progress");
    event.is_from_fork =
        number_at(request, "source_project_id") != number_at(request, "target_project_id");
    event.is_merged =
        text_at(request, "state") == "merged" || text_at(request, "action") == "merge";
    event.head_sha = text_at(object_at(request, "last_commit"), "id");
    event.head_branch = text_at(request, "source_branch");
    event.base_branch = text_at(request, "target_branch");
    event.title = text_at(request, "title");
    event.author = text_at(object_at(payload, "user"), "username");
    event.url = text_at(request, "url");
    return complete(std::move(event));
}

result<HostEvent> push(const object& payload) {
    PushEvent event;
    event.repository = project_of(payload);
    event.branch = branch_of(text_at(payload, "ref"));
    event.sha = text_at(payload, "after");
    event.is_deletion = is_no_commit(event.sha);
    event.author = text_at(payload, "user_username");
    return complete(std::move(event));
}

}  // namespace

result<HostEvent> gitlab_event(std::string_view event, const object& payload) {
    if (event == "Merge Request Hook") return merge_request(payload);
    if (event == "Push Hook") return push(payload);
    return std::monostate{};
}

}  // namespace mw::git_hosts::events
