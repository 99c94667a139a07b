#include "features/audit/audit_store.hpp"
#include "features/resources/resource_api.hpp"
#include "features/service_tokens/token_api.hpp"
#include "features/service_tokens/token_store.hpp"
#include "infra/crypto/random.hpp"
#include "infra/crypto/token_hash.hpp"

namespace mw::service_tokens {
namespace {

using api::Area;

// What the body gives it: `permission_grants`, or the two short words of old clients.
result<std::optional<std::vector<groups::GrantInput>>> read_permissions(const RequestBody& body) {
    JsonReader in(body);
    bool metadata_only = false;
    bool webhooks_only = false;
    in.keep("metadata_only", metadata_only);
    in.keep("webhooks_only", webhooks_only);
    MW_CHECK(in.finish());
    const auto* given = in.find("permission_grants");
    if (!given || given->is_null()) {
        std::vector<groups::GrantInput> grants;
        if (metadata_only) grants.push_back({"metadata_only", std::nullopt, {}});
        if (webhooks_only) grants.push_back({"webhooks_only", std::nullopt, {}});
        if (grants.empty()) return std::nullopt;
        return grants;
    }
    MW_TRY(auto grants, groups::read_grants(*given, "permission_grants"));
    return grants;
}

// The text of a new one; it leaves with the answer.
void make_text(resources::Change<Token>& change) {
    auto text = crypto::random_token(crypto::kServiceTokenPrefix);
    change.row.token_hash = crypto::hash_token(text);
    change.row.uid = "mwt_" + crypto::random_hex(8);
    change.once["token_string"] = text;
}

resources::Resource<Token> service_tokens() {
    using resources::field;
    return {.noun = "service token",
            .table = "api_tokens",
            .area = Area::service_tokens,
            .only = "t.kind = 'service'",
            .fields = {field(&Token::name, {.required = true, .most = 255})},
            .json = token_json,
            .check = [](resources::Change<Token>& change) -> Awaitable<> {
                if (change.is_new()) make_text(change);
                co_return result<>{};
            },
            .written = [](resources::Change<Token>& change) -> Awaitable<> {
                MW_CO_TRY(auto grants, read_permissions(change.body));
                if (grants && !change.is_removal())
                    MW_CO_CHECK(co_await replace_permissions(change.tx, change.row.account_id,
                                                             change.row.id, *grants));
                co_return result<>{};
            },
            .relate = [](pg::Pool& pool, const api::Call&, const Token& token,
                         boost::json::object& json) -> Awaitable<> {
                MW_CO_TRY(auto lease, co_await pool.acquire());
                MW_CO_TRY(auto permissions, co_await permissions_of(*lease, token.id));
                add_permissions(json, permissions);
                co_return result<>{};
            }};
}

http::Response as_list(const std::vector<TokenPermission>& permissions, Id account_id) {
    boost::json::array data;
    for (const auto& permission : permissions)
        data.push_back(token_permission_json(permission));
    return api::success_all(std::move(data), account_id);
}

api::Reply show_permissions(pg::Pool& pool, api::Call& call) {
    MW_CO_TRY(auto id, call.id("service_token_id"));
    MW_CO_TRY(auto lease, co_await pool.acquire());
    MW_CO_TRY(bool known, co_await has_service_token(*lease, call.account_id, id));
    if (!known) co_return api::not_found();
    MW_CO_TRY(auto permissions, co_await permissions_of(*lease, id));
    co_return as_list(permissions, call.account_id);
}

api::Reply set_permissions(pg::Pool& pool, api::Call& call) {
    MW_CO_TRY(auto id, call.id("service_token_id"));
    MW_CO_TRY(auto body, call.body());
    auto list = body.value.is_array() ? body.value : boost::json::array{body.value};
    MW_CO_TRY(auto grants, groups::read_grants(list, {}));
    auto work = [&](pg::Connection& tx) -> Awaitable<std::vector<TokenPermission>> {
        MW_CO_TRY(bool known, co_await has_service_token(tx, call.account_id, id));
        if (!known) co_return api::not_found();
        MW_CO_CHECK(co_await replace_permissions(tx, call.account_id, id, grants));
        MW_CO_CHECK(co_await audit::record(
            tx, call.caller, {"service_token.permissions_changed", "service_token", id}));
        co_return co_await permissions_of(tx, id);
    };
    MW_CO_TRY(auto permissions, co_await pg::with_tx(pool, work));
    co_return as_list(permissions, call.account_id);
}

}  // namespace

void add_service_token_endpoints(api::Api& api, pg::Pool& pool) {
    using resources::Verbs;
    const std::string path = "/api/v3/accounts/{account_id}/service-tokens/";
    // PUT is the contract's, POST is Terraform's.
    resources::add_resource(api, pool, service_tokens(), path,
                            resources::kAllByPost | Verbs::update_by_put);
    using How = api::Route::Answer;
    auto permission = described_schema<TokenPermission>();
    api.get(path + "{service_token_id}/permissions/", api::reads(Area::service_tokens),
            [&pool](api::Call& call) { return show_permissions(pool, call); })
        .says("What a service token may do")
        .gives(How::list, permission);
    api.post(path + "{service_token_id}/permissions/", api::writes(Area::service_tokens),
             [&pool](api::Call& call) { return set_permissions(pool, call); })
        .says("Replace what a service token may do")
        .takes({{"type", "array"}, {"items", {{"type", "object"}}}})
        .gives(How::list, permission);
}

}  // namespace mw::service_tokens
