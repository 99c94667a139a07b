#include "features/git_hosts/git_host_api.hpp"

#include "api/example_schema.hpp"
#include "base/described_json.hpp"
#include "features/audit/audit_store.hpp"
#include "features/git_hosts/installation_store.hpp"

namespace mw::git_hosts {
namespace {

using api::Area;

boost::json::value or_null(const std::string& text) {
    return text.empty() ? boost::json::value(nullptr) : boost::json::value(text);
}

class GitHostApi {
  public:
    GitHostApi(pg::Pool& pool, const GitHostSettings& settings)
        : pool_(pool), settings_(settings) {}

    api::Reply get(api::Call& call) {
        MW_CO_TRY(auto connection, co_await pool_.acquire());
        MW_CO_TRY(auto json, co_await shown(*connection, call.account_id));
        co_return api::success(std::move(json));
    }

    api::Reply change(api::Call& call) {
        MW_CO_TRY(auto body, call.body());
        auto work = [&](pg::Connection& tx) -> Awaitable<boost::json::object> {
            MW_CO_TRY(auto switches, co_await find_switches(tx, call.account_id));
            JsonReader in(body);
            in.keep("github_app", switches.github_app);
            in.keep("links", switches.links);
            MW_CO_CHECK(in.finish());
            MW_CO_CHECK(co_await set_switches(tx, call.account_id, switches));
            MW_CO_CHECK(co_await audit::record(
                tx, call.caller,
                {"git_hosts.switched", "account", call.account_id, described_to_json(switches)}));
            co_return co_await shown(tx, call.account_id);
        };
        MW_CO_TRY(auto json, co_await pg::with_tx(pool_, work));
        co_return api::success(std::move(json));
    }

  private:
    Awaitable<boost::json::object> shown(pg::Connection& connection, Id account_id) {
        MW_CO_TRY(auto switches, co_await find_switches(connection, account_id));
        boost::json::object app{{"available", settings_.app.has_value()},
                                {"enabled", settings_.app && switches.github_app},
                                {"base_url", nullptr},
                                {"install_url", nullptr},
                                {"configure_url", nullptr},
                                {"installations", boost::json::array{}}};
        if (settings_.app) {
            app["base_url"] = settings_.app->base_url;
            app["install_url"] = or_null(settings_.app->install_url);
            app["configure_url"] = or_null(settings_.app->configure_url);
            MW_CO_TRY(auto installations, co_await list_installations(connection, account_id));
            for (const auto& each : installations)
                app["installations"].as_array().push_back(described_to_json(each));
        }
        co_return boost::json::object{
            {"github_app", std::move(app)},
            {"links",
             {{"available", settings_.links}, {"enabled", settings_.links && switches.links}}}};
    }

    pg::Pool& pool_;
    const GitHostSettings& settings_;
};

}  // namespace

void add_git_host_endpoints(api::Api& api, pg::Pool& pool, const GitHostSettings& settings) {
    using How = api::Route::Answer;
    auto self = std::make_shared<GitHostApi>(pool, settings);
    const std::string path = "/api/ui/accounts/{account_id}/git-hosts/";
    boost::json::object flag{{"type", "boolean"}};
    boost::json::object shown{
        {"type", "object"},
        {"properties",
         {{"github_app",
           {{"type", "object"},
            {"properties",
             {{"available", flag},
              {"enabled", flag},
              {"installations",
               {{"type", "array"},
                {"items", api::schema_like(described_to_json(Installation{}))}}}}}}},
          {"links",
           {{"type", "object"}, {"properties", {{"available", flag}, {"enabled", flag}}}}}}}};
    api.get(path, api::reads(Area::repositories),
            [self](api::Call& call) { return self->get(call); })
        .says("Tell which ways to git hosts there are, by the operator and in the account")
        .gives(How::one, shown);
    api.patch(path, api::writes(Area::account_settings),
              [self](api::Call& call) { return self->change(call); })
        .says("Turn the GitHub App, or links by a token, on or off in the account")
        .takes({{"type", "object"}, {"properties", {{"github_app", flag}, {"links", flag}}}})
        .gives(How::one, shown);
}

}  // namespace mw::git_hosts
