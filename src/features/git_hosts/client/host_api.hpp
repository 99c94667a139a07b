// What one asks of a git host for one repository, whichever kind of host it is.
//
// Errors: those of host_requests.hpp.
// One io thread.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/secret.hpp"
#include "features/git_hosts/client/host_requests.hpp"
#include "features/git_hosts/git_hosts.hpp"

namespace mw::git_hosts {

// Where the repository is, and what opens it.
struct HostAccess {
    std::string kind;
    std::string api_url;
    std::string full_name;
    Secret token;
    AddressCheck admits = {};
};

// What a token may do, as far as the host says.
struct Abilities {
    std::string who = {};                  // whose token it is; empty: the host does not say
    std::optional<bool> may_report = {};   // statuses of commits
    std::optional<bool> may_comment = {};  // on pull requests
    std::string note = {};                 // what else there is to know
};

class HostApi {
  public:
    virtual ~HostApi() = default;
    virtual Awaitable<> set_status(CommitStatus status) = 0;
    virtual Awaitable<> put_comment(PullRequestComment comment) = 0;
    // Succeeds when the repository may be read.
    virtual Awaitable<Abilities> look() = 0;
};

// `requests` outlives it.
std::unique_ptr<HostApi> make_host_api(HostRequests& requests, HostAccess access);

std::unique_ptr<HostApi> make_github_api(HostRequests& requests, HostAccess access);
std::unique_ptr<HostApi> make_gitlab_api(HostRequests& requests, HostAccess access);
std::unique_ptr<HostApi> make_azure_api(HostRequests& requests, HostAccess access);

// Whether a line of the comment is the marker: one that quotes it has more on that line.
bool has_marker(std::string_view comment, std::string_view marker);

// Hex, or invalid_argument: it becomes a part of a URL.
result<> check_sha(std::string_view sha);

}  // namespace mw::git_hosts
