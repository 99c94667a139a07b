#include "features/git_hosts/app_api.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/url/parse.hpp>
#include <boost/url/url.hpp>
#include <cctype>
#include <ranges>

#include "base/log.hpp"
#include "features/audit/audit_store.hpp"
#include "features/git_hosts/connect_attempt.hpp"
#include "features/git_hosts/installation_store.hpp"
#include "infra/crypto/token_hash.hpp"

namespace mw::git_hosts {
namespace {

using api::Area;

constexpr std::size_t kShownMax = 200;

// The page of the web application that says what came of it.
http::Response back(std::string_view word) {
    http::Response response;
    response.status = 303;
    response.headers["location"] = fmt::format("/settings/integrations?github={}", word);
    response.headers["cache-control"] = "no-store";
    response.headers["referrer-policy"] = "no-referrer";
    response.headers["set-cookie"] = ended_connect_cookie();
    return response;
}

bool contains(std::string_view text, std::string_view part) {
    auto found = std::ranges::search(text, part, [](unsigned char a, unsigned char b) {
        return std::tolower(a) == std::tolower(b);
    });
    return part.empty() || !found.empty();
}

boost::json::object repository_json(const AppRepository& repository) {
    return {{"full_name", repository.full_name},
            {"clone_url", repository.clone_url},
            {"web_url", repository.web_url},
            {"default_branch", repository.default_branch},
            {"is_private", repository.is_private},
            {"github_installation_id", repository.installation_id}};
}

class AppApi {
  public:
    AppApi(api::Api& api, pg::Pool& pool, const crypto::Sealer& sealer, GithubApp& app,
           std::string public_url)
        : authenticator_(api.authenticator()),
          pool_(pool),
          sealer_(sealer),
          app_(app),
          callback_url_(public_url + "/complete/github") {}

    // An App that is installed already asks for consent alone (`?way=authorize`).
    api::Reply connect(api::Call& call) {
        if (call.caller.kind != api::Caller::Kind::session || !call.caller.user_id)
            co_return fail(Errc::forbidden, "Sign in to the web application to connect GitHub.");
        MW_CO_CHECK(co_await check_on(call.account_id));
        auto attempt = begin_connect(call.account_id, *call.caller.user_id);
        const auto& install = app_.settings().install_url;
        bool consents = install.empty() || call.request.query_value("way") == "authorize";
        auto response = api::success(
            boost::json::object{{"url", consents ? app_.consent_url(callback_url_, attempt.state)
                                                 : with_state(install, attempt.state)}});
        response.headers["set-cookie"] = connect_cookie(attempt, sealer_, now());
        response.headers["cache-control"] = "no-store";
        co_return response;
    }

    api::Reply complete(http::Request& request) {
        auto attempt = connect_of(request, sealer_, now());
        auto state = request.query_value("state").value_or("");
        if (!attempt || !crypto::constant_time_equal(attempt->state, state))
            co_return back("expired");
        // Whose browser it is by now.
        auto caller = co_await authenticator_.authenticate(request);
        bool is_same = caller && caller->user_id == attempt->user_id &&
                       caller->account_id == attempt->account_id &&
                       caller->grants.may(api::writes(Area::repositories));
        if (!is_same) co_return back("expired");
        if (request.query_value("error")) co_return back("refused");
        if (auto named = parse_id(request.query_value("installation_id").value_or("")))
            attempt->installation_id = *named;
        auto code = request.query_value("code").value_or("");
        if (code.empty()) co_return ask_for_consent(request, *attempt);
        auto bound = co_await bind(*caller, *attempt, std::move(code));
        if (!bound) {
            log::warn("GitHub is not connected",
                      {{"reason", bound.error().message}, {"detail", bound.error().detail}});
            co_return back(bound.error().code == Errc::unauthenticated ? "expired" : "unreachable");
        }
        co_return back(*bound);
    }

    api::Reply repositories(api::Call& call) {
        MW_CO_CHECK(co_await check_on(call.account_id));
        MW_CO_TRY(auto installations, co_await installations_of(call.account_id));
        auto search = call.request.query_value("search").value_or("");
        std::vector<AppRepository> found;
        boost::json::array missing;
        for (const auto& each : installations) {
            if (each.suspended) continue;
            auto listed = co_await app_.list_repositories(each.id);
            // Those of the others are worth to be seen.
            if (!listed) {
                missing.push_back({{"login", each.login}, {"reason", listed.error().message}});
                continue;
            }
            std::ranges::copy_if(*listed, std::back_inserter(found),
                                 [&](const auto& one) { return contains(one.full_name, search); });
        }
        std::ranges::sort(found, {}, &AppRepository::full_name);
        boost::json::array shown;
        for (const auto& one : found | std::views::take(kShownMax))
            shown.push_back(repository_json(one));
        co_return api::success(boost::json::object{{"repositories", std::move(shown)},
                                                   {"total_count", found.size()},
                                                   {"unreachable", std::move(missing)}});
    }

    api::Reply unbind(api::Call& call) {
        MW_CO_TRY(auto id, call.id("id"));
        auto work = [&](pg::Connection& tx) -> Awaitable<> {
            MW_CO_TRY(bool was_there, co_await unbind_installation(tx, call.account_id, id));
            if (!was_there) co_return api::not_found();
            co_return co_await audit::record(
                tx, call.caller, {"github_installation.removed", "github_installation", id});
        };
        MW_CO_CHECK(co_await pg::with_tx(pool_, work));
        co_return api::success(boost::json::object{{"id", id}});
    }

    // As GitHub has them, without an envelope: dbt Cloud hands them on, too.
    api::Reply list(api::Call& call) {
        boost::json::array list;
        MW_CO_TRY(auto switches, co_await switches_of(call.account_id));
        if (!switches.github_app) co_return http::Response::json(200, list);
        MW_CO_TRY(auto installations, co_await installations_of(call.account_id));
        for (const auto& each : installations) {
            auto one = co_await app_.installation(each.id);
            // One that is gone is not there; anything else might be taken for that.
            if (!one && one.error().detail == "HTTP 404") continue;
            if (!one) co_return fail(one.error());
            list.push_back(std::move(*one));
        }
        co_return http::Response::json(200, list);
    }

  private:
    static std::string with_state(const std::string& address, std::string_view state) {
        auto url = boost::urls::parse_uri(address);
        if (!url) return address;
        boost::urls::url with(*url);
        with.params().set("state", state);
        return std::string(with.buffer());
    }

    Awaitable<Switches> switches_of(Id account_id) {
        MW_CO_TRY(auto connection, co_await pool_.acquire());
        co_return co_await find_switches(*connection, account_id);
    }

    Awaitable<> check_on(Id account_id) {
        MW_CO_TRY(auto switches, co_await switches_of(account_id));
        if (!switches.github_app)
            co_return fail(Errc::not_found, "The GitHub App is switched off in this account.");
        co_return result<>{};
    }

    Awaitable<std::vector<Installation>> installations_of(Id account_id) {
        MW_CO_TRY(auto connection, co_await pool_.acquire());
        co_return co_await list_installations(*connection, account_id);
    }

    // GitHub came back from installing the App without asking who it is.
    http::Response ask_for_consent(const http::Request& request, const ConnectAttempt& attempt) {
        if (request.query_value("setup_action") == "request") return back("requested");
        http::Response response;
        response.status = 303;
        response.headers["location"] = app_.consent_url(callback_url_, attempt.state);
        response.headers["cache-control"] = "no-store";
        response.headers["set-cookie"] = connect_cookie(attempt, sealer_, now());
        return response;
    }

    // The word for the page.
    Awaitable<std::string_view> bind(const api::Caller& caller, const ConnectAttempt& attempt,
                                     std::string code) {
        MW_CO_CHECK(co_await check_on(attempt.account_id));
        MW_CO_TRY(auto theirs, co_await app_.installations_of(std::move(code), callback_url_,
                                                              attempt.installation_id));
        if (theirs.empty()) co_return "none";
        std::erase_if(theirs, [](const auto& one) { return !one.sees_all; });
        if (theirs.empty()) co_return "partial";
        auto work = [&](pg::Connection& tx) -> Awaitable<> {
            for (const auto& one : theirs) {
                MW_CO_CHECK(co_await bind_installation(tx, attempt.account_id,
                                                       {.id = one.id,
                                                        .login = one.login,
                                                        .suspended = one.suspended,
                                                        .broken_since = {},
                                                        .broken_reason = {},
                                                        .created_at = {}}));
                MW_CO_CHECK(co_await audit::record(tx, caller,
                                                   {"github_installation.connected",
                                                    "github_installation",
                                                    one.id,
                                                    {{"login", one.login}}}));
            }
            co_return result<>{};
        };
        MW_CO_CHECK(co_await pg::with_tx(pool_, work));
        co_return "connected";
    }

    api::Authenticator& authenticator_;
    pg::Pool& pool_;
    const crypto::Sealer& sealer_;
    GithubApp& app_;
    std::string callback_url_;
};

}  // namespace

void add_app_endpoints(api::Api& api, pg::Pool& pool, const crypto::Sealer& sealer,
                       LiveGitHosts& hosts, std::string public_url) {
    if (!hosts.app()) return;
    using How = api::Route::Answer;
    auto self = std::make_shared<AppApi>(api, pool, sealer, *hosts.app(), std::move(public_url));
    const std::string path = "/api/ui/accounts/{account_id}/git-hosts/github/";
    boost::json::object thing{{"type", "object"}};
    api.get(path + "connect/", api::writes(Area::repositories),
            [self](api::Call& call) { return self->connect(call); })
        .says("Begin to connect the account to GitHub: where to send the browser")
        .asks({"way"})
        .gives(How::one, thing);
    api.get(path + "repositories/", api::reads(Area::repositories),
            [self](api::Call& call) { return self->repositories(call); })
        .says("List the repositories that the GitHub App reaches for this account")
        .asks({"search"})
        .gives(How::one, thing);
    api.del(path + "installations/{id}/", api::writes(Area::repositories),
            [self](api::Call& call) { return self->unbind(call); })
        .says("Work with an installation of the GitHub App no more")
        .gives(How::one, thing);
    api.get("/api/v2/integrations/github/installations/", api::reads(Area::repositories),
            [self](api::Call& call) { return self->list(call); })
        .says("List the account's installations of the GitHub App, as GitHub has them")
        .gives(How::raw, {{"type", "array"}, {"items", thing}});
    api.open().add("GET", "/complete/github",
                   [self](http::Request& request) { return self->complete(request); });
}

}  // namespace mw::git_hosts
