#include "features/git_hosts/live_git_hosts.hpp"

#include <fmt/format.h>

#include "base/log.hpp"
#include "features/audit/audit_store.hpp"
#include "features/git_hosts/host_name.hpp"
#include "features/git_hosts/installation_store.hpp"
#include "features/git_hosts/link_store.hpp"

namespace mw::git_hosts {
namespace {

constexpr const char* kActor = "git host";

std::string_view owner_of(std::string_view full_name) {
    return full_name.substr(0, full_name.find('/'));
}

std::string name_of(std::string_view full_name) {
    return std::string(full_name.substr(full_name.rfind('/') + 1));
}

bool is_refusal(const Error& error) {
    return error.code == Errc::unauthenticated || error.code == Errc::forbidden;
}

}  // namespace

LiveGitHosts::LiveGitHosts(const boost::asio::any_io_executor& executor, pg::Pool& pool,
                           const crypto::Sealer& sealer, const GitHostSettings& settings)
    : pool_(pool), sealer_(sealer), settings_(settings), requests_(executor) {
    if (settings_.app) app_.emplace(executor, *settings_.app);
}

AddressCheck LiveGitHosts::addresses_for(std::string_view api_url) const {
    bool is_plain = !api_url.starts_with("https://");
    return [networks = settings_.networks, is_plain](const auto& address) {
        return networks.admits(address) && !(is_plain && http::is_public(address));
    };
}

bool LiveGitHosts::may_use_app(const Access& access) const {
    if (!app_ || !access.installation_id || access.is_suspended) return false;
    return remote_of(access.remote_url).host == remote_of(app_->settings().base_url).host;
}

bool LiveGitHosts::may_use_link(const Access& access) const {
    return settings_.links && access.kind && access.sealed_token;
}

Awaitable<LiveGitHosts::Way> LiveGitHosts::way_to(Id repository_id) {
    MW_CO_TRY(auto connection, co_await pool_.acquire());
    MW_CO_TRY(auto access, co_await find_access(*connection, repository_id));
    if (!access || !(may_use_app(*access) || may_use_link(*access)))
        co_return fail(Errc::not_found, "The repository is not linked to its git host.");
    bool by_app = may_use_app(*access);
    co_return Way{std::move(*access), by_app};
}

result<HostAccess> LiveGitHosts::open_link(const Access& access) const {
    MW_TRY(auto token,
           sealer_.open(access.sealed_token->data, token_context(access.repository_id)));
    return HostAccess{.kind = *access.kind,
                      .api_url = *access.api_url,
                      .full_name = full_name_on(*access.kind, access.remote_url),
                      .token = std::move(token),
                      .admits = addresses_for(*access.api_url)};
}

Awaitable<HostAccess> LiveGitHosts::open(const Way& way, Purpose purpose) {
    const auto& access = way.access;
    if (!way.by_app) co_return open_link(access);
    auto full_name = full_name_on("github", access.remote_url);
    // A token is asked for by the name alone: that of another owner would be another repository.
    if (!same_word(owner_of(full_name), *access.installation_login))
        co_return fail(Errc::invalid_argument,
                       fmt::format("{} is not a repository of {}, where the GitHub App is "
                                   "installed.",
                                   full_name, *access.installation_login));
    MW_CO_TRY(auto token,
              co_await app_->token(*access.installation_id, name_of(full_name), purpose));
    co_return HostAccess{.kind = "github",
                         .api_url = app_->settings().api_url,
                         .full_name = std::move(full_name),
                         .token = std::move(token)};
}

Awaitable<> LiveGitHosts::note(const Way& way, const Error* refusal) {
    const auto& access = way.access;
    if (!refusal) {
        MW_CO_TRY(auto connection, co_await pool_.acquire());
        co_return way.by_app ? co_await set_installation_works(*connection, access.account_id,
                                                               *access.installation_id)
                             : co_await set_link_used(*connection, access.repository_id);
    }
    auto work = [&](pg::Connection& tx) -> Awaitable<> {
        boost::json::object data{{"reason", refusal->message}};
        if (way.by_app) {
            MW_CO_TRY(bool is_news,
                      co_await set_installation_broken(tx, access.account_id,
                                                       *access.installation_id, refusal->message));
            if (!is_news) co_return result<>{};
            data["login"] = *access.installation_login;
            co_return co_await audit::record_system(
                tx, access.account_id, kActor,
                {"github_installation.broken", "github_installation", *access.installation_id,
                 std::move(data)});
        }
        MW_CO_TRY(auto news, co_await set_link_broken(tx, access.repository_id, refusal->message));
        if (!news) co_return result<>{};
        co_return co_await audit::record_system(
            tx, access.account_id, kActor,
            {"git_link.broken", "repository", access.repository_id, std::move(data)});
    };
    log::warn("git host refuses",
              {{"repository_id", access.repository_id}, {"reason", refusal->message}});
    co_return co_await pg::with_tx(pool_, work);
}

template <class T>
Awaitable<T> LiveGitHosts::noted(const Way& way, result<T> outcome) {
    // What the mark could not be written for is still what came of it.
    auto written = result<>{};
    if (outcome)
        written = co_await note(way, nullptr);
    else if (is_refusal(outcome.error()))
        written = co_await note(way, &outcome.error());
    if (!written)
        log::warn("cannot write down how a git host answers",
                  {{"error", written.error().message}, {"detail", written.error().detail}});
    co_return std::move(outcome);
}

template <class Work>
Awaitable<> LiveGitHosts::do_on_host(Id repository_id, Purpose purpose, Work work) {
    MW_CO_TRY(auto way, co_await way_to(repository_id));
    for (bool again = false;; again = true) {
        auto access = co_await open(way, purpose);
        if (!access) co_return co_await noted(way, result<>(fail(access.error())));
        auto api = make_host_api(way.by_app ? app_->requests() : requests_, std::move(*access));
        auto done = co_await work(*api);
        // A token of the App's may have ended before its time.
        bool is_stale = !done && way.by_app && done.error().code == Errc::unauthenticated;
        if (!is_stale || again) co_return co_await noted(way, std::move(done));
        app_->forget_tokens(*way.access.installation_id);
    }
}

Awaitable<> LiveGitHosts::set_status(Id repository_id, CommitStatus status) {
    co_return co_await do_on_host(repository_id, Purpose::report,
                                  [&](HostApi& api) { return api.set_status(status); });
}

Awaitable<> LiveGitHosts::put_comment(Id repository_id, PullRequestComment comment) {
    co_return co_await do_on_host(repository_id, Purpose::comment,
                                  [&](HostApi& api) { return api.put_comment(comment); });
}

Awaitable<std::optional<GitCredential>> LiveGitHosts::app_credential(const Way& way) {
    auto access = co_await noted(way, co_await open(way, Purpose::fetch));
    if (!access) co_return fail(access.error());
    GitCredential credential{.username = "x-access-token", .password = std::move(access->token)};
    if (!remote_of(way.access.remote_url).is_web())
        credential.url = fmt::format("{}/{}.git", app_->settings().base_url, access->full_name);
    co_return credential;
}

Awaitable<std::optional<GitCredential>> LiveGitHosts::credential_for(Id repository_id) {
    auto way = co_await way_to(repository_id);
    if (!way && way.error().code == Errc::not_found) co_return std::nullopt;
    if (!way) co_return fail(way.error());
    const auto& access = way->access;
    auto remote = remote_of(access.remote_url);
    if (access.git_clone_strategy == "deploy_key" || (remote.is_web() && remote.has_secret))
        co_return std::nullopt;
    if (way->by_app && (remote.is_web() || access.git_clone_strategy == "github_app"))
        co_return co_await app_credential(*way);
    if (!may_use_link(access) || !remote.is_web() || remote.authority() != *access.git_host)
        co_return std::nullopt;
    MW_CO_TRY(auto opened, open_link(access));
    co_return GitCredential{.username = *access.username, .password = std::move(opened.token)};
}

// The App's token for the project is good for its own repository alone; one for another is made
// of the same installation, which gives it only if it has that repository.
Awaitable<std::optional<GitCredential>> LiveGitHosts::credential_for_package(
    Id repository_id, std::string full_name) {
    auto way = co_await way_to(repository_id);
    if (!way && way.error().code == Errc::not_found) co_return std::nullopt;
    if (!way) co_return fail(way.error());
    auto slash = full_name.find('/');
    bool is_name = slash != full_name.npos && full_name.find('/', slash + 1) == full_name.npos;
    if (!way->by_app || !is_name) co_return std::nullopt;
    way->access.remote_url = fmt::format("{}/{}.git", app_->settings().base_url, full_name);
    MW_CO_TRY(auto access, co_await open(*way, Purpose::fetch));
    co_return GitCredential{.username = "x-access-token",
                            .password = std::move(access.token),
                            .url = way->access.remote_url};
}

Awaitable<Abilities> LiveGitHosts::look_by_link(Id repository_id) {
    Way way;
    {
        MW_CO_TRY(auto connection, co_await pool_.acquire());
        MW_CO_TRY(auto access, co_await find_access(*connection, repository_id));
        if (!access || !may_use_link(*access))
            co_return fail(Errc::not_found, "The repository has no link to its git host.");
        way.access = std::move(*access);
        MW_CO_CHECK(co_await forget_link_broken(*connection, repository_id));
    }
    MW_CO_TRY(auto opened, open_link(way.access));
    auto api = make_host_api(requests_, std::move(opened));
    co_return co_await noted(way, co_await api->look());
}

}  // namespace mw::git_hosts
