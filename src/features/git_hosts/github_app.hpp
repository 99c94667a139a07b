// What the operator's GitHub App asks of GitHub: tokens of its installations, and what there is
// in them.
//
// A token is good for one repository and one purpose, and kept in memory until it is nearly over.
// Errors: those of client/host_requests.hpp; unauthenticated and forbidden are GitHub's about the
// App or the installation. Where the installation lacks a permission, or the repository, it is
// invalid_argument.
// One io thread.
#pragma once

#include <boost/json/object.hpp>
#include <map>
#include <string>
#include <vector>

#include "base/ids.hpp"
#include "base/time.hpp"
#include "features/git_hosts/client/host_requests.hpp"
#include "features/git_hosts/git_host_settings.hpp"

namespace mw::git_hosts {

// What a token is for, and all that it may.
enum class Purpose { report, comment, fetch, list };

// A repository that an installation has.
struct AppRepository {
    std::string full_name;
    std::string clone_url;
    std::string web_url;
    std::string default_branch;
    bool is_private = true;
    Id installation_id = 0;
};

// An installation that a person may use.
struct PersonsInstallation {
    Id id = 0;
    std::string login;
    bool suspended = false;
    bool sees_all = false;  // of its repositories
};

class GithubApp {
  public:
    // `settings` outlives it.
    GithubApp(const boost::asio::any_io_executor& executor, const GithubAppSettings& settings);

    const GithubAppSettings& settings() const { return settings_; }

    // `repository` is a name without its owner; empty, with Purpose::list: all of them.
    Awaitable<Secret> token(Id installation_id, std::string repository, Purpose purpose);
    // The next one is another: GitHub no longer takes those that it gave.
    void forget_tokens(Id installation_id);

    // Of all its repositories; kept for a minute.
    Awaitable<std::vector<AppRepository>> list_repositories(Id installation_id);
    // As GitHub has it.
    Awaitable<boost::json::object> installation(Id installation_id);

    // Where somebody gives their consent, and then comes back with a code.
    std::string consent_url(std::string_view redirect_url, std::string_view state) const;
    // Which installations may be used by who has that code; `only`: of this one (0: of all, twenty
    // at most). What GitHub gives to ask so is not kept.
    // Errors: unauthenticated, when the code is none.
    Awaitable<std::vector<PersonsInstallation>> installations_of(std::string code,
                                                                 std::string redirect_url, Id only);

    HostRequests& requests() { return requests_; }

  private:
    struct Kept {
        Secret token;
        Timestamp until;
    };
    struct KeptList {
        std::vector<AppRepository> repositories;
        Timestamp until;
    };

    result<Secret> own_token() const;
    Awaitable<Secret> new_token(Id installation_id, const std::string& repository, Purpose purpose,
                                Timestamp& until);
    Awaitable<Secret> redeem(std::string code, std::string redirect_url);
    Awaitable<std::int64_t> count(std::string url, Secret token);

    const GithubAppSettings& settings_;
    HostRequests requests_;
    std::map<std::string, Kept> tokens_;  // by "installation/purpose/repository"
    std::map<Id, KeptList> lists_;
};

}  // namespace mw::git_hosts
