#include "features/discovery/discovery_api.hpp"

#include <boost/json/serialize.hpp>

#include "features/discovery/discovery_schema.hpp"
#include "features/discovery/lookup.hpp"
#include "graphql/execution/execute.hpp"

namespace mw::discovery {
namespace {

constexpr std::size_t kQueryBytesMax = 100'000;

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

}  // namespace

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
