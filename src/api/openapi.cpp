#include "api/openapi.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <memory>
#include <set>

namespace mw::api {
namespace {

namespace json = boost::json;

json::object status_schema() {
    return {{"type", "object"},
            {"required", {"code", "is_success", "user_message"}},
            {"properties",
             {{"code", {{"type", "integer"}}},
              {"is_success", {{"type", "boolean"}}},
              {"user_message", {{"type", "string"}}},
              {"developer_message", {{"type", "string"}}}}}};
}

json::object reference(std::string_view name) {
    return {{"$ref", fmt::format("#/components/schemas/{}", name)}};
}

json::object components() {
    json::object error{{"type", "object"},
                       {"required", {"status"}},
                       {"properties", {{"status", reference("Status")}, {"data", json::object{}}}}};
    json::object extra{
        {"type", "object"},
        {"required", {"filters", "order_by", "pagination"}},
        {"properties",
         {{"filters",
           {{"type", "object"},
            {"properties", {{"limit", {{"type", "integer"}}}, {"offset", {{"type", "integer"}}}}}}},
          {"order_by", {{"type", "string"}}},
          {"pagination",
           {{"type", "object"},
            {"properties",
             {{"count", {{"type", "integer"}}}, {"total_count", {{"type", "integer"}}}}}}}}}};
    return {
        {"schemas",
         {{"Status", status_schema()}, {"Error", std::move(error)}, {"Extra", std::move(extra)}}},
        {"securitySchemes",
         {{"token",
           {{"type", "http"},
            {"scheme", "bearer"},
            {"description", "A personal or a service token; `Token …` is understood too."}}}}}};
}

json::object answer_schema(const Route& route) {
    auto data = route.data.empty() ? json::object{} : route.data;
    if (route.answer == Route::Answer::raw) return data;
    json::object properties{{"status", reference("Status")}};
    json::array required{"status", "data"};
    if (route.answer == Route::Answer::list) {
        properties["data"] = {{"type", "array"}, {"items", std::move(data)}};
        properties["extra"] = reference("Extra");
        required.emplace_back("extra");
    } else {
        properties["data"] = std::move(data);
    }
    return {{"type", "object"}, {"required", required}, {"properties", std::move(properties)}};
}

json::object json_content(json::object schema) {
    return {{"application/json", {{"schema", std::move(schema)}}}};
}

bool names_an_id(std::string_view parameter) {
    return parameter == "id" || parameter == "index" ||
           (parameter.ends_with("_id") && parameter != "subscription_id" &&
            parameter != "event_id" && parameter != "receipt_id" && parameter != "scim_id");
}

// Parameters of the path in order, then those of the query.
json::array parameters(const Route& route) {
    json::array list;
    for (std::size_t at = 0; (at = route.pattern.find('{', at)) != route.pattern.npos; ++at) {
        auto name = route.pattern.substr(at + 1, route.pattern.find('}', at) - at - 1);
        if (name.ends_with("...")) name.resize(name.size() - 3);
        json::object schema{{"type", names_an_id(name) ? "integer" : "string"}};
        if (!names_an_id(name)) schema["minLength"] = 1;
        list.push_back(json::object{
            {"name", name}, {"in", "path"}, {"required", true}, {"schema", std::move(schema)}});
    }
    for (const auto& name : route.query) {
        bool number = name == "limit" || name == "offset";
        json::object schema{{"type", number ? "integer" : "string"}};
        if (number) schema["minimum"] = 0;
        list.push_back(
            json::object{{"name", name}, {"in", "query"}, {"schema", std::move(schema)}});
    }
    return list;
}

json::object operation(const Route& route) {
    auto errors = json_content(reference("Error"));
    if (route.media != "application/json") errors[route.media] = json::object{};
    json::object content{{route.media, {{"schema", answer_schema(route)}}}};
    json::object responses{
        {"200", {{"description", "What was asked for"}, {"content", std::move(content)}}},
        {"default",
         {{"description", "What is wrong, and the way out"}, {"content", std::move(errors)}}}};
    json::object operation{{"summary", route.summary},
                           {"parameters", parameters(route)},
                           {"responses", std::move(responses)}};
    if (!route.body.empty())
        operation["requestBody"] = {{"required", route.body.contains("required")},
                                    {"content", json_content(route.body)}};
    if (route.need.access != Access::none)
        operation["x-permission"] = {
            {"area", name_of(route.need.area)},
            {"access", route.need.access == Access::write ? "write" : "read"}};
    return operation;
}

std::string path_of(const Route& route) {
    auto path = route.pattern;
    if (auto rest = path.find("...}"); rest != path.npos) path.erase(rest, 3);
    return path;
}

std::string lower(std::string text) {
    std::ranges::transform(text, text.begin(), [](unsigned char c) { return std::tolower(c); });
    return text;
}

}  // namespace

json::object openapi_document(const std::deque<Route>& routes) {
    json::object paths;
    for (const auto& route : routes) {
        // The web application's own calls are nobody's contract.
        if (route.pattern.starts_with("/api/ui/")) continue;
        auto& place = paths[path_of(route)];
        if (place.is_null()) place = json::object{};
        place.as_object()[lower(route.method)] = operation(route);
    }
    return {{"openapi", "3.1.0"},
            {"info",
             {{"title", "Millwright"},
              {"version", "1"},
              {"description",
               "dbt Cloud's API, on your own machines. Paths end in a slash or do "
               "not; both are served."}}},
            {"security", json::array{json::object{{"token", json::array{}}}}},
            {"paths", std::move(paths)},
            {"components", components()}};
}

void add_openapi_endpoint(Api& api) {
    auto document = std::make_shared<std::string>(json::serialize(openapi_document(api.routes())));
    api.open().add("GET", "/api/openapi.json", [document](http::Request&) -> Reply {
        http::Response response;
        response.headers["content-type"] = "application/json";
        response.body = *document;
        co_return response;
    });
}

}  // namespace mw::api
