#include "features/connections/catalog_config.hpp"

#include <array>

#include "base/json_reader.hpp"
#include "features/audit/audit_store.hpp"
#include "features/connections/connection_store.hpp"

namespace mw::connections {
namespace {

namespace asio = boost::asio;
template <class T = void>
using Awaitable = asio::awaitable<result<T>>;

constexpr std::array<std::string_view, 8> kFilters{
    "database_allow", "database_deny", "schema_allow", "schema_deny",
    "table_allow",    "table_deny",    "view_allow",   "view_deny"};

// With every filter there is, empty where nothing was said.
boost::json::object filters_json(Id connection_id, const boost::json::object& stored) {
    boost::json::object json{{"connection_id", connection_id}};
    for (auto name : kFilters) {
        const auto* given = stored.if_contains(name);
        json[name] = given ? *given : boost::json::array{};
    }
    return json;
}

// Onto what was there.
result<> read_filters(const RequestBody& body, boost::json::object& filters) {
    JsonReader in(body);
    for (auto name : kFilters) {
        std::vector<std::string> patterns;
        if (!in.has(name)) continue;
        in.keep(name, patterns);
        boost::json::array list;
        for (auto& pattern : patterns)
            list.emplace_back(std::move(pattern));
        filters[name] = std::move(list);
    }
    return in.finish();
}

Awaitable<Id> connection_of(pg::Connection& on, const api::Call& call) {
    MW_CO_TRY(auto id, call.id("id"));
    MW_CO_TRY(auto found, co_await find_connection(on, call.account_id, id));
    if (!found) co_return api::not_found();
    co_return id;
}

api::Reply show(pg::Pool& pool, api::Call& call) {
    MW_CO_TRY(auto lease, co_await pool.acquire());
    MW_CO_TRY(auto id, co_await connection_of(*lease, call));
    MW_CO_TRY(auto filters, co_await catalog_filters(*lease, id));
    co_return api::success(filters_json(id, filters));
}

api::Reply change(pg::Pool& pool, api::Call& call) {
    MW_CO_TRY(auto body, call.body());
    auto work = [&](pg::Connection& tx) -> Awaitable<boost::json::object> {
        MW_CO_TRY(auto id, co_await connection_of(tx, call));
        MW_CO_TRY(auto filters, co_await catalog_filters(tx, id));
        MW_CO_CHECK(read_filters(body, filters));
        MW_CO_CHECK(co_await set_catalog_filters(tx, id, filters));
        MW_CO_CHECK(co_await audit::record(
            tx, call.caller, {"connection.catalog_configured", "connection", id, filters}));
        co_return filters_json(id, filters);
    };
    MW_CO_TRY(auto json, co_await pg::with_tx(pool, work));
    co_return api::success(std::move(json));
}

}  // namespace

void add_catalog_config_endpoints(api::Api& api, pg::Pool& pool) {
    using How = api::Route::Answer;
    const std::string path = "/api/v3/accounts/{account_id}/connections/{id}/catalog-configs/";
    boost::json::object properties;
    for (auto name : kFilters)
        properties[name] = {{"type", "array"}, {"items", {{"type", "string"}}}};
    boost::json::object schema{{"type", "object"}, {"properties", properties}};
    api.get(path, api::reads(api::Area::connections),
            [&pool](api::Call& call) { return show(pool, call); })
        .says("Which of a warehouse's objects are to be known of")
        .gives(How::one, schema);
    api.patch(path, api::writes(api::Area::connections),
              [&pool](api::Call& call) { return change(pool, call); })
        .says("Say which of a warehouse's objects are to be known of")
        .takes(schema)
        .gives(How::one, schema);
}

}  // namespace mw::connections
