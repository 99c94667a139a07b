#include "base/json_reader.hpp"
#include "features/git_hosts/delivery_store.hpp"
#include "features/git_hosts/events/host_events.hpp"

namespace mw::git_hosts {
namespace events {

result<HostEvent> complete(PullRequestEvent event) {
    if (event.repository.full_name.empty() || event.number <= 0 || event.head_sha.empty() ||
        event.base_branch.empty())
        return fail(Errc::invalid_argument,
                    "The event names no repository, or no pull request with its commit.");
    return event;
}

result<HostEvent> complete(PushEvent event) {
    if (event.branch.empty()) return std::monostate{};  // a tag
    if (event.repository.full_name.empty() || (event.sha.empty() && !event.is_deletion))
        return fail(Errc::invalid_argument, "The event names no repository, or no commit.");
    return event;
}

result<HostEvent> read_event(std::string_view kind, std::string_view event,
                             std::string_view payload) {
    MW_TRY(auto value, parse_json(payload));
    if (!value.is_object()) return fail(Errc::invalid_argument, "The event is no JSON object.");
    const auto& members = value.get_object();
    if (kind == "github") return github_event(event, members);
    if (kind == "gitea") return gitea_event(event, members);
    if (kind == "gitlab") return gitlab_event(event, members);
    if (kind == "azure_devops") return azure_event(event, members);
    return fail(Errc::invalid_argument, "There is no such git host.");
}

}  // namespace events

result<HostEvent> event_of(const Delivery& delivery) {
    return events::read_event(delivery.kind, delivery.event, delivery.payload);
}

}  // namespace mw::git_hosts
