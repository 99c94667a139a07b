#include <fmt/format.h>

#include "features/audit/audit_store.hpp"
#include "features/groups/group_store.hpp"
#include "features/scim/scim_api.hpp"
#include "features/scim/scim_patch.hpp"
#include "features/scim/scim_routes.hpp"
#include "features/scim/scim_store.hpp"
#include "features/users/user_store.hpp"

namespace mw::scim {
namespace {

class UsersApi {
  public:
    explicit UsersApi(pg::Pool& pool) : pool_(pool) {}

    api::Reply list(api::Call& call) {
        MW_CO_TRY(auto query, read_query(call.request, "userName"));
        MW_CO_TRY(auto lease, co_await pool_.acquire());
        MW_CO_TRY(auto total, co_await count_people(*lease, call.account_id, query));
        MW_CO_TRY(auto people, co_await list_people(*lease, call.account_id, query));
        boost::json::array resources;
        for (const auto& person : people) {
            MW_CO_TRY(auto in, co_await groups_of(*lease, call.account_id, person.id));
            resources.push_back(person_json(person, in, call.account_id));
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
        Person person;
        MW_CO_CHECK(read_person(body, person));
        auto work = [&](pg::Connection& tx) -> Awaitable<http::Response> {
            MW_CO_TRY(auto known, co_await user_with_email(tx, person.email));
            if (known) {
                MW_CO_TRY(auto member, co_await find_person(tx, call.account_id, *known));
                if (member && member->active)
                    co_return fail(Errc::conflict,
                                   fmt::format("{} is a member already.", person.email));
                // Somebody of another account is not an identity provider's of this one to take.
                if (!member)
                    co_return fail(Errc::conflict,
                                   fmt::format("{} has an account elsewhere.", person.email));
                person.id = *known;
            } else {
                MW_CO_TRY(person.id,
                          co_await users::insert_user(tx, {person.email, person.first_name,
                                                           person.last_name, std::nullopt}));
                MW_CO_CHECK(
                    co_await users::insert_member(tx, {.account_id = call.account_id,
                                                       .user_id = person.id,
                                                       .license_type = person.license_type}));
                MW_CO_CHECK(
                    co_await groups::join_first_groups(tx, call.account_id, person.id, false));
            }
            MW_CO_CHECK(co_await update_person(tx, call.account_id, person));
            MW_CO_CHECK(co_await record(tx, call, "scim_user.created", person));
            co_return co_await answer(tx, call, person.id, 201);
        };
        co_return co_await pg::with_tx(pool_, work);
    }

    api::Reply replace(api::Call& call) { return change(call, read_person); }
    api::Reply patch(api::Call& call) { return change(call, patch_person); }

    // Gone from the account; the person stays, with what they have done.
    api::Reply remove(api::Call& call) {
        MW_CO_TRY(auto id, call.id("scim_id"));
        auto work = [&](pg::Connection& tx) -> Awaitable<> {
            MW_CO_TRY(auto person, co_await find_person(tx, call.account_id, id));
            if (!person) co_return api::not_found();
            MW_CO_CHECK(check_not_self(call, id));
            person->active = false;
            MW_CO_CHECK(co_await update_person(tx, call.account_id, *person));
            co_return co_await record(tx, call, "scim_user.deleted", *person);
        };
        MW_CO_CHECK(co_await pg::with_tx(pool_, work));
        http::Response response;
        response.status = 204;
        co_return response;
    }

  private:
    using Apply = result<> (*)(const RequestBody&, Person&);

    api::Reply change(api::Call& call, Apply apply) {
        MW_CO_TRY(auto id, call.id("scim_id"));
        MW_CO_TRY(auto body, call.body());
        auto work = [&](pg::Connection& tx) -> Awaitable<http::Response> {
            MW_CO_TRY(auto person, co_await find_person(tx, call.account_id, id));
            if (!person) co_return api::not_found();
            auto before = *person;
            MW_CO_CHECK(apply(body, *person));
            if (!person->active) MW_CO_CHECK(check_not_self(call, id));
            if (person->email != before.email) {
                MW_CO_TRY(auto known, co_await user_with_email(tx, person->email));
                if (known)
                    co_return fail(Errc::conflict,
                                   fmt::format("{} is somebody else's.", person->email));
            }
            MW_CO_CHECK(co_await update_person(tx, call.account_id, *person));
            MW_CO_CHECK(co_await record(tx, call, "scim_user.updated", *person));
            co_return co_await answer(tx, call, id, 200);
        };
        co_return co_await pg::with_tx(pool_, work);
    }

    static result<> check_not_self(const api::Call& call, Id id) {
        if (call.caller.user_id != id) return {};
        return fail_field("active", "can't be ended for yourself");
    }

    static Awaitable<http::Response> answer(pg::Connection& connection, const api::Call& call,
                                            Id id, int status) {
        MW_CO_TRY(auto person, co_await find_person(connection, call.account_id, id));
        if (!person) co_return api::not_found();
        MW_CO_TRY(auto in, co_await groups_of(connection, call.account_id, id));
        co_return scim_response(status, person_json(*person, in, call.account_id));
    }

    static Awaitable<> record(pg::Connection& tx, const api::Call& call, std::string_view event,
                              const Person& person) {
        co_return co_await audit::record(tx, call.caller,
                                         {event, "user", person.id, {{"email", person.email}}});
    }

    pg::Pool& pool_;
};

}  // namespace

void add_scim_user_endpoints(api::Api& api, pg::Pool& pool) {
    add_scim_resource(api, std::make_shared<UsersApi>(pool),
                      {.path = "Users",
                       .plural = "users",
                       .one = "a user",
                       .removal = "take a user out of the account"});
}

}  // namespace mw::scim
