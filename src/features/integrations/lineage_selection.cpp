#include "features/integrations/lineage_selection.hpp"

#include <fmt/format.h>

#include "base/described_json.hpp"
#include "features/audit/audit_store.hpp"
#include "features/integrations/integration_store.hpp"

namespace mw::integrations {
namespace {

namespace asio = boost::asio;
template <class T = void>
using Awaitable = asio::awaitable<result<T>>;

constexpr std::size_t kItemsMax = 1000;
constexpr TextLimit kText{1, 1024};

struct Changes {
    std::vector<Selection> added;
    std::vector<std::string> removed;
};

result<Selection> read_item(const boost::json::value& value, std::string name) {
    Selection item;
    JsonReader in(value, std::move(name));
    in.required("identifier", item.identifier, kText);
    in.required("name", item.name, kText);
    in.required("type", item.type, kText);
    if (!item.type.empty() && item.type != "folder" && item.type != "dashboard")
        in.error("type", "must be folder or dashboard");
    MW_CHECK(in.finish());
    return item;
}

result<Changes> read_changes(const RequestBody& body) {
    Changes changes;
    JsonReader in(body);
    in.keep("to_remove", changes.removed);
    if (const auto* list = in.find("to_add"); list && !list->is_null()) {
        if (!list->is_array())
            in.error("to_add", "must be a list");
        else if (list->get_array().size() > kItemsMax)
            in.error("to_add", fmt::format("must not have more than {} items", kItemsMax));
        MW_CHECK(in.finish());
        for (const auto& each : list->get_array()) {
            MW_TRY(auto item, read_item(each, fmt::format("to_add[{}]", changes.added.size())));
            changes.added.push_back(std::move(item));
        }
    }
    MW_CHECK(in.finish());
    return changes;
}

// The integration of the path, if it is the project's.
Awaitable<Id> integration_of(pg::Connection& connection, const api::Call& call) {
    MW_CO_TRY(auto id, call.id("id"));
    MW_CO_TRY(auto project_id, call.id("project_id"));
    MW_CO_TRY(bool known, co_await has_lineage(connection, call.account_id, project_id, id));
    if (!known) co_return api::not_found();
    co_return id;
}

api::Reply list(pg::Pool& pool, api::Call& call) {
    MW_CO_TRY(auto lease, co_await pool.acquire());
    MW_CO_TRY(auto id, co_await integration_of(*lease, call));
    MW_CO_TRY(auto selections, co_await selections_of(*lease, id));
    // Nothing is known of what lies inside a collection.
    bool inside = call.request.path_params.contains("collection_id") ||
                  call.request.query_value("collection_id").has_value();
    boost::json::array collections;
    for (const auto& selection : inside ? std::vector<Selection>{} : selections) {
        auto json = described_to_json(selection);
        json["watching"] = true;
        collections.push_back(std::move(json));
    }
    boost::json::array data;
    data.push_back(boost::json::object{{"collections", std::move(collections)}});
    co_return api::success_all(std::move(data), call.account_id);
}

api::Reply change(pg::Pool& pool, api::Call& call) {
    MW_CO_TRY(auto body, call.body());
    MW_CO_TRY(auto changes, read_changes(body));
    auto work = [&](pg::Connection& tx) -> Awaitable<std::pair<int, int>> {
        MW_CO_TRY(auto id, co_await integration_of(tx, call));
        int added = 0;
        int removed = 0;
        for (auto& identifier : changes.removed) {
            MW_CO_TRY(bool gone, co_await remove_selection(tx, id, identifier));
            removed += gone ? 1 : 0;
        }
        for (auto& item : changes.added) {
            MW_CO_TRY(bool made, co_await add_selection(tx, id, item));
            added += made ? 1 : 0;
        }
        MW_CO_CHECK(co_await audit::record(tx, call.caller,
                                           {"lineage_integration.selected",
                                            "lineage_integration",
                                            id,
                                            {{"added", added}, {"removed", removed}}}));
        co_return std::pair(added, removed);
    };
    MW_CO_TRY(auto counts, co_await pg::with_tx(pool, work));
    co_return http::Response::json(
        200, boost::json::object{{"added", counts.first}, {"removed", counts.second}});
}

}  // namespace

void add_lineage_selection_endpoints(api::Api& api, pg::Pool& pool) {
    using How = api::Route::Answer;
    const std::string path =
        "/api/v3/accounts/{account_id}/projects/{project_id}/integrations/lineage/{id}/";
    boost::json::object text{{"type", "string"}};
    boost::json::object item{{"type", "object"},
                             {"required", {"identifier", "name", "type"}},
                             {"properties",
                              {{"identifier", text},
                               {"name", text},
                               {"type", {{"type", "string"}, {"enum", {"folder", "dashboard"}}}},
                               {"watching", {{"type", "boolean"}}}}}};
    boost::json::object collection{
        {"type", "object"},
        {"properties", {{"collections", {{"type", "array"}, {"items", item}}}}}};
    auto show = [&pool](api::Call& call) { return list(pool, call); };
    api.get(path + "collections/", api::reads(api::Area::projects), show)
        .says("What of a lineage tool is watched")
        .asks({"collection_id"})
        .gives(How::list, collection);
    api.get(path + "collections/{collection_id}/", api::reads(api::Area::projects), show)
        .says("What of a lineage tool's folder is watched")
        .gives(How::list, collection);
    api.post(path + "selections/", api::writes(api::Area::projects),
             [&pool](api::Call& call) { return change(pool, call); })
        .says("Choose what of a lineage tool is watched")
        .takes({{"type", "object"},
                {"properties",
                 {{"to_add", {{"type", "array"}, {"items", item}}},
                  {"to_remove", {{"type", "array"}, {"items", text}}}}}})
        .gives(How::raw,
               {{"type", "object"},
                {"required", {"added", "removed"}},
                {"properties",
                 {{"added", {{"type", "integer"}}}, {"removed", {{"type", "integer"}}}}}});
}

}  // namespace mw::integrations
