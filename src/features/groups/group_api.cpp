#include "features/groups/group_api.hpp"

#include <fmt/format.h>

#include "features/audit/audit_store.hpp"
#include "features/groups/giving.hpp"
#include "features/groups/group_store.hpp"
#include "features/resources/resource_api.hpp"

namespace mw::groups {
namespace {

using api::Area;

resources::Resource<Group> groups() {
    using resources::field;
    return {.noun = "group",
            .table = "groups",
            .area = Area::groups,
            .fields = {field(&Group::name, {.required = true, .most = 255}),
                       field(&Group::assign_by_default), field(&Group::sso_mapping_groups)},
            .json = group_json,
            .written = [](resources::Change<Group>& change) -> Awaitable<> {
                if (change.is_removal())
                    MW_CO_CHECK(co_await replace_permissions(change.tx, change.row.account_id,
                                                             change.row.id, {}));
                co_return result<>{};
            },
            .relate = [](pg::Pool& pool, const api::Call&, const Group& group,
                         boost::json::object& json) -> Awaitable<> {
                MW_CO_TRY(auto lease, co_await pool.acquire());
                MW_CO_TRY(auto permissions, co_await permissions_of(*lease, group.id));
                auto& list = json["group_permissions"].as_array();
                for (const auto& permission : permissions)
                    list.push_back(group_permission_json(permission));
                MW_CO_TRY(json["member_count"], co_await count_members(*lease, group.id));
                co_return result<>{};
            }};
}

boost::json::array as_json(const std::vector<GroupPermission>& permissions) {
    boost::json::array list;
    for (const auto& permission : permissions)
        list.push_back(group_permission_json(permission));
    return list;
}

// The list is all that the group gives from now on.
api::Reply replace(pg::Pool& pool, api::Call& call) {
    MW_CO_TRY(auto id, call.id("group_id"));
    MW_CO_TRY(auto body, call.body());
    // One alone is a list of one.
    auto list = body.value.is_array() ? body.value : boost::json::array{body.value};
    MW_CO_TRY(auto grants, read_grants(list, {}));
    auto work = [&](pg::Connection& tx) -> Awaitable<std::vector<GroupPermission>> {
        MW_CO_TRY(auto group, co_await find_group(tx, call.account_id, id));
        if (!group) co_return api::not_found();
        MW_CO_CHECK(co_await replace_permissions(tx, call.account_id, id, grants));
        MW_CO_CHECK(co_await audit::record(
            tx, call.caller, {"group.permissions_changed", "group", id, {{"name", group->name}}}));
        co_return co_await permissions_of(tx, id);
    };
    MW_CO_TRY(auto permissions, co_await pg::with_tx(pool, work));
    co_return api::success_all(as_json(permissions), call.account_id);
}

// One more, in this project: what who administers a project may give there.
api::Reply add_in_project(pg::Pool& pool, api::Call& call) {
    MW_CO_TRY(auto project_id, call.id("project_id"));
    MW_CO_TRY(auto body, call.body());
    JsonReader in(body);
    Id group_id = 0;
    GrantInput grant;
    in.required("group_id", group_id, {1, (std::int64_t{1} << 53) - 1});
    read_grant(in, grant);
    grant.project_id = project_id;
    const auto* set = api::find_permission_set(grant.permission_set);
    if (set && set->of_account)
        in.error("permission_set", "is for the whole account and can't be given in a project");
    MW_CO_CHECK(in.finish());
    auto work = [&](pg::Connection& tx) -> Awaitable<GroupPermission> {
        MW_CO_TRY(auto group, co_await find_group(tx, call.account_id, group_id));
        if (!group) co_return fail_field("group_id", "there is no such group");
        MW_CO_CHECK(co_await check_projects(tx, call.account_id, {grant}));
        MW_CO_CHECK(co_await audit::record(
            tx, call.caller,
            {"group.permissions_changed", "group", group_id, {{"name", group->name}}}));
        co_return co_await add_permission(tx, call.account_id, group_id, grant);
    };
    MW_CO_TRY(auto permission, co_await pg::with_tx(pool, work));
    co_return api::success(group_permission_json(permission));
}

// Groups that are left or joined.
std::vector<Id> difference(const std::vector<Group>& before, const std::vector<Id>& after) {
    std::vector<Id> changed;
    for (const auto& group : before)
        if (std::ranges::find(after, group.id) == after.end()) changed.push_back(group.id);
    for (auto id : after)
        if (std::ranges::find(before, id, &Group::id) == before.end()) changed.push_back(id);
    return changed;
}

// Puts a user into exactly these groups.
api::Reply assign(pg::Pool& pool, api::Call& call) {
    MW_CO_TRY(auto body, call.body());
    JsonReader in(body);
    Id user_id = 0;
    std::vector<Id> wanted;
    in.required("user_id", user_id);
    in.keep("desired_group_ids", wanted);
    if (!in.has("desired_group_ids")) in.error("desired_group_ids", "is required");
    MW_CO_CHECK(in.finish());
    auto work = [&](pg::Connection& tx) -> Awaitable<std::vector<Group>> {
        MW_CO_TRY(bool member, co_await is_member(tx, call.account_id, user_id));
        if (!member) co_return fail_field("user_id", "is no member of this account");
        MW_CO_TRY(auto known, co_await known_groups(tx, call.account_id, wanted));
        for (auto id : wanted)
            if (std::ranges::find(known, id) == known.end())
                co_return fail_field("desired_group_ids", fmt::format("there is no group {}", id));
        MW_CO_TRY(auto before, co_await groups_of(tx, call.account_id, user_id));
        MW_CO_CHECK(co_await check_may_give(tx, call.caller, difference(before, known)));
        MW_CO_CHECK(co_await set_groups_of(tx, call.account_id, user_id, known));
        MW_CO_CHECK(
            co_await audit::record(tx, call.caller, {"user.groups_changed", "user", user_id}));
        co_return co_await groups_of(tx, call.account_id, user_id);
    };
    MW_CO_TRY(auto groups, co_await pg::with_tx(pool, work));
    boost::json::array data;
    for (const auto& group : groups)
        data.push_back(group_json(group));
    co_return api::success_all(std::move(data), call.account_id);
}

api::Reply constants() {
    boost::json::object sets;
    for (const auto& set : api::permission_sets())
        sets[set.name] = set.label;
    // Clients know the misspelt name (contract 3.11).
    co_return api::success({{"permissions_sets", sets}, {"permission_sets", sets}});
}

boost::json::object grant_schema() {
    boost::json::array names;
    for (const auto& set : api::permission_sets())
        names.emplace_back(set.name);
    return {{"type", "object"},
            {"required", {"permission_set"}},
            {"properties",
             {{"permission_set", {{"type", "string"}, {"enum", std::move(names)}}},
              {"project_id", {{"type", {"integer", "null"}}}},
              {"all_projects", {{"type", "boolean"}}},
              {"writable_environment_categories",
               {{"type", "array"},
                {"items",
                 {{"type", "string"},
                  {"enum", {"all", "development", "staging", "production", "other"}}}}}}}}};
}

}  // namespace

void add_group_endpoints(api::Api& api, pg::Pool& pool) {
    using How = api::Route::Answer;
    const std::string account = "/api/v3/accounts/{account_id}/";
    resources::add_resource(api, pool, groups(), account + "groups/");
    auto permission = described_schema<GroupPermission>();
    api.post(account + "group-permissions/{group_id}/", api::writes(Area::groups),
             [&pool](api::Call& call) { return replace(pool, call); })
        .says("Replace what a group gives")
        .takes({{"type", "array"}, {"items", grant_schema()}})
        .gives(How::list, permission);
    api.post(account + "projects/{project_id}/group-permissions/", api::writes(Area::permissions),
             [&pool](api::Call& call) { return add_in_project(pool, call); })
        .says("Let a group do more in a project")
        .takes(grant_schema())
        .gives(How::one, permission);
    api.post(account + "assign-groups/", api::writes(Area::members),
             [&pool](api::Call& call) { return assign(pool, call); })
        .says("Put a user into exactly these groups")
        .takes({{"type", "object"},
                {"required", {"user_id", "desired_group_ids"}},
                {"properties",
                 {{"user_id", {{"type", "integer"}}},
                  {"desired_group_ids", {{"type", "array"}, {"items", {{"type", "integer"}}}}}}}})
        .gives(How::list, described_schema<Group>());
    api.get("/api/v2/constants/", api::signed_in(), [](api::Call&) { return constants(); })
        .says("Permission sets and their names");
}

}  // namespace mw::groups
