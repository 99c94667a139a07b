#include "features/scim/scim_json.hpp"

#include <fmt/format.h>

#include <boost/json/serialize.hpp>

namespace mw::scim {
namespace {

std::string place(Id account_id, std::string_view kind, Id id) {
    return fmt::format("/api/v3/accounts/{}/scim/v2/{}/{}", account_id, kind, id);
}

boost::json::object meta(std::string_view type, Timestamp created, Timestamp updated,
                         std::string location) {
    return {{"resourceType", type},
            {"created", format_rfc3339(created)},
            {"lastModified", format_rfc3339(updated)},
            {"location", std::move(location)}};
}

// RFC 7644, 3.12.
int status_of(const Error& error) {
    switch (error.code) {
        case Errc::invalid_argument:
            return 400;
        case Errc::not_found:
            return 404;
        case Errc::conflict:
            return 409;
        default:
            return 0;  // the envelope, as everywhere
    }
}

}  // namespace

boost::json::object person_json(const Person& person, const std::vector<Group>& groups,
                                Id account_id) {
    boost::json::array in;
    for (const auto& group : groups)
        in.push_back(boost::json::object{{"value", std::to_string(group.id)},
                                         {"display", group.name},
                                         {"$ref", place(account_id, "Groups", group.id)}});
    boost::json::object json{
        {"schemas", {kUserSchema, kLicenseSchema}},
        {"id", std::to_string(person.id)},
        {"userName", person.email},
        {"active", person.active},
        {"name",
         {{"givenName", person.first_name},
          {"familyName", person.last_name},
          {"formatted", person.first_name + " " + person.last_name}}},
        {"displayName", person.first_name + " " + person.last_name},
        {"emails", boost::json::array{boost::json::object{
                       {"value", person.email}, {"primary", true}, {"type", "work"}}}},
        {"groups", std::move(in)},
        {kLicenseSchema, {{"licenseType", person.license_type}}},
        {"meta", meta("User", person.created_at, person.updated_at,
                      place(account_id, "Users", person.id))}};
    if (person.external_id) json["externalId"] = *person.external_id;
    return json;
}

boost::json::object group_json(const Group& group, const std::vector<Member>& members,
                               Id account_id) {
    boost::json::array list;
    for (const auto& member : members)
        list.push_back(boost::json::object{{"value", std::to_string(member.id)},
                                           {"display", member.email},
                                           {"$ref", place(account_id, "Users", member.id)}});
    boost::json::object json{{"schemas", {kGroupSchema}},
                             {"id", std::to_string(group.id)},
                             {"displayName", group.name},
                             {"members", std::move(list)},
                             {"meta", meta("Group", group.created_at, group.updated_at,
                                           place(account_id, "Groups", group.id))}};
    if (group.external_id) json["externalId"] = *group.external_id;
    return json;
}

boost::json::object list_json(boost::json::array resources, std::int64_t total,
                              std::int64_t start_index) {
    auto count = static_cast<std::int64_t>(resources.size());
    return {{"schemas", {"urn:ietf:params:scim:api:messages:2.0:ListResponse"}},
            {"totalResults", total},
            {"startIndex", start_index},
            {"itemsPerPage", count},
            {"Resources", std::move(resources)}};
}

http::Response scim_response(int status, const boost::json::object& body) {
    auto response = http::Response::json(status, body);
    response.headers["content-type"] = kMedia;
    return response;
}

api::Reply as_scim(api::Reply reply) {
    auto outcome = co_await std::move(reply);
    if (outcome || status_of(outcome.error()) == 0) co_return outcome;
    const auto& error = outcome.error();
    boost::json::object body{{"schemas", {"urn:ietf:params:scim:api:messages:2.0:Error"}},
                             {"status", std::to_string(status_of(error))},
                             {"detail", error.message}};
    if (error.code == Errc::conflict) body["scimType"] = "uniqueness";
    if (error.code == Errc::invalid_argument) body["scimType"] = "invalidValue";
    co_return scim_response(status_of(error), body);
}

}  // namespace mw::scim
