#include "features/scim/scim_patch.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "api/grants.hpp"

namespace mw::scim {
namespace {

using boost::json::object;
using boost::json::value;

constexpr std::size_t kOperationsMax = 1000;

std::string lower(std::string_view text) {
    std::string made(text);
    std::ranges::transform(made, made.begin(), [](unsigned char c) { return std::tolower(c); });
    return made;
}

result<std::string> text_of(std::string_view name, const value& given) {
    if (!given.is_string()) return fail_field(std::string(name), "must be a text");
    if (given.get_string().find('\0') != given.get_string().npos || given.get_string().size() > 320)
        return fail_field(std::string(name), "is too long or holds a NUL character");
    return std::string(given.get_string());
}

// Some providers send "True".
result<bool> flag_of(std::string_view name, const value& given) {
    if (given.is_bool()) return given.get_bool();
    if (given.is_string()) {
        auto text = lower(given.get_string());
        if (text == "true" || text == "false") return text == "true";
    }
    return fail_field(std::string(name), "must be true or false");
}

result<> set_name(const object& name, Person& person) {
    if (const auto* given = name.if_contains("givenName"); given && !given->is_null()) {
        MW_TRY(person.first_name, text_of("name.givenName", *given));
    }
    if (const auto* given = name.if_contains("familyName"); given && !given->is_null()) {
        MW_TRY(person.last_name, text_of("name.familyName", *given));
    }
    return {};
}

result<> set_license(const value& given, Person& person) {
    MW_TRY(auto license, text_of("licenseType", given));
    if (!api::parse_license(license))
        return fail_field("licenseType", "must be developer, read_only, analyst or it");
    person.license_type = license;
    return {};
}

// One attribute by its path, whichever operation brings it.
result<> set_attribute(const std::string& path, const value& given, Person& person) {
    auto name = lower(path);
    if (name == "active") {
        MW_TRY(person.active, flag_of(path, given));
    } else if (name == "username") {
        MW_TRY(auto email, text_of(path, given));
        person.email = lower(email);
    } else if (name == "externalid") {
        MW_TRY(person.external_id, text_of(path, given));
    } else if (name == "name.givenname") {
        MW_TRY(person.first_name, text_of(path, given));
    } else if (name == "name.familyname") {
        MW_TRY(person.last_name, text_of(path, given));
    } else if (name == "name" && given.is_object()) {
        return set_name(given.get_object(), person);
    } else if (name == lower(kLicenseSchema) && given.is_object()) {
        if (const auto* license = given.get_object().if_contains("licenseType"))
            return set_license(*license, person);
    } else if (name == lower(std::string(kLicenseSchema) + ":licenseType")) {
        return set_license(given, person);
    }
    // What there is no place for (displayName, emails, locale) is taken and left.
    return {};
}

result<> check_person(const Person& person) {
    auto at = person.email.find('@');
    if (at == std::string::npos || at == 0 || at + 1 == person.email.size())
        return fail_field("userName", "must be an e-mail address");
    return {};
}

struct Operation {
    std::string op;
    std::string path;
    value given;
};

result<std::vector<Operation>> operations_of(const RequestBody& body) {
    const auto* whole = body.value.if_object();
    const auto* list = whole ? whole->if_contains("Operations") : nullptr;
    if (!list || !list->is_array()) return fail_field("Operations", "must be a list");
    if (list->get_array().size() > kOperationsMax)
        return fail_field("Operations", "has more than 1000 items");
    std::vector<Operation> operations;
    for (const auto& item : list->get_array()) {
        const auto* object_item = item.if_object();
        if (!object_item) return fail_field("Operations", "must be objects");
        Operation operation;
        if (const auto* op = object_item->if_contains("op"); op && op->is_string())
            operation.op = lower(op->get_string());
        if (operation.op != "add" && operation.op != "replace" && operation.op != "remove")
            return fail_field("Operations", "op must be add, replace or remove");
        if (const auto* path = object_item->if_contains("path"); path && path->is_string())
            operation.path = std::string(path->get_string());
        if (const auto* given = object_item->if_contains("value")) operation.given = *given;
        operations.push_back(std::move(operation));
    }
    return operations;
}

result<std::set<Id>> members_of(const value& given) {
    std::set<Id> ids;
    auto add = [&](const value& item) -> result<> {
        const auto* entry = item.if_object();
        const auto* id = entry ? entry->if_contains("value") : &item;
        std::optional<Id> parsed;
        if (id && id->is_string()) parsed = parse_id(std::string_view(id->get_string()));
        if (id && id->is_int64() && id->get_int64() > 0) parsed = id->get_int64();
        if (!parsed) return fail_field("members", "must name users by their ids");
        ids.insert(*parsed);
        return {};
    };
    if (given.is_array()) {
        for (const auto& item : given.get_array())
            MW_CHECK(add(item));
    } else {
        MW_CHECK(add(given));
    }
    return ids;
}

// `members[value eq "7"]`
std::optional<Id> filtered_member(std::string_view path) {
    auto open = path.find('"');
    auto close = path.rfind('"');
    if (!path.starts_with("members[") || open == path.npos || close <= open) return std::nullopt;
    return parse_id(path.substr(open + 1, close - open - 1));
}

result<> apply_members(const Operation& operation, std::set<Id>& members) {
    if (auto one = filtered_member(operation.path)) {
        if (operation.op == "remove") members.erase(*one);
        return {};
    }
    if (operation.op == "remove" && operation.given.is_null()) {
        members.clear();
        return {};
    }
    MW_TRY(auto ids, members_of(operation.given));
    if (operation.op == "replace") members.clear();
    for (auto id : ids)
        if (operation.op == "remove")
            members.erase(id);
        else
            members.insert(id);
    return {};
}

result<> set_group_attribute(const std::string& name, const value& given, Group& group) {
    if (lower(name) == "displayname") {
        MW_TRY(group.name, text_of("displayName", given));
    } else if (lower(name) == "externalid") {
        MW_TRY(group.external_id, text_of("externalId", given));
    }
    return {};
}

}  // namespace

result<> read_person(const RequestBody& body, Person& person) {
    const auto* whole = body.value.if_object();
    if (!whole) return fail_field("body", "must be an object");
    for (const auto& [name, given] : *whole)
        if (!given.is_null()) MW_CHECK(set_attribute(std::string(name), given, person));
    return check_person(person);
}

result<> patch_person(const RequestBody& body, Person& person) {
    MW_TRY(auto operations, operations_of(body));
    for (const auto& operation : operations) {
        if (operation.op == "remove") continue;  // nothing here can be without its value
        if (!operation.path.empty()) {
            MW_CHECK(set_attribute(operation.path, operation.given, person));
        } else if (const auto* attributes = operation.given.if_object()) {
            for (const auto& [name, given] : *attributes)
                MW_CHECK(set_attribute(std::string(name), given, person));
        }
    }
    return check_person(person);
}

result<> read_group(const RequestBody& body, GroupState& state) {
    const auto* whole = body.value.if_object();
    if (!whole) return fail_field("body", "must be an object");
    state.members.clear();
    for (const auto& [name, given] : *whole) {
        if (given.is_null()) continue;
        if (lower(name) == "members") {
            MW_TRY(state.members, members_of(given));
        } else {
            MW_CHECK(set_group_attribute(std::string(name), given, state.group));
        }
    }
    if (state.group.name.empty()) return fail_field("displayName", "is required");
    return {};
}

result<> patch_group(const RequestBody& body, GroupState& state) {
    MW_TRY(auto operations, operations_of(body));
    for (const auto& operation : operations) {
        if (lower(operation.path).starts_with("members")) {
            MW_CHECK(apply_members(operation, state.members));
        } else if (!operation.path.empty()) {
            if (operation.op != "remove")
                MW_CHECK(set_group_attribute(operation.path, operation.given, state.group));
        } else if (const auto* attributes = operation.given.if_object()) {
            for (const auto& [name, given] : *attributes)
                MW_CHECK(lower(name) == "members"
                             ? apply_members({operation.op, "members", given}, state.members)
                             : set_group_attribute(std::string(name), given, state.group));
        }
    }
    if (state.group.name.empty()) return fail_field("displayName", "is required");
    return {};
}

}  // namespace mw::scim
