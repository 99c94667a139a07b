// The payloads of each host's webhooks. Pure.
//
// `event` is the host's name of it. What is of no interest is std::monostate.
// Errors: invalid_argument, when what belongs to such an event is missing.
#pragma once

#include <boost/json/object.hpp>
#include <string_view>

#include "base/error.hpp"
#include "features/git_hosts/event.hpp"

namespace mw::git_hosts::events {

result<HostEvent> github_event(std::string_view event, const boost::json::object& payload);
// Gitea's and Forgejo's: shaped like GitHub's.
result<HostEvent> gitea_event(std::string_view event, const boost::json::object& payload);
result<HostEvent> gitlab_event(std::string_view event, const boost::json::object& payload);
result<HostEvent> azure_event(std::string_view event, const boost::json::object& payload);

// Of the host of that kind. `payload` is JSON.
result<HostEvent> read_event(std::string_view kind, std::string_view event,
                             std::string_view payload);

// An event without its repository, commit or number is none.
result<HostEvent> complete(PullRequestEvent event);
result<HostEvent> complete(PushEvent event);

}  // namespace mw::git_hosts::events
