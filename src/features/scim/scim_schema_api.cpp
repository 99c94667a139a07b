#include "features/scim/scim_api.hpp"
#include "features/scim/scim_json.hpp"

namespace mw::scim {
namespace {

using boost::json::array;
using boost::json::object;

object resource_type(std::string_view name, std::string_view schema, array extensions) {
    return {{"schemas", {"urn:ietf:params:scim:schemas:core:2.0:ResourceType"}},
            {"id", name},
            {"name", name},
            {"endpoint", std::string("/") + std::string(name) + "s"},
            {"description", name},
            {"schema", schema},
            {"schemaExtensions", std::move(extensions)},
            {"meta", {{"resourceType", "ResourceType"}, {"location", ""}}}};
}

array resource_types() {
    return {resource_type("User", kUserSchema,
                          {object{{"schema", kLicenseSchema}, {"required", false}}}),
            resource_type("Group", kGroupSchema, {})};
}

object attribute(std::string_view name, std::string_view type, bool required, bool many = false) {
    return {{"name", name},          {"type", type},
            {"multiValued", many},   {"required", required},
            {"caseExact", false},    {"mutability", "readWrite"},
            {"returned", "default"}, {"uniqueness", name == "userName" ? "server" : "none"}};
}

object schema(std::string_view id, std::string_view name, array attributes) {
    return {{"schemas", {"urn:ietf:params:scim:schemas:core:2.0:Schema"}},
            {"id", id},
            {"name", name},
            {"description", name},
            {"attributes", std::move(attributes)},
            {"meta", {{"resourceType", "Schema"}, {"location", ""}}}};
}

array schemas() {
    return {
        schema(kUserSchema, "User",
               {attribute("userName", "string", true), attribute("name", "complex", false),
                attribute("emails", "complex", false, true), attribute("active", "boolean", false),
                attribute("externalId", "string", false)}),
        schema(
            kGroupSchema, "Group",
            {attribute("displayName", "string", true), attribute("members", "complex", false, true),
             attribute("externalId", "string", false)}),
        schema(kLicenseSchema, "License", {attribute("licenseType", "string", false)})};
}

api::Reply list_of(array resources) {
    auto total = static_cast<std::int64_t>(resources.size());
    co_return scim_response(200, list_json(std::move(resources), total, 1));
}

api::Reply one_of(array resources, std::string id) {
    for (auto& resource : resources)
        if (resource.at("id").as_string() == id) co_return scim_response(200, resource.as_object());
    co_return api::not_found();
}

// What of RFC 7644 there is.
api::Reply provider() {
    auto no = object{{"supported", false}};
    co_return scim_response(
        200, {{"schemas", {"urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"}},
              {"patch", {{"supported", true}}},
              {"bulk", {{"supported", false}, {"maxOperations", 0}, {"maxPayloadSize", 0}}},
              {"filter", {{"supported", true}, {"maxResults", 200}}},
              {"changePassword", no},
              {"sort", no},
              {"etag", no},
              {"authenticationSchemes",
               array{object{{"type", "oauthbearertoken"},
                            {"name", "Bearer token"},
                            {"description", "A token made on the account's SCIM page"}}}}});
}

}  // namespace

void add_scim_schema_endpoints(api::Api& api) {
    using How = api::Route::Answer;
    const std::string base = "/api/v3/accounts/{account_id}/scim/v2/";
    const auto reads = api::reads(api::Area::scim);
    api.get(base + "ResourceTypes", reads, [](api::Call&) { return list_of(resource_types()); })
        .says("SCIM: kinds of resources")
        .gives(How::raw)
        .in(kMedia);
    api.get(base + "ResourceTypes/{resource_type}", reads,
            [](api::Call& call) {
                return as_scim(one_of(resource_types(), call.request.path_params["resource_type"]));
            })
        .says("SCIM: a kind of resource")
        .gives(How::raw)
        .in(kMedia);
    api.get(base + "Schemas", reads, [](api::Call&) { return list_of(schemas()); })
        .says("SCIM: schemas")
        .gives(How::raw)
        .in(kMedia);
    api.get(base + "Schemas/{schema_uri}", reads,
            [](api::Call& call) {
                return as_scim(one_of(schemas(), call.request.path_params["schema_uri"]));
            })
        .says("SCIM: a schema")
        .gives(How::raw)
        .in(kMedia);
    api.get(base + "ServiceProviderConfig", reads, [](api::Call&) { return provider(); })
        .says("SCIM: what is supported")
        .gives(How::raw)
        .in(kMedia);
}

}  // namespace mw::scim
