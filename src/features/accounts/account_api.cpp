#include "features/accounts/account_api.hpp"

#include "api/example_schema.hpp"
#include "base/described_json.hpp"
#include "features/accounts/account_store.hpp"
#include "features/audit/audit_store.hpp"
#include "features/resources/reference_store.hpp"

namespace mw::accounts {

boost::json::object account_json(const Account& account) {
    auto json = described_to_json(account);
    for (auto field :
         {"lock_reason", "lock_cause", "unlocked_at", "billing_email_address",
          "enterprise_login_slug", "starter_repo_url", "trial_end_date", "static_subdomain",
          "vanity_subdomain", "run_locked_until", "copilot_locked_until"})
        json[field] = nullptr;
    json["locked"] = false;
    json["pending_cancel"] = false;
    json["business_critical"] = false;
    json["agent_credit_locked"] = false;
    json["explorer_seats"] = 0;
    json["analyst_seats"] = 0;
    json["develop_pod_memory_request_mebibytes"] = 0;
    json["git_auth_level"] = "personal";
    json["account_migration_events"] = boost::json::array{};
    json["groups"] = boost::json::array{};
    return json;
}

namespace {

api::Reply update(pg::Pool& pool, api::Call& call) {
    MW_CO_TRY(auto account, co_await find_account(pool, call.account_id));
    if (!account) co_return api::not_found();
    MW_CO_TRY(auto body, call.body());
    JsonReader in(body);
    in.keep("name", account->name, {1, 255});
    in.optional("docs_job_id", account->docs_job_id);
    in.optional("freshness_job_id", account->freshness_job_id);
    MW_CO_CHECK(in.finish());
    auto work = [&](pg::Connection& tx) -> boost::asio::awaitable<result<>> {
        for (auto [field, job] : {std::pair("docs_job_id", account->docs_job_id),
                                  {"freshness_job_id", account->freshness_job_id}})
            if (job)
                MW_CO_CHECK(co_await resources::check_reference(tx, field, "jobs", account->id,
                                                                std::nullopt, *job));
        MW_CO_CHECK(co_await update_account(tx, *account));
        co_return co_await audit::record(tx, call.caller,
                                         {"account.updated", "account", account->id});
    };
    MW_CO_CHECK(co_await pg::with_tx(pool, work));
    co_return api::success(account_json(*account));
}

}  // namespace

void add_account_endpoints(api::Api& api, pg::Pool& pool) {
    api::Endpoint one = [&pool](api::Call& call) -> api::Reply {
        MW_CO_TRY(auto account, co_await find_account(pool, call.account_id));
        if (!account) co_return api::not_found();
        co_return api::success(account_json(*account));
    };
    // A token belongs to one account, so the list has one.
    api::Endpoint list = [&pool](api::Call& call) -> api::Reply {
        MW_CO_TRY(auto account, co_await find_account(pool, call.account_id));
        boost::json::array data;
        if (account) data.push_back(account_json(*account));
        co_return api::success_all(std::move(data), call.account_id);
    };
    auto change = [&pool](api::Call& call) { return update(pool, call); };
    boost::json::object body{{"type", "object"}, {"properties", {{"name", {{"type", "string"}}}}}};
    using How = api::Route::Answer;
    auto schema = api::schema_like(account_json(Account{}));
    const std::string path = "/api/v2/accounts/{account_id}/";
    for (auto* route : {&api.post(path, api::writes(api::Area::account_settings), change),
                        &api.patch(path, api::writes(api::Area::account_settings), change)})
        route->says("Change the account").takes(body).gives(How::one, schema);
    for (auto version : {"v2", "v3"}) {
        api.get(std::string("/api/") + version + "/accounts/", api::signed_in(), list)
            .says("List the token's account")
            .gives(How::list, schema);
        api.get(std::string("/api/") + version + "/accounts/{account_id}/", api::signed_in(), one)
            .says("Get the account")
            .gives(How::one, schema);
    }
}

}  // namespace mw::accounts
