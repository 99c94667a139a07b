#include "features/git_hosts/link_api.hpp"

#include <fmt/format.h>

#include "api/example_schema.hpp"
#include "base/described_json.hpp"
#include "features/audit/audit_store.hpp"
#include "features/git_hosts/host_name.hpp"
#include "features/git_hosts/installation_store.hpp"
#include "features/git_hosts/link_input.hpp"
#include "features/git_hosts/link_store.hpp"
#include "features/git_hosts/webhook_api.hpp"
#include "infra/crypto/random.hpp"

namespace mw::git_hosts {
namespace {

using api::Area;

constexpr std::string_view kSecretPrefix = "mwh_";

boost::json::value or_null(const std::optional<Timestamp>& at) {
    return at ? boost::json::value(format_iso(*at)) : boost::json::value(nullptr);
}

boost::json::object link_json(const Link& link, std::string_view public_url,
                              std::optional<Timestamp> last_delivery_at) {
    return {{"repository_id", link.repository_id},
            {"kind", link.kind},
            {"api_url", link.api_url},
            {"git_host", link.git_host},
            {"username", link.username},
            {"has_token", !link.sealed_token.data.empty()},
            {"webhook_url", webhook_url(public_url, link.repository_id)},
            {"broken_since", or_null(link.broken_since)},
            {"broken_reason", link.broken_reason ? boost::json::value(*link.broken_reason)
                                                 : boost::json::value(nullptr)},
            {"last_used_at", or_null(link.last_used_at)},
            {"last_delivery_at", or_null(last_delivery_at)},
            {"created_at", format_iso(link.created_at)},
            {"updated_at", format_iso(link.updated_at)}};
}

boost::json::object check(std::string_view what, std::optional<bool> ok, std::string says) {
    return {{"what", what},
            {"ok", ok ? boost::json::value(*ok) : boost::json::value(nullptr)},
            {"says", std::move(says)}};
}

std::string ability_words(std::optional<bool> may, std::string_view what) {
    if (!may)
        return fmt::format("The host does not say whether it may {}: the first try will.", what);
    return *may ? fmt::format("It may {}.", what) : fmt::format("It may not {}.", what);
}

class LinkApi {
  public:
    LinkApi(pg::Pool& pool, const crypto::Sealer& sealer, LiveGitHosts& hosts,
            std::string public_url)
        : pool_(pool), sealer_(sealer), hosts_(hosts), public_url_(std::move(public_url)) {}

    api::Reply get(api::Call& call) {
        MW_CO_TRY(auto connection, co_await pool_.acquire());
        MW_CO_TRY(auto place, co_await place_of(*connection, call));
        MW_CO_TRY(auto json, co_await shown(*connection, call.account_id, place.id));
        co_return api::success(std::move(json));
    }

    api::Reply put(api::Call& call) {
        MW_CO_TRY(auto body, call.body());
        MW_CO_TRY(auto input, read_link(body));
        auto work = [&](pg::Connection& tx) -> Awaitable<boost::json::object> {
            MW_CO_TRY(auto place, co_await place_of(tx, call));
            MW_CO_CHECK(check_place(place));
            MW_CO_TRY(auto before, co_await find_link(tx, call.account_id, place.id));
            auto link = before.value_or(Link{});
            link.repository_id = place.id;
            link.account_id = call.account_id;
            MW_CO_CHECK(apply_input(input, place.remote_url, link));
            if (!input.token.empty())
                link.sealed_token = {sealer_.seal(input.token, token_context(place.id))};
            boost::json::object once;
            if (!before || input.rotate_webhook_secret) {
                auto secret = crypto::random_token(kSecretPrefix);
                link.sealed_webhook_secret = {
                    sealer_.seal(Secret(secret), webhook_context(place.id))};
                once["webhook_secret"] = secret;
            }
            MW_CO_CHECK(co_await put_link(tx, link));
            MW_CO_CHECK(co_await audit::record(tx, call.caller,
                                               {before ? "git_link.updated" : "git_link.created",
                                                "repository",
                                                place.id,
                                                {{"kind", link.kind},
                                                 {"api_url", link.api_url},
                                                 {"has_new_token", !input.token.empty()},
                                                 {"has_new_webhook_secret", !once.empty()}}}));
            MW_CO_TRY(auto json, co_await shown(tx, call.account_id, place.id));
            for (auto& [name, value] : once)
                json[name] = std::move(value);
            co_return json;
        };
        MW_CO_TRY(auto json, co_await pg::with_tx(pool_, work));
        auto response = api::success(std::move(json));
        response.headers["cache-control"] = "no-store";
        co_return response;
    }

    api::Reply remove(api::Call& call) {
        auto work = [&](pg::Connection& tx) -> Awaitable<boost::json::object> {
            MW_CO_TRY(auto place, co_await place_of(tx, call));
            MW_CO_TRY(auto json, co_await shown(tx, call.account_id, place.id));
            MW_CO_CHECK(co_await delete_link(tx, call.account_id, place.id));
            MW_CO_CHECK(co_await audit::record(
                tx, call.caller,
                {"git_link.deleted", "repository", place.id, {{"kind", json["kind"]}}}));
            co_return json;
        };
        MW_CO_TRY(auto json, co_await pg::with_tx(pool_, work));
        co_return api::success(std::move(json));
    }

    // What the host says; that it refuses is an answer as well, and no error of ours.
    api::Reply test(api::Call& call) {
        MW_CO_TRY(auto place, co_await find(call));
        auto looked = co_await hosts_.look_by_link(place.id);
        if (!looked && looked.error().code == Errc::not_found) co_return fail(looked.error());
        boost::json::array checks;
        if (!looked) {
            checks.push_back(check("read", false, looked.error().message));
            co_return api::success(boost::json::object{
                {"ok", false}, {"who", nullptr}, {"note", nullptr}, {"checks", checks}});
        }
        checks.push_back(check("read", true, "The token may read the repository."));
        checks.push_back(check("status", looked->may_report,
                               ability_words(looked->may_report, "set statuses of commits")));
        checks.push_back(check("comment", looked->may_comment,
                               ability_words(looked->may_comment, "comment on pull requests")));
        auto or_nothing = [](const std::string& text) {
            return text.empty() ? boost::json::value(nullptr) : boost::json::value(text);
        };
        co_return api::success(boost::json::object{{"ok", looked->may_report.value_or(true)},
                                                   {"who", or_nothing(looked->who)},
                                                   {"note", or_nothing(looked->note)},
                                                   {"checks", std::move(checks)}});
    }

  private:
    static result<> check_place(const LinkPlace& place) {
        if (place.is_managed)
            return fail(Errc::invalid_argument,
                        "This repository is kept by Millwright itself: it has no git host.");
        if (remote_of(place.remote_url).host.empty())
            return fail(Errc::invalid_argument, "The repository's URL names no git host.");
        return {};
    }

    static Awaitable<LinkPlace> place_of(pg::Connection& connection, const api::Call& call) {
        MW_CO_TRY(auto project, call.id("project_id"));
        MW_CO_TRY(auto id, call.id("repository_id"));
        MW_CO_TRY(auto switches, co_await find_switches(connection, call.account_id));
        if (!switches.links)
            co_return fail(Errc::not_found, "Links to git hosts are switched off in this account.");
        MW_CO_TRY(auto place, co_await find_place(connection, call.account_id, project, id));
        if (!place) co_return api::not_found();
        co_return std::move(*place);
    }

    Awaitable<LinkPlace> find(const api::Call& call) {
        MW_CO_TRY(auto connection, co_await pool_.acquire());
        co_return co_await place_of(*connection, call);
    }

    Awaitable<boost::json::object> shown(pg::Connection& connection, Id account_id,
                                         Id repository_id) {
        MW_CO_TRY(auto link, co_await find_link(connection, account_id, repository_id));
        if (!link) co_return fail(Errc::not_found, "The repository has no link to its git host.");
        MW_CO_TRY(auto heard, co_await last_delivery(connection, repository_id));
        co_return link_json(*link, public_url_, heard);
    }

    pg::Pool& pool_;
    const crypto::Sealer& sealer_;
    LiveGitHosts& hosts_;
    std::string public_url_;
};

}  // namespace

void add_link_endpoints(api::Api& api, pg::Pool& pool, const crypto::Sealer& sealer,
                        LiveGitHosts& hosts, std::string public_url) {
    using How = api::Route::Answer;
    auto self = std::make_shared<LinkApi>(pool, sealer, hosts, std::move(public_url));
    const std::string path =
        "/api/v3/accounts/{account_id}/projects/{project_id}/repositories/{repository_id}/"
        "git-host/";
    auto link = api::schema_like(link_json({}, "", {}));
    boost::json::object text{{"type", "string"}};
    boost::json::object body{
        {"type", "object"},
        {"properties",
         {{"kind", {{"type", "string"}, {"enum", {"github", "gitlab", "azure_devops", "gitea"}}}},
          {"api_url", text},
          {"username", text},
          {"token", text},
          {"rotate_webhook_secret", {{"type", "boolean"}}}}}};
    api.get(path, api::reads(Area::repositories),
            [self](api::Call& call) { return self->get(call); })
        .says("Tell how the repository's git host is reached by a token of its own")
        .gives(How::one, link);
    api.put(path, api::writes(Area::repositories),
            [self](api::Call& call) { return self->put(call); })
        .says(
            "Link the repository to its git host by a token; the webhook's secret is in the "
            "answer that makes it")
        .takes(body)
        .gives(How::one, link);
    api.del(path, api::writes(Area::repositories),
            [self](api::Call& call) { return self->remove(call); })
        .says("End the link: its token and its webhook are good no more")
        .gives(How::one, link);
    api.post(path + "test/", api::writes(Area::repositories),
             [self](api::Call& call) { return self->test(call); })
        .says("Ask the git host what the token may do")
        .gives(How::one, {{"type", "object"}});
}

}  // namespace mw::git_hosts
