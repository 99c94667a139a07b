#include "features/discovery/discovery_api.hpp"

#include <boost/json/serialize.hpp>

#include "api/example_schema.hpp"
#include "base/described_json.hpp"
#include "features/discovery/discovery_schema.hpp"
#include "features/discovery/lookup.hpp"
#include "features/project_state/project_summary_store.hpp"
#include "graphql/execution/execute.hpp"

namespace mw::discovery {
namespace {

constexpr std::size_t kQueryBytesMax = 100'000;
constexpr std::size_t kNameBytesMax = 200;
constexpr int kNamedMost = 20;

result<graphql::Request> request_of(const api::Call& call) {
    MW_TRY(auto body, parse_json(call.request.body));
    graphql::Request request;
    JsonReader in(body);
    in.required("query", request.query, {.least = 1, .most = kQueryBytesMax});
    std::optional<std::string> operation_name;
    in.optional("operationName", operation_name, {.most = 1000});
    MW_CHECK(in.finish());
    request.operation_name = operation_name.value_or("");
    const auto* variables = body.get_object().if_contains("variables");
    if (!variables || variables->is_null()) return request;
    if (!variables->is_object()) return fail_field("variables", "must be an object");
    request.variables = variables->get_object();
    return request;
}

// For who types a name and does not know where to look: over all projects in one question.
api::Reply find_nodes(pg::Pool& pool, api::Call& call) {
    auto name = call.request.query_value("name").value_or("");
    if (name.empty() || name.size() > kNameBytesMax)
        co_return fail_field("name", "must have from 1 to 200 characters");
    auto projects = call.caller.grants.projects(call.need);
    MW_CO_TRY(auto lease, co_await pool.acquire());
    MW_CO_TRY(auto found,
              co_await project_state::find_named_nodes(*lease, {.account_id = call.account_id,
                                                                .all_projects = projects.all,
                                                                .project_ids = projects.ids,
                                                                .text = name,
                                                                .limit = kNamedMost}));
    boost::json::array nodes;
    for (const auto& node : found)
        nodes.push_back(described_to_json(node));
    co_return api::success(std::move(nodes));
}

}  // namespace

void add_node_search_endpoint(api::Api& api, pg::Pool& pool) {
    auto schema = api::schema_like(described_to_json(project_state::NamedNode{}));
    api.get("/api/ui/accounts/{account_id}/nodes/", api::reads(api::Area::metadata),
            [&pool](api::Call& call) { return find_nodes(pool, call); })
        .says("Find models, sources and the like by name, in all projects")
        .asks({"name"})
        .gives(api::Route::Answer::one, {{"type", "array"}, {"items", std::move(schema)}});
}

void add_discovery_endpoint(api::Api& api, pg::Pool& pool, store::ObjectStore& objects,
                            BlockingPool& blocking) {
    auto snapshots = std::make_shared<project_state::RunSnapshots>(pool, objects, blocking);
    auto answer = [&pool, snapshots,
                   schema = std::shared_ptr<const graphql::Schema>(make_schema())](
                      api::Call& call) -> api::Reply {
        MW_CO_TRY(auto request, request_of(call));
        Lookup lookup(pool, *snapshots, call);
        auto answered = co_await graphql::execute(*schema, std::move(request), lookup);
        http::Response response;
        response.headers["content-type"] = "application/json";
        response.body = json::serialize(answered);
        co_return response;
    };
    // dbtc asks at the second, unless it is told not to.
    for (const auto* path : {"/graphql", "/beta/graphql"})
        api.post(path, api::reads(api::Area::metadata), answer)
            .says("Ask what is known of a project (GraphQL)")
            .takes({{"type", "object"},
                    {"required", {"query"}},
                    {"properties",
                     {{"query", {{"type", "string"}}},
                      {"variables", {{"type", "object"}}},
                      {"operationName", {{"type", "string"}}}}}})
            .gives(api::Route::Answer::raw);
}

}  // namespace mw::discovery
