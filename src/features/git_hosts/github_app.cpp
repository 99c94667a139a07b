#include "features/git_hosts/github_app.hpp"

#include <fmt/format.h>

#include <boost/url/url.hpp>

#include "features/git_hosts/events/fields.hpp"

namespace mw::git_hosts {
namespace {

using namespace std::chrono_literals;
using boost::json::object;
using events::object_at;
using events::text_at;

constexpr auto kClockLeeway = 60s;    // of GitHub's clock behind ours
constexpr auto kOwnTokenLife = 9min;  // GitHub takes ten
constexpr auto kTokenLife = 1h;
constexpr auto kTokenLeft = 5min;
constexpr auto kListLife = 1min;
constexpr std::size_t kKeptMax = 10'000;
constexpr int kListPagesMax = 50;  // 5,000 repositories
constexpr int kInstallationPagesMax = 5;
constexpr std::size_t kLookedAtMax = 20;

std::int64_t seconds_of(Timestamp at) {
    return std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count();
}

object permissions_for(Purpose purpose) {
    switch (purpose) {
        case Purpose::report:
            return {{"statuses", "write"}};
        case Purpose::comment:
            return {{"pull_requests", "write"}};
        case Purpose::fetch:
            return {{"contents", "read"}};
        case Purpose::list:
            break;
    }
    return {{"metadata", "read"}};
}

std::string key_of(Id installation_id, const std::string& repository, Purpose purpose) {
    return fmt::format("{}/{}/{}", installation_id, static_cast<int>(purpose), repository);
}

AppRepository repository_of(const object& json, Id installation_id) {
    const auto* open = json.if_contains("private");
    return {.full_name = text_at(json, "full_name"),
            .clone_url = text_at(json, "clone_url"),
            .web_url = text_at(json, "html_url"),
            .default_branch = text_at(json, "default_branch"),
            .is_private = !(open && open->is_bool() && !open->get_bool()),
            .installation_id = installation_id};
}

}  // namespace

GithubApp::GithubApp(const boost::asio::any_io_executor& executor,
                     const GithubAppSettings& settings)
    : settings_(settings), requests_(executor) {
}

result<Secret> GithubApp::own_token() const {
    auto at = now();
    MW_TRY(auto token, settings_.signer.sign({{"iss", settings_.app_id},
                                              {"iat", seconds_of(at - kClockLeeway)},
                                              {"exp", seconds_of(at + kOwnTokenLife)}}));
    return Secret(std::move(token));
}

Awaitable<Secret> GithubApp::new_token(Id installation_id, const std::string& repository,
                                       Purpose purpose, Timestamp& until) {
    HostRequest request{.method = "POST",
                        .url = fmt::format("{}/app/installations/{}/access_tokens",
                                           settings_.api_url, installation_id)};
    MW_CO_TRY(request.token, own_token());
    object body{{"permissions", permissions_for(purpose)}};
    if (!repository.empty()) body["repositories"] = boost::json::array{repository.c_str()};
    request.body = std::move(body);
    auto answer = co_await requests_.send(std::move(request));
    // The installation is gone; 422 is that it has not what was asked for.
    if (!answer && answer.error().detail == "HTTP 404")
        co_return fail(Errc::forbidden,
                       "The GitHub App is no longer installed there, as GitHub says.");
    if (!answer) co_return fail(answer.error());
    until = now() + kTokenLife;
    if (!answer->body.is_object()) co_return fail(Errc::upstream_failed, "GitHub gave no token.");
    const auto& given = answer->body.get_object();
    if (auto expires = parse_time(text_at(given, "expires_at"))) until = *expires;
    Secret token(text_at(given, "token"));
    if (token.empty()) co_return fail(Errc::upstream_failed, "GitHub gave no token.");
    co_return token;
}

Awaitable<Secret> GithubApp::token(Id installation_id, std::string repository, Purpose purpose) {
    auto key = key_of(installation_id, repository, purpose);
    if (auto kept = tokens_.find(key); kept != tokens_.end() && now() < kept->second.until)
        co_return kept->second.token;
    Timestamp until;
    MW_CO_TRY(auto token, co_await new_token(installation_id, repository, purpose, until));
    std::erase_if(tokens_, [](const auto& each) { return now() >= each.second.until; });
    if (tokens_.size() >= kKeptMax) tokens_.clear();
    tokens_[key] = {token, until - kTokenLeft};
    co_return token;
}

void GithubApp::forget_tokens(Id installation_id) {
    auto prefix = fmt::format("{}/", installation_id);
    std::erase_if(tokens_, [&](const auto& each) { return each.first.starts_with(prefix); });
}

Awaitable<std::vector<AppRepository>> GithubApp::list_repositories(Id installation_id) {
    if (auto kept = lists_.find(installation_id);
        kept != lists_.end() && now() < kept->second.until)
        co_return kept->second.repositories;
    MW_CO_TRY(auto opened, co_await token(installation_id, "", Purpose::list));
    HostRequest request{.url = settings_.api_url + "/installation/repositories",
                        .token = std::move(opened)};
    std::vector<AppRepository> found;
    MW_CO_CHECK(co_await requests_.each_page(
        std::move(request), kListPagesMax, "repositories", [&](const boost::json::array& page) {
            for (const auto& each : page)
                if (each.is_object())
                    found.push_back(repository_of(each.get_object(), installation_id));
            return true;
        }));
    std::erase_if(lists_, [](const auto& each) { return now() >= each.second.until; });
    lists_[installation_id] = {found, now() + kListLife};
    co_return found;
}

Awaitable<boost::json::object> GithubApp::installation(Id installation_id) {
    HostRequest request{
        .url = fmt::format("{}/app/installations/{}", settings_.api_url, installation_id)};
    MW_CO_TRY(request.token, own_token());
    MW_CO_TRY(auto answer, co_await requests_.send(std::move(request)));
    if (!answer.body.is_object())
        co_return fail(Errc::upstream_failed, "GitHub does not say what the installation is.");
    co_return std::move(answer.body.get_object());
}

std::string GithubApp::consent_url(std::string_view redirect_url, std::string_view state) const {
    boost::urls::url url(settings_.base_url + "/login/oauth/authorize");
    url.params().set("client_id", settings_.client_id);
    url.params().set("redirect_uri", redirect_url);
    url.params().set("state", state);
    return std::string(url.buffer());
}

Awaitable<Secret> GithubApp::redeem(std::string code, std::string redirect_url) {
    HostRequest request{.method = "POST",
                        .url = settings_.base_url + "/login/oauth/access_token",
                        .body = object{{"client_id", settings_.client_id},
                                       {"client_secret", settings_.client_secret.reveal()},
                                       {"code", std::move(code)},
                                       {"redirect_uri", std::move(redirect_url)}}};
    MW_CO_TRY(auto answer, co_await requests_.send(std::move(request)));
    static const object kNothing;
    const auto& given = answer.body.is_object() ? answer.body.get_object() : kNothing;
    Secret token(text_at(given, "access_token"));
    // What is wrong is told with 200.
    if (token.empty())
        co_return fail(Errc::unauthenticated,
                       fmt::format("GitHub says: {}", text_at(given, "error").substr(0, 100)));
    co_return token;
}

// How many repositories a list has, by its first page.
Awaitable<std::int64_t> GithubApp::count(std::string url, Secret token) {
    HostRequest request{.url = std::move(url) + "?per_page=1", .token = std::move(token)};
    MW_CO_TRY(auto answer, co_await requests_.send(std::move(request)));
    co_return answer.body.is_object() ? events::number_at(answer.body.get_object(), "total_count")
                                      : 0;
}

Awaitable<std::vector<PersonsInstallation>> GithubApp::installations_of(std::string code,
                                                                        std::string redirect_url,
                                                                        Id only) {
    MW_CO_TRY(auto persons, co_await redeem(std::move(code), std::move(redirect_url)));
    HostRequest request{.url = settings_.api_url + "/user/installations", .token = persons};
    std::vector<PersonsInstallation> found;
    MW_CO_CHECK(co_await requests_.each_page(
        std::move(request), kInstallationPagesMax, "installations",
        [&](const boost::json::array& page) {
            for (const auto& each : page) {
                if (!each.is_object()) continue;
                const auto& one = each.get_object();
                found.push_back({.id = events::number_at(one, "id"),
                                 .login = text_at(object_at(one, "account"), "login"),
                                 .suspended = !text_at(one, "suspended_at").empty()});
            }
            return true;
        }));
    std::erase_if(found, [&](const auto& one) {
        return one.id <= 0 || one.login.empty() || (only > 0 && one.id != only);
    });
    if (found.size() > kLookedAtMax) found.resize(kLookedAtMax);
    for (auto& one : found) {
        // An account that works with the installation reaches all its repositories, so whoever
        // brings it must see them all as well.
        if (one.suspended) continue;
        MW_CO_TRY(auto theirs, co_await count(fmt::format("{}/user/installations/{}/repositories",
                                                          settings_.api_url, one.id),
                                              persons));
        MW_CO_TRY(auto apps, co_await token(one.id, "", Purpose::list));
        MW_CO_TRY(auto all, co_await count(settings_.api_url + "/installation/repositories",
                                           std::move(apps)));
        one.sees_all = theirs >= all;
    }
    co_return found;
}

}  // namespace mw::git_hosts
