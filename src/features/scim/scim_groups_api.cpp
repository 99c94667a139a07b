#include <fmt/format.h>

#include "features/audit/audit_store.hpp"
#include "features/scim/scim_api.hpp"
#include "features/scim/scim_patch.hpp"
#include "features/scim/scim_routes.hpp"
#include "features/scim/scim_store.hpp"

namespace mw::scim {
namespace {

class GroupsApi {
  public:
    explicit GroupsApi(pg::Pool& pool) : pool_(pool) {}

    api::Reply list(api::Call& call) {
        MW_CO_TRY(auto query, read_query(call.request, "displayName"));
        MW_CO_TRY(auto lease, co_await pool_.acquire());
        MW_CO_TRY(auto total, co_await count_groups(*lease, call.account_id, query));
        MW_CO_TRY(auto groups, co_await list_groups(*lease, call.account_id, query));
        boost::json::array resources;
        for (const auto& group : groups) {
            MW_CO_TRY(auto members, co_await members_of(*lease, call.account_id, group.id));
            resources.push_back(group_json(group, members, call.account_id));
        }
        co_return scim_response(200, list_json(std::move(resources), total, query.start_index));
    }

    api::Reply get(api::Call& call) {
        MW_CO_TRY(auto id, call.id("scim_id"));
        MW_CO_TRY(auto lease, co_await pool_.acquire());
        co_return co_await answer(*lease, call, id, 200);
    }

    api::Reply create(api::Call& call) {
        MW_CO_TRY(auto body, call.body());
        GroupState state;
        MW_CO_CHECK(read_group(body, state));
        auto work = [&](pg::Connection& tx) -> Awaitable<http::Response> {
            auto made = co_await insert_group(tx, call.account_id, state.group);
            if (!made && made.error().code == Errc::conflict)
                co_return fail(Errc::conflict,
                               fmt::format("There is a group {} already.", state.group.name));
            if (!made) co_return fail(made.error());
            state.group.id = *made;
            MW_CO_CHECK(co_await fill(tx, call, state));
            MW_CO_CHECK(co_await record(tx, call, "scim_group.created", state.group));
            co_return co_await answer(tx, call, state.group.id, 201);
        };
        co_return co_await pg::with_tx(pool_, work);
    }

    api::Reply replace(api::Call& call) { return change(call, read_group); }
    api::Reply patch(api::Call& call) { return change(call, patch_group); }

    api::Reply remove(api::Call& call) {
        MW_CO_TRY(auto id, call.id("scim_id"));
        auto work = [&](pg::Connection& tx) -> Awaitable<> {
            MW_CO_TRY(auto group, co_await find_group(tx, call.account_id, id));
            if (!group) co_return api::not_found();
            MW_CO_CHECK(co_await end_group(tx, id));
            co_return co_await record(tx, call, "scim_group.deleted", *group);
        };
        MW_CO_CHECK(co_await pg::with_tx(pool_, work));
        http::Response response;
        response.status = 204;
        co_return response;
    }

  private:
    using Apply = result<> (*)(const RequestBody&, GroupState&);

    api::Reply change(api::Call& call, Apply apply) {
        MW_CO_TRY(auto id, call.id("scim_id"));
        MW_CO_TRY(auto body, call.body());
        auto work = [&](pg::Connection& tx) -> Awaitable<http::Response> {
            GroupState state;
            MW_CO_TRY(auto group, co_await find_group(tx, call.account_id, id));
            if (!group) co_return api::not_found();
            state.group = *group;
            MW_CO_TRY(auto members, co_await members_of(tx, call.account_id, id));
            for (const auto& member : members)
                state.members.insert(member.id);
            MW_CO_CHECK(apply(body, state));
            auto updated = co_await update_group(tx, state.group);
            if (!updated && updated.error().code == Errc::conflict)
                co_return fail(Errc::conflict,
                               fmt::format("There is a group {} already.", state.group.name));
            if (!updated) co_return fail(updated.error());
            MW_CO_CHECK(co_await fill(tx, call, state));
            MW_CO_CHECK(co_await record(tx, call, "scim_group.updated", state.group));
            co_return co_await answer(tx, call, id, 200);
        };
        co_return co_await pg::with_tx(pool_, work);
    }

    static Awaitable<> fill(pg::Connection& tx, const api::Call& call, const GroupState& state) {
        std::vector<Id> ids(state.members.begin(), state.members.end());
        MW_CO_TRY(auto known, co_await known_members(tx, call.account_id, ids));
        for (auto id : ids)
            if (!known.contains(id))
                co_return fail_field("members", fmt::format("there is no user {}", id));
        co_return co_await set_members(tx, state.group.id, ids);
    }

    static Awaitable<http::Response> answer(pg::Connection& connection, const api::Call& call,
                                            Id id, int status) {
        MW_CO_TRY(auto group, co_await find_group(connection, call.account_id, id));
        if (!group) co_return api::not_found();
        MW_CO_TRY(auto members, co_await members_of(connection, call.account_id, id));
        co_return scim_response(status, group_json(*group, members, call.account_id));
    }

    static Awaitable<> record(pg::Connection& tx, const api::Call& call, std::string_view event,
                              const Group& group) {
        co_return co_await audit::record(tx, call.caller,
                                         {event, "group", group.id, {{"name", group.name}}});
    }

    pg::Pool& pool_;
};

}  // namespace

void add_scim_group_endpoints(api::Api& api, pg::Pool& pool) {
    add_scim_resource(api, std::make_shared<GroupsApi>(pool),
                      {.path = "Groups",
                       .plural = "groups",
                       .one = "a group",
                       .change = "change a group and who is in it"});
}

}  // namespace mw::scim
