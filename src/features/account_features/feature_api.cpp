#include "features/account_features/feature_api.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "features/account_features/feature_list.hpp"
#include "features/account_features/feature_store.hpp"
#include "features/audit/audit_store.hpp"

namespace mw::account_features {
namespace {

namespace asio = boost::asio;

boost::json::object as_json(const std::map<std::string, bool>& set) {
    boost::json::object json;
    for (const auto& feature : kFeatures) {
        auto found = set.find(std::string(feature.name));
        json[feature.name] = found == set.end() ? feature.by_default : found->second;
    }
    return json;
}

api::Reply show(pg::Pool& pool, api::Call& call) {
    MW_CO_TRY(auto lease, co_await pool.acquire());
    MW_CO_TRY(auto set, co_await find_features(*lease, call.account_id));
    co_return api::success(as_json(set));
}

// {"feature": "advanced-ci", "value": true}
api::Reply change(pg::Pool& pool, api::Call& call) {
    MW_CO_TRY(auto body, call.body());
    JsonReader in(body);
    std::string name;
    bool value = false;
    in.required("feature", name, {1, 64});
    if (!in.has("value")) in.error("value", "is required");
    in.keep("value", value);
    std::ranges::replace(name, '_', '-');
    const auto* feature = std::ranges::find(kFeatures, std::string_view(name), &Feature::name);
    bool known = feature != kFeatures.end();
    if (!known && !name.empty()) in.error("feature", "there is no such feature");
    if (known && value && !feature->can_be_had)
        in.error("feature", "can't be had on an installation of your own");
    MW_CO_CHECK(in.finish());
    auto work = [&](pg::Connection& tx) -> asio::awaitable<result<std::map<std::string, bool>>> {
        MW_CO_CHECK(co_await set_feature(tx, call.account_id, name, value));
        MW_CO_CHECK(co_await audit::record(tx, call.caller,
                                           {value ? "feature.enabled" : "feature.disabled",
                                            "account",
                                            call.account_id,
                                            {{"feature", name}}}));
        co_return co_await find_features(tx, call.account_id);
    };
    MW_CO_TRY(auto set, co_await pg::with_tx(pool, work));
    co_return api::success(as_json(set));
}

}  // namespace

void add_feature_endpoints(api::Api& api, pg::Pool& pool) {
    const std::string path = "/api/private/accounts/{account_id}/features/";
    auto get = [&pool](api::Call& call) { return show(pool, call); };
    api.get(path, api::signed_in(), get).says("Which features the account has");
    api.post(path, api::writes(api::Area::account_settings),
             [&pool](api::Call& call) { return change(pool, call); })
        .says("Switch a feature of the account")
        .takes({{"type", "object"},
                {"required", {"feature", "value"}},
                {"properties",
                 {{"feature", {{"type", "string"}}}, {"value", {{"type", "boolean"}}}}}});
    api.get("/api/v3/accounts/{account_id}/feature-flag/", api::signed_in(), get)
        .says("Which features the account has");
}

}  // namespace mw::account_features
