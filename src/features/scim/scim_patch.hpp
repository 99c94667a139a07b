// SCIM's bodies: whole resources and PATCH operations onto what there is (RFC 7644, 3.5.2). Pure.
#pragma once

#include <set>
#include <string>

#include "base/json_reader.hpp"
#include "features/scim/scim_json.hpp"

namespace mw::scim {

// A whole user. Errors: name the attribute.
result<> read_person(const RequestBody& body, Person& person);
// Operations add and replace, with a path or an object of attributes.
result<> patch_person(const RequestBody& body, Person& person);

// A group with who is in it, by ids.
struct GroupState {
    Group group;
    std::set<Id> members;
};
result<> read_group(const RequestBody& body, GroupState& state);
// Also remove, of all members, of a list, or of `members[value eq "7"]`.
result<> patch_group(const RequestBody& body, GroupState& state);

}  // namespace mw::scim
