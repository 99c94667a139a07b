// GitHosts as it is: through the operator's GitHub App, or by the token of a repository's link.
//
// The App comes first where the repository belongs to an installation that its account works
// with. What a host refuses (401, 403) marks the link or the installation as broken, once, and is
// in the audit log; the next success takes the mark away.
// A token goes to the host that it was given for, whatever the repository's URL says by then.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <memory>

#include "features/git_hosts/access_store.hpp"
#include "features/git_hosts/client/host_api.hpp"
#include "features/git_hosts/git_host_settings.hpp"
#include "features/git_hosts/git_hosts.hpp"
#include "features/git_hosts/github_app.hpp"
#include "infra/crypto/sealed.hpp"

namespace mw::git_hosts {

class LiveGitHosts final : public GitHosts {
  public:
    // All of it outlives this.
    LiveGitHosts(const boost::asio::any_io_executor& executor, pg::Pool& pool,
                 const crypto::Sealer& sealer, const GitHostSettings& settings);

    Awaitable<> set_status(Id repository_id, CommitStatus status) override;
    Awaitable<> put_comment(Id repository_id, PullRequestComment comment) override;
    Awaitable<std::optional<GitCredential>> credential_for(Id repository_id) override;
    Awaitable<std::optional<GitCredential>> credential_for_package(Id repository_id,
                                                                   std::string full_name) override;

    // By the link's token, whatever else there is. Its marks are set anew.
    Awaitable<Abilities> look_by_link(Id repository_id);

    const GitHostSettings& settings() const { return settings_; }
    GithubApp* app() { return app_ ? &*app_ : nullptr; }

    // To which addresses a link's host may have: over plain http only those that the operator
    // allows.
    AddressCheck addresses_for(std::string_view api_url) const;

  private:
    struct Way {
        Access access;
        bool by_app = false;
    };

    Awaitable<Way> way_to(Id repository_id);
    bool may_use_app(const Access& access) const;
    bool may_use_link(const Access& access) const;
    Awaitable<HostAccess> open(const Way& way, Purpose purpose);
    result<HostAccess> open_link(const Access& access) const;
    template <class Work>
    Awaitable<> do_on_host(Id repository_id, Purpose purpose, Work work);
    Awaitable<std::optional<GitCredential>> app_credential(const Way& way);
    // What came of it, for the marks; gives the same.
    template <class T>
    Awaitable<T> noted(const Way& way, result<T> outcome);
    Awaitable<> note(const Way& way, const Error* refusal);

    pg::Pool& pool_;
    const crypto::Sealer& sealer_;
    const GitHostSettings& settings_;
    HostRequests requests_;
    std::optional<GithubApp> app_;
};

}  // namespace mw::git_hosts
