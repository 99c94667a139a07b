#include "api/example_schema.hpp"
#include "base/described_schema.hpp"
#include "features/audit/audit_store.hpp"
#include "features/service_tokens/token_api.hpp"
#include "features/service_tokens/token_store.hpp"
#include "infra/crypto/random.hpp"
#include "infra/crypto/token_hash.hpp"

namespace mw::service_tokens {
namespace {

// A personal token opens what its person may, so only they may have it.
result<Id> own_id(const api::Call& call) {
    MW_TRY(auto user_id, call.id("user_id"));
    if (call.caller.user_id != user_id) return api::not_found();
    return user_id;
}

boost::json::object with_text(const Token& token, const std::string& text) {
    auto json = token_json(token);
    json["token_string"] = text;
    return json;
}

api::Reply list(pg::Pool& pool, api::Call& call) {
    MW_CO_TRY(auto user_id, own_id(call));
    MW_CO_TRY(auto lease, co_await pool.acquire());
    MW_CO_TRY(auto tokens, co_await personal_tokens(*lease, call.account_id, user_id));
    boost::json::array data;
    for (const auto& token : tokens)
        data.push_back(token_json(token));
    co_return api::success_all(std::move(data), call.account_id);
}

api::Reply create(pg::Pool& pool, api::Call& call) {
    MW_CO_TRY(auto user_id, own_id(call));
    MW_CO_TRY(auto body, call.body());
    JsonReader in(body);
    std::string name;
    in.required("name", name, {1, 255});
    MW_CO_CHECK(in.finish());
    auto text = crypto::random_token(crypto::kPersonalTokenPrefix);
    auto work = [&](pg::Connection& tx) -> Awaitable<Token> {
        MW_CO_TRY(auto token, co_await insert_personal_token(tx, call.account_id, user_id, name,
                                                             crypto::hash_token(text)));
        MW_CO_CHECK(co_await audit::record(
            tx, call.caller,
            {"personal_token.created", "personal_token", token.id, {{"name", name}}}));
        co_return token;
    };
    MW_CO_TRY(auto token, co_await pg::with_tx(pool, work));
    co_return api::success(with_text(token, text));
}

api::Reply show(pg::Pool& pool, api::Call& call) {
    MW_CO_TRY(auto user_id, own_id(call));
    MW_CO_TRY(auto id, call.id("id"));
    MW_CO_TRY(auto lease, co_await pool.acquire());
    MW_CO_TRY(auto token, co_await find_personal_token(*lease, call.account_id, user_id, id));
    if (!token) co_return api::not_found();
    co_return api::success(token_json(*token));
}

// A new text for the same token.
api::Reply rotate(pg::Pool& pool, api::Call& call) {
    MW_CO_TRY(auto user_id, own_id(call));
    MW_CO_TRY(auto id, call.id("id"));
    auto text = crypto::random_token(crypto::kPersonalTokenPrefix);
    auto work = [&](pg::Connection& tx) -> Awaitable<Token> {
        MW_CO_TRY(auto token, co_await find_personal_token(tx, call.account_id, user_id, id));
        if (!token) co_return api::not_found();
        MW_CO_CHECK(co_await audit::record(
            tx, call.caller,
            {"personal_token.rotated", "personal_token", id, {{"name", token->name}}}));
        co_return co_await set_hash(tx, id, crypto::hash_token(text));
    };
    MW_CO_TRY(auto token, co_await pg::with_tx(pool, work));
    co_return api::success(with_text(token, text));
}

api::Reply remove(pg::Pool& pool, api::Call& call) {
    MW_CO_TRY(auto user_id, own_id(call));
    MW_CO_TRY(auto id, call.id("id"));
    auto work = [&](pg::Connection& tx) -> Awaitable<Token> {
        MW_CO_TRY(auto token, co_await find_personal_token(tx, call.account_id, user_id, id));
        if (!token) co_return api::not_found();
        MW_CO_CHECK(co_await audit::record(
            tx, call.caller,
            {"personal_token.deleted", "personal_token", id, {{"name", token->name}}}));
        co_return co_await end_token(tx, id);
    };
    MW_CO_TRY(auto token, co_await pg::with_tx(pool, work));
    co_return api::success(token_json(token));
}

}  // namespace

void add_personal_token_endpoints(api::Api& api, pg::Pool& pool) {
    using How = api::Route::Answer;
    const std::string path = "/api/v3/accounts/{account_id}/users/{user_id}/account-apikeys/";
    auto schema = api::schema_like(token_json(Token{}));
    boost::json::object named{{"type", "object"},
                              {"required", {"name"}},
                              {"properties", {{"name", {{"type", "string"}}}}}};
    api.get(path, api::signed_in(), [&pool](api::Call& call) { return list(pool, call); })
        .says("List one's personal tokens")
        .gives(How::list, schema);
    api.post(path, api::signed_in(), [&pool](api::Call& call) { return create(pool, call); })
        .says("Make a personal token; its text is in this answer only")
        .takes(named)
        .gives(How::one, schema);
    api.get(path + "{id}/", api::signed_in(), [&pool](api::Call& call) { return show(pool, call); })
        .says("Get a personal token")
        .gives(How::one, schema);
    api.post(path + "{id}/", api::signed_in(),
             [&pool](api::Call& call) { return rotate(pool, call); })
        .says("Give a personal token a new text")
        .gives(How::one, schema);
    api.del(path + "{id}/", api::signed_in(),
            [&pool](api::Call& call) { return remove(pool, call); })
        .says("Delete a personal token")
        .gives(How::one, schema);
}

}  // namespace mw::service_tokens
