// Which host the URL of a repository leads to, and what the repository is called there. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "features/git_hosts/event.hpp"

namespace mw::git_hosts {

struct Remote {
    std::string scheme;       // empty for "git@host:path"
    std::string host;         // in lower case
    std::string port;         // empty: the scheme's own
    std::string path;         // without the slash before it
    bool has_secret = false;  // a password before the host, or a token

    bool is_web() const { return scheme == "https" || scheme == "http"; }
    // "host" or "host:port".
    std::string authority() const { return port.empty() ? host : host + ":" + port; }
};
// Empty members for what leads to no host.
Remote remote_of(std::string_view url);

// "github", "gitlab", "azure_devops", "gitea", by the host's name; nothing when it does not say.
std::optional<std::string> kind_of(std::string_view url);

// Where the API of the host is that the repository is on: "https://api.github.com".
std::string default_api_url(std::string_view kind, std::string_view url);

// "acme/shop"; on Azure DevOps "acme/project/shop".
std::string full_name_on(std::string_view kind, std::string_view url);

// Whether an event is of the repository with this URL.
bool is_of(const EventRepository& repository, std::string_view kind, std::string_view url);

bool same_word(std::string_view left, std::string_view right);  // whatever the case

}  // namespace mw::git_hosts
