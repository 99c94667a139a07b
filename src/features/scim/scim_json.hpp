// SCIM's messages: resources, lists, errors (RFC 7643, 7644). Pure.
#pragma once

#include <boost/describe.hpp>
#include <boost/json/object.hpp>
#include <optional>
#include <string>
#include <vector>

#include "api/api.hpp"
#include "base/ids.hpp"
#include "base/time.hpp"

namespace mw::scim {

inline constexpr const char* kMedia = "application/scim+json";
inline constexpr const char* kUserSchema = "urn:ietf:params:scim:schemas:core:2.0:User";
inline constexpr const char* kGroupSchema = "urn:ietf:params:scim:schemas:core:2.0:Group";
// dbt Cloud's own part of a user: the licence.
inline constexpr const char* kLicenseSchema =
    "urn:ietf:params:scim:schemas:extension:dbtLabs:2.0:User";
inline constexpr const char* kPatchSchema = "urn:ietf:params:scim:api:messages:2.0:PatchOp";

struct Person {
    Id id = 0;
    std::string email;
    std::string first_name;
    std::string last_name;
    std::string license_type = "developer";
    std::optional<std::string> external_id;
    bool active = true;
    Timestamp created_at;
    Timestamp updated_at;
};
BOOST_DESCRIBE_STRUCT(Person, (),
                      (id, email, first_name, last_name, license_type, external_id, active,
                       created_at, updated_at))

struct Member {
    Id id = 0;
    std::string email;
};
BOOST_DESCRIBE_STRUCT(Member, (), (id, email))

struct Group {
    Id id = 0;
    std::string name;
    std::optional<std::string> external_id;
    Timestamp created_at;
    Timestamp updated_at;
};
BOOST_DESCRIBE_STRUCT(Group, (), (id, name, external_id, created_at, updated_at))

boost::json::object person_json(const Person& person, const std::vector<Group>& groups,
                                Id account_id);
boost::json::object group_json(const Group& group, const std::vector<Member>& members,
                               Id account_id);
boost::json::object list_json(boost::json::array resources, std::int64_t total,
                              std::int64_t start_index);

http::Response scim_response(int status, const boost::json::object& body);
// What a handler answers, an error as SCIM has it.
api::Reply as_scim(api::Reply reply);

}  // namespace mw::scim
