#include "base/described_schema.hpp"
#include "features/audit/audit_store.hpp"
#include "features/scim/scim_api.hpp"
#include "features/scim/scim_store.hpp"
#include "infra/crypto/random.hpp"
#include "infra/crypto/token_hash.hpp"

namespace mw::scim {
namespace {

api::Reply show(pg::Pool& pool, api::Call& call) {
    MW_CO_TRY(auto lease, co_await pool.acquire());
    MW_CO_TRY(auto configuration, co_await find_configuration(*lease, call.account_id));
    co_return api::success(described_to_json(configuration));
}

api::Reply change(pg::Pool& pool, api::Call& call) {
    MW_CO_TRY(auto body, call.body());
    auto work = [&](pg::Connection& tx) -> Awaitable<Configuration> {
        MW_CO_TRY(auto configuration, co_await find_configuration(tx, call.account_id));
        JsonReader in(body);
        in.keep("enabled", configuration.enabled);
        in.keep("manual_updates_allowed", configuration.manual_updates_allowed);
        in.keep("scim_controlled_license_type", configuration.scim_controlled_license_type);
        MW_CO_CHECK(in.finish());
        MW_CO_CHECK(co_await set_configuration(tx, call.account_id, configuration));
        MW_CO_CHECK(co_await audit::record(
            tx, call.caller, {"scim.configuration_changed", "account", call.account_id}));
        co_return configuration;
    };
    MW_CO_TRY(auto configuration, co_await pg::with_tx(pool, work));
    co_return api::success(described_to_json(configuration));
}

api::Reply tokens(pg::Pool& pool, api::Call& call) {
    MW_CO_TRY(auto lease, co_await pool.acquire());
    MW_CO_TRY(auto found, co_await list_tokens(*lease, call.account_id));
    boost::json::array data;
    for (const auto& token : found)
        data.push_back(described_to_json(token));
    co_return api::success_all(std::move(data), call.account_id);
}

api::Reply make_token(pg::Pool& pool, api::Call& call) {
    MW_CO_TRY(auto body, call.body());
    JsonReader in(body);
    std::string name;
    in.required("name", name, {1, 255});
    MW_CO_CHECK(in.finish());
    auto text = crypto::random_token(crypto::kServiceTokenPrefix);
    auto work = [&](pg::Connection& tx) -> Awaitable<std::optional<ScimToken>> {
        MW_CO_TRY(auto id,
                  co_await insert_token(tx, call.account_id, name, crypto::hash_token(text)));
        MW_CO_CHECK(co_await audit::record(
            tx, call.caller, {"scim_token.created", "scim_token", id, {{"name", name}}}));
        co_return co_await find_token(tx, call.account_id, id);
    };
    MW_CO_TRY(auto token, co_await pg::with_tx(pool, work));
    if (!token) co_return api::not_found();
    auto json = described_to_json(*token);
    json["token_string"] = text;
    co_return api::success(std::move(json));
}

api::Reply show_token(pg::Pool& pool, api::Call& call) {
    MW_CO_TRY(auto id, call.id("id"));
    MW_CO_TRY(auto lease, co_await pool.acquire());
    MW_CO_TRY(auto token, co_await find_token(*lease, call.account_id, id));
    if (!token) co_return api::not_found();
    co_return api::success(described_to_json(*token));
}

api::Reply remove_token(pg::Pool& pool, api::Call& call) {
    MW_CO_TRY(auto id, call.id("id"));
    auto work = [&](pg::Connection& tx) -> Awaitable<ScimToken> {
        MW_CO_TRY(auto token, co_await find_token(tx, call.account_id, id));
        if (!token) co_return api::not_found();
        MW_CO_CHECK(co_await end_token(tx, call.account_id, id));
        MW_CO_CHECK(co_await audit::record(
            tx, call.caller, {"scim_token.deleted", "scim_token", id, {{"name", token->name}}}));
        co_return *token;
    };
    MW_CO_TRY(auto token, co_await pg::with_tx(pool, work));
    co_return api::success(described_to_json(token));
}

}  // namespace

void add_scim_config_endpoints(api::Api& api, pg::Pool& pool) {
    using How = api::Route::Answer;
    const std::string path = "/api/v3/accounts/{account_id}/scim-config/";
    const auto reads = api::reads(api::Area::auth_provider);
    const auto writes = api::writes(api::Area::auth_provider);
    auto token = described_schema<ScimToken>();
    auto configuration = described_schema<Configuration>();
    api.get(path, reads, [&pool](api::Call& call) { return show(pool, call); })
        .says("Whether an identity provider keeps the account's users")
        .gives(How::one, configuration);
    api.post(path, writes, [&pool](api::Call& call) { return change(pool, call); })
        .says("Let an identity provider keep the account's users, or not")
        .takes(configuration)
        .gives(How::one, configuration);
    api.get(path + "tokens/", reads, [&pool](api::Call& call) { return tokens(pool, call); })
        .says("List SCIM tokens")
        .gives(How::list, token);
    api.post(path + "tokens/", writes, [&pool](api::Call& call) { return make_token(pool, call); })
        .says("Make a SCIM token; its text is in this answer only")
        .takes({{"type", "object"},
                {"required", {"name"}},
                {"properties", {{"name", {{"type", "string"}}}}}})
        .gives(How::one, token);
    api.get(path + "tokens/{id}/", reads,
            [&pool](api::Call& call) { return show_token(pool, call); })
        .says("Get a SCIM token")
        .gives(How::one, token);
    api.del(path + "tokens/{id}/", writes,
            [&pool](api::Call& call) { return remove_token(pool, call); })
        .says("Delete a SCIM token")
        .gives(How::one, token);
}

}  // namespace mw::scim
