#include "features/users/user_api.hpp"

#include "api/example_schema.hpp"
#include "api/list_reply.hpp"
#include "base/described_schema.hpp"
#include "features/accounts/account_store.hpp"
#include "features/audit/audit_store.hpp"
#include "features/groups/giving.hpp"
#include "features/groups/group_store.hpp"
#include "features/users/may_change.hpp"
#include "features/users/user_json.hpp"
#include "features/users/user_store.hpp"

namespace mw::users {
namespace {

using api::Area;

class UserApi {
  public:
    explicit UserApi(pg::Pool& pool) : pool_(pool) {}

    api::Reply list(api::Call& call) {
        MW_CO_TRY(auto page, co_await api::fetch_page<User>(pool_, call, user_list()));
        std::vector<Id> ids;
        for (const auto& user : page.rows)
            ids.push_back(user.id);
        MW_CO_TRY(auto lease, co_await pool_.acquire());
        MW_CO_TRY(auto groups, co_await groups::groups_of(*lease, call.account_id, ids));
        boost::json::array data;
        for (const auto& user : page.rows)
            data.push_back(user_json(user, call.account_id, groups[user.id]));
        co_return api::success_list(std::move(data), page.query, page.total_count, call.account_id);
    }

    api::Reply get(api::Call& call) {
        MW_CO_TRY(auto id, call.id("id"));
        // One's own is everybody's to see.
        if (call.caller.user_id != id) MW_CO_CHECK(call.permit(api::reads(Area::members)));
        MW_CO_TRY(auto json, co_await view(call, id));
        co_return api::success(std::move(json));
    }

    api::Reply me(api::Call& call) {
        if (!call.caller.user_id)
            co_return fail(Errc::forbidden, "A service token belongs to no user.");
        MW_CO_TRY(auto json, co_await view(call, *call.caller.user_id));
        co_return api::success({{"user", std::move(json)}});
    }

    // One's own names.
    api::Reply rename(api::Call& call) {
        MW_CO_TRY(auto id, call.id("id"));
        if (call.caller.user_id != id) co_return api::not_found();
        MW_CO_TRY(auto user, co_await find_user(pool_, call.account_id, id));
        if (!user) co_return api::not_found();
        MW_CO_TRY(auto body, call.body());
        JsonReader in(body);
        in.keep("first_name", user->first_name, {0, 150});
        in.keep("last_name", user->last_name, {0, 150});
        MW_CO_CHECK(in.finish());
        auto work = [&](pg::Connection& tx) -> asio::awaitable<result<>> {
            MW_CO_CHECK(co_await set_names(tx, id, user->first_name, user->last_name));
            co_return co_await audit::record(tx, call.caller, {"user.updated", "user", id});
        };
        MW_CO_CHECK(co_await pg::with_tx(pool_, work));
        MW_CO_TRY(auto json, co_await view(call, id));
        co_return api::success(std::move(json));
    }

    // A member's licence; state 2 takes them out of the account.
    api::Reply set_license(api::Call& call) {
        MW_CO_TRY(auto id, call.id("id"));
        MW_CO_TRY(auto body, call.body());
        JsonReader in(body);
        std::string license_type;
        int state = 1;
        in.required("license_type", license_type);
        in.keep("state", state, {1, 2});
        if (!license_type.empty() && !api::parse_license(license_type))
            in.error("license_type", "must be developer, read_only, analyst or it");
        MW_CO_CHECK(in.finish());
        auto work = [&](pg::Connection& tx) -> asio::awaitable<result<Id>> {
            MW_CO_TRY(auto user_id, co_await find_user_of_membership(tx, call.account_id, id));
            if (!user_id) co_return api::not_found();
            if (call.caller.user_id == user_id)
                co_return fail_field("id", "is your own; somebody else has to change it");
            MW_CO_CHECK(co_await check_may_change(tx, call.caller, *user_id));
            MW_CO_CHECK(co_await set_membership(tx, id, license_type, state));
            MW_CO_CHECK(
                co_await audit::record(tx, call.caller,
                                       {state == 2 ? "user.removed" : "user.license_changed",
                                        "user",
                                        *user_id,
                                        {{"license_type", license_type}}}));
            co_return *user_id;
        };
        MW_CO_TRY(auto user_id, co_await pg::with_tx(pool_, work));
        if (state == 2)
            co_return api::success({{"id", id},
                                    {"account_id", call.account_id},
                                    {"user_id", user_id},
                                    {"license_type", license_type},
                                    {"state", 2},
                                    {"groups", boost::json::array{}}});
        MW_CO_TRY(auto user, co_await find_user(pool_, call.account_id, user_id));
        if (!user) co_return api::not_found();
        MW_CO_TRY(auto groups, co_await groups_of(call, user_id));
        co_return api::success(membership_json(*user, call.account_id, groups));
    }

    // Seats by licence; 0 seats in the account means as many as one likes.
    api::Reply licenses(api::Call& call) {
        MW_CO_TRY(auto account, co_await accounts::find_account(pool_, call.account_id));
        if (!account) co_return api::not_found();
        MW_CO_TRY(auto counts, co_await count_licenses(pool_, call.account_id));
        boost::json::object kinds;
        auto add = [&](std::string_view kind, int seats) {
            int in_use = 0;
            for (const auto& count : counts)
                if (count.license_type == kind) in_use = count.in_use;
            kinds[kind] = {{"limited", seats > 0},
                           {"over_limit", seats > 0 && in_use > seats},
                           {"total", seats},
                           {"in_use", in_use},
                           {"available", std::max(seats - in_use, 0)},
                           {"assigned", in_use},
                           {"enterprise_plan", true}};
        };
        add("developer", account->developer_seats);
        add("read_only", account->read_only_seats);
        add("it", account->it_seats);
        add("analyst", 0);
        add("explorer", 0);
        co_return api::success_all({std::move(kinds)}, call.account_id);
    }

  private:
    asio::awaitable<result<std::vector<groups::Group>>> groups_of(const api::Call& call, Id id) {
        MW_CO_TRY(auto lease, co_await pool_.acquire());
        co_return co_await groups::groups_of(*lease, call.account_id, id);
    }

    asio::awaitable<result<boost::json::object>> view(const api::Call& call, Id id) {
        MW_CO_TRY(auto user, co_await find_user(pool_, call.account_id, id));
        if (!user) co_return api::not_found();
        MW_CO_TRY(auto groups, co_await groups_of(call, id));
        co_return user_json(*user, call.account_id, groups);
    }

    pg::Pool& pool_;
};

}  // namespace

void add_user_endpoints(api::Api& api, pg::Pool& pool) {
    using How = api::Route::Answer;
    auto users = std::make_shared<UserApi>(pool);
    auto get = [users](api::Call& call) { return users->get(call); };
    auto schema = api::schema_like(user_json(User{}, 0, {}));
    for (std::string version : {"v2", "v3"}) {
        auto path = "/api/" + version + "/accounts/{account_id}/users/";
        api.get(path, api::reads(Area::members),
                [users](api::Call& call) { return users->list(call); })
            .says("List the account's users")
            .gives(How::list, schema)
            .asks({"limit", "offset", "order_by"});
        api.get(path + "{id}/", api::signed_in(), get).says("Get a user").gives(How::one, schema);
    }
    api.get("/api/v2/users/{id}/", api::signed_in(), get)
        .says("Get a user of the token's account")
        .gives(How::one, schema);
    api.post("/api/v2/users/{id}/", api::signed_in(),
             [users](api::Call& call) { return users->rename(call); })
        .says("Change one's own names")
        .takes({{"type", "object"},
                {"properties",
                 {{"first_name", {{"type", "string"}}}, {"last_name", {{"type", "string"}}}}}})
        .gives(How::one, schema);
    api.get("/api/v2/whoami/", api::signed_in(),
            [users](api::Call& call) { return users->me(call); })
        .says("Who the token belongs to")
        .gives(How::one, {{"type", "object"}, {"properties", {{"user", schema}}}});
    api.post("/api/v2/accounts/{account_id}/permissions/{id}/", api::writes(Area::licenses),
             [users](api::Call& call) { return users->set_license(call); })
        .says("Give a member another licence, or take them out of the account")
        .takes({{"type", "object"},
                {"required", {"license_type"}},
                {"properties",
                 {{"license_type",
                   {{"type", "string"}, {"enum", {"developer", "read_only", "analyst", "it"}}}},
                  {"state", {{"type", "integer"}, {"enum", {1, 2}}}}}}})
        .gives(How::one, {{"type", "object"}});
    api.get("/api/v2/accounts/{account_id}/licenses/", api::reads(Area::licenses),
            [users](api::Call& call) { return users->licenses(call); })
        .says("Seats by licence")
        .gives(How::list, {{"type", "object"}});
}

}  // namespace mw::users
