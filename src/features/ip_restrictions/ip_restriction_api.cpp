#include "features/ip_restrictions/ip_restriction_api.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/network_v4.hpp>
#include <boost/asio/ip/network_v6.hpp>

#include "features/ip_restrictions/ip_restriction_store.hpp"
#include "features/ip_restrictions/ip_rule.hpp"
#include "features/resources/resource_api.hpp"

namespace mw::ip_restrictions {
namespace {

namespace asio = boost::asio;
using Change = resources::Change<IpRule>;
using api::Area;

// "10.0.0.0/8", "10.1.2.3", "fd00::/8"
bool is_network(const std::string& text) {
    boost::system::error_code error;
    (void)asio::ip::make_network_v4(text, error);
    if (!error) return true;
    (void)asio::ip::make_network_v6(text, error);
    if (!error) return true;
    (void)asio::ip::make_address(text, error);
    return !error;
}

// [{"cidr": "10.0.0.0/8", "state": 1}], of which those that are deleted fall away.
result<> read_cidrs(const RequestBody& body, bool is_new, IpRule& rule) {
    JsonReader in(body);
    const auto* given = in.find("cidrs");
    if (!given) return is_new ? result<>(fail_field("cidrs", "is required")) : result<>{};
    if (!given->is_array()) return fail_field("cidrs", "must be a list");
    rule.cidrs.clear();
    for (std::size_t i = 0; i < given->get_array().size(); ++i) {
        JsonReader item(given->get_array()[i], "cidrs[" + std::to_string(i) + "]");
        std::string cidr;
        std::string cidr_ipv6;
        int state = 1;
        item.keep("cidr", cidr, {0, 64});
        item.keep("cidr_ipv6", cidr_ipv6, {0, 64});
        item.keep("state", state, {1, 2});
        auto text = cidr.empty() ? cidr_ipv6 : cidr;
        if (!is_network(text))
            item.error("cidr", "must be a network such as 10.0.0.0/8 or an address");
        MW_CHECK(item.finish());
        if (state == 1) rule.cidrs.push_back(std::move(text));
    }
    if (rule.cidrs.empty()) return fail_field("cidrs", "must have at least one network");
    return {};
}

// Nobody locks themselves out.
asio::awaitable<result<>> check_caller_admitted(pg::Connection& tx, const api::Call& call) {
    MW_CO_TRY(bool enabled, co_await are_enabled(tx, call.account_id));
    boost::system::error_code no_address;
    (void)asio::ip::make_address(call.caller.address, no_address);
    if (!enabled || no_address) co_return result<>{};
    MW_CO_TRY(bool admitted, co_await would_admit(tx, call.account_id, call.caller.address));
    if (!admitted)
        co_return fail(Errc::conflict,
                       "These rules would keep out the address from which you "
                       "call. Allow it first, or disable the restrictions.");
    co_return result<>{};
}

boost::json::object rule_json(const IpRule& rule) {
    auto json = described_to_json(rule);
    boost::json::array cidrs;
    for (const auto& cidr : rule.cidrs)
        cidrs.push_back(boost::json::object{{"id", rule.id},
                                            {"state", 1},
                                            {"ip_restriction_rule_id", rule.id},
                                            {"enabled", true},
                                            {"cidr", cidr},
                                            {"cidr_ipv6", nullptr}});
    json["cidrs"] = std::move(cidrs);
    json["ip_restriction_rule_set_id"] = rule.account_id;
    json["rule_set_enabled"] = false;
    json["enabled_for_service_tokens"] = true;
    return json;
}

resources::Resource<IpRule> rules() {
    using resources::field;
    return {.noun = "IP restriction",
            .table = "ip_restriction_rules",
            .area = Area::ip_restrictions,
            .fields = {field(&IpRule::name, {.required = true, .most = 255}),
                       field(&IpRule::type, {.required = true, .numbers = {1, 2}}),
                       field(&IpRule::description, {.most = 1024})},
            .json = rule_json,
            .schema = {{"cidrs", {{"type", "array"}, {"items", {{"type", "object"}}}}}},
            .check = [](Change& change) -> asio::awaitable<result<>> {
                if (change.is_new()) {
                    change.row.created_by_id = change.call.caller.user_id;
                    if (!change.call.caller.user_id)
                        change.row.created_by_service_token_id = change.call.caller.token_id;
                }
                co_return read_cidrs(change.body, change.is_new(), change.row);
            },
            .written = [](Change& change) { return check_caller_admitted(change.tx, change.call); },
            .relate = [](pg::Pool& pool, const api::Call& call, const IpRule&,
                         boost::json::object& json) -> asio::awaitable<result<>> {
                MW_CO_TRY(auto lease, co_await pool.acquire());
                MW_CO_TRY(json["rule_set_enabled"], co_await are_enabled(*lease, call.account_id));
                co_return result<>{};
            }};
}

// An account has one set, which goes by the account's id.
api::Reply switch_set(pg::Pool& pool, api::Call& call) {
    MW_CO_TRY(auto body, call.body());
    JsonReader in(body);
    bool enabled = false;
    if (!in.has("enabled")) in.error("enabled", "is required");
    in.keep("enabled", enabled);
    MW_CO_CHECK(in.finish());
    auto work = [&](pg::Connection& tx) -> asio::awaitable<result<>> {
        MW_CO_CHECK(co_await set_enabled(tx, call.account_id, enabled));
        MW_CO_CHECK(co_await check_caller_admitted(tx, call));
        co_return co_await audit::record(
            tx, call.caller,
            {enabled ? "ip_restrictions.enabled" : "ip_restrictions.disabled", "account",
             call.account_id});
    };
    MW_CO_CHECK(co_await pg::with_tx(pool, work));
    co_return api::success({{"id", call.account_id},
                            {"account_id", call.account_id},
                            {"state", 1},
                            {"enabled", enabled},
                            {"enabled_for_service_tokens", enabled},
                            {"created_at", format_iso(now())},
                            {"updated_at", format_iso(now())}});
}

// Whether the caller would still get in, without one of the rules if it is named.
api::Reply validate(pg::Pool& pool, api::Call& call) {
    MW_CO_TRY(auto id, call.id("id"));
    if (id != call.account_id) co_return api::not_found();
    Id without = 0;
    if (call.request.path_params.contains("rule_id")) {
        MW_CO_TRY(without, call.id("rule_id"));
    }
    boost::system::error_code no_address;
    (void)asio::ip::make_address(call.caller.address, no_address);
    bool admitted = true;
    if (!no_address) {
        MW_CO_TRY(auto lease, co_await pool.acquire());
        MW_CO_TRY(admitted,
                  co_await would_admit(*lease, call.account_id, call.caller.address, without));
    }
    co_return api::success({{"is_valid_for_admin", admitted}});
}

}  // namespace

void add_ip_restriction_endpoints(api::Api& api, pg::Pool& pool) {
    using resources::Verbs;
    const std::string account = "/api/v3/accounts/{account_id}/";
    resources::add_resource(
        api, pool, rules(), account + "ip-restrictions/",
        Verbs::list | Verbs::get | Verbs::create | Verbs::update_by_put | Verbs::remove);
    const std::string set = account + "ip-restrictions-set/";
    api.post(set, api::writes(Area::ip_restrictions),
             [&pool](api::Call& call) { return switch_set(pool, call); })
        .says("Make the account's IP restrictions count, or not")
        .takes({{"type", "object"},
                {"required", {"enabled"}},
                {"properties", {{"enabled", {{"type", "boolean"}}}}}});
    auto check = [&pool](api::Call& call) { return validate(pool, call); };
    api.get(set + "{id}/validate/", api::reads(Area::ip_restrictions), check)
        .says("Whether the rules would let the caller in");
    api.get(set + "{id}/validate/{rule_id}/", api::reads(Area::ip_restrictions), check)
        .says("The same without one of the rules");
}

}  // namespace mw::ip_restrictions
