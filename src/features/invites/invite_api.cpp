#include "features/invites/invite_api.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "api/example_schema.hpp"
#include "api/list_reply.hpp"
#include "features/audit/audit_store.hpp"
#include "features/groups/giving.hpp"
#include "features/groups/group_store.hpp"
#include "features/invites/invite_store.hpp"
#include "features/mail/letter.hpp"
#include "features/users/email.hpp"
#include "features/users/user_store.hpp"
#include "infra/crypto/password.hpp"
#include "infra/crypto/random.hpp"
#include "infra/crypto/token_hash.hpp"

namespace mw::invites {
namespace {

using api::Area;

constexpr std::size_t kAddressesMax = 100;

class InviteApi {
  public:
    InviteApi(pg::Pool& pool, BlockingPool& blocking, std::string public_url,
              std::optional<mail::Outbox> outbox)
        : pool_(pool),
          blocking_(blocking),
          public_url_(std::move(public_url)),
          outbox_(std::move(outbox)) {}

    api::Reply list(api::Call& call) {
        co_return co_await api::list_reply<Invite>(pool_, call, invite_list(), invite_json);
    }

    api::Reply get(api::Call& call) {
        MW_CO_TRY(auto id, call.id("id"));
        MW_CO_TRY(auto lease, co_await pool_.acquire());
        MW_CO_TRY(auto invite, co_await find_invite(*lease, call.account_id, id));
        if (!invite) co_return api::not_found();
        co_return api::success(invite_json(*invite));
    }

    api::Reply send(api::Call& call) {
        MW_CO_TRY(auto body, call.body());
        MW_CO_TRY(auto wanted, read(body));
        boost::json::array sent;
        boost::json::object links;
        auto work = [&](pg::Connection& tx) -> Awaitable<> {
            MW_CO_TRY(auto known,
                      co_await groups::known_groups(tx, call.account_id, wanted.group_ids));
            for (auto id : wanted.group_ids)
                if (std::ranges::find(known, id) == known.end())
                    co_return fail_field("group_ids", fmt::format("there is no group {}", id));
            // Without groups it leads into those that everybody joins, and to a member's rights if
            // whoever invites has these.
            if (wanted.group_ids.empty()) {
                const auto* member = api::find_permission_set("member");
                MW_CO_TRY(wanted.group_ids, co_await groups::first_groups(
                                                tx, call.account_id,
                                                call.caller.grants.covers(*member, std::nullopt)));
            }
            MW_CO_CHECK(co_await groups::check_may_give(tx, call.caller, wanted.group_ids));
            MW_CO_TRY(auto account, co_await name_of_account(tx, call.account_id));
            for (const auto& address : wanted.addresses) {
                MW_CO_TRY(bool member, co_await is_member(tx, call.account_id, address));
                if (member)
                    co_return fail_field("email_addresses",
                                         fmt::format("{} is a member already", address));
                auto token = crypto::random_token("mwi_");
                Invite invite;
                invite.account_id = call.account_id;
                invite.email_address = address;
                invite.license_type = wanted.license_type;
                invite.group_ids = wanted.group_ids;
                MW_CO_CHECK(co_await insert_invite(tx, invite, crypto::hash_token(token)));
                MW_CO_CHECK(co_await audit::record(
                    tx, call.caller,
                    {"invite.sent", "invite", std::nullopt, {{"email_address", address}}}));
                sent.emplace_back(address);
                // In the fragment, which no server and no log sees.
                auto link = fmt::format("{}/invite#{}", public_url_, token);
                if (outbox_)
                    MW_CO_CHECK(co_await outbox_->write(
                        tx, call.account_id, mail::kInvitation, address,
                        mail::invitation_letter(account, call.caller.name, link)));
                links[address] = std::move(link);
            }
            co_return result<>{};
        };
        MW_CO_CHECK(co_await pg::with_tx(pool_, work));
        co_return api::success({{"sent", std::move(sent)}, {"links", std::move(links)}});
    }

    // Its link leads nowhere from now on.
    api::Reply take_back(api::Call& call) {
        MW_CO_TRY(auto id, call.id("id"));
        auto work = [&](pg::Connection& tx) -> Awaitable<Invite> {
            MW_CO_TRY(auto invite, co_await find_invite(tx, call.account_id, id));
            if (!invite) co_return api::not_found();
            MW_CO_TRY(auto address, co_await withdraw(tx, call.account_id, id));
            if (!address)
                co_return fail(Errc::conflict,
                               "This invitation is not open: it has been taken up or withdrawn.");
            MW_CO_CHECK(co_await audit::record(
                tx, call.caller,
                {"invite.withdrawn", "invite", id, {{"email_address", *address}}}));
            invite->status = 3;
            co_return *invite;
        };
        MW_CO_TRY(auto invite, co_await pg::with_tx(pool_, work));
        co_return api::success(invite_json(invite));
    }

    // With the token of a link. A new person gives a name and a password; one who has an account
    // elsewhere on this appliance proves that by its password.
    api::Reply accept(http::Request& request) {
        MW_CO_TRY(auto value, parse_json(request.body));
        JsonReader in(value);
        std::string token, password;
        users::NewUser person;
        in.required("token", token, {1, 512});
        in.keep("first_name", person.first_name, {0, 150});
        in.keep("last_name", person.last_name, {0, 150});
        in.required("password", password, {crypto::kPasswordLeast, crypto::kPasswordBytesMax});
        MW_CO_CHECK(in.finish());
        MW_CO_CHECK(co_await check_open(token));
        Secret secret(std::move(password));
        MW_CO_TRY(auto hashed,
                  co_await offload(blocking_, [&] { return crypto::hash_password(secret); }));
        person.password_hash = std::move(hashed);
        auto work = [&](pg::Connection& tx) -> Awaitable<Invite> {
            MW_CO_TRY(auto invite, co_await lock_open_invite(tx, crypto::hash_token(token)));
            if (!invite) co_return not_good();
            MW_CO_TRY(auto known, co_await find_person(tx, invite->email_address));
            if (known)
                co_return fail(Errc::conflict,
                               fmt::format("{} has an account on this appliance. Ask an "
                                           "administrator to add it.",
                                           invite->email_address));
            person.email = invite->email_address;
            MW_CO_TRY(auto user_id, co_await users::insert_user(tx, person));
            MW_CO_CHECK(co_await join(tx, *invite, user_id, request.client_address));
            co_return *invite;
        };
        MW_CO_TRY(auto invite, co_await pg::with_tx(pool_, work));
        co_return http::Response::json(200, {{"email_address", invite.email_address}});
    }

  private:
    static std::unexpected<Error> not_good() {
        return fail(Errc::not_found,
                    "This invitation is not, or no longer, good. Ask for another one.");
    }

    // Before a password is hashed, which costs much: nobody is signed in here.
    Awaitable<> check_open(const std::string& token) {
        MW_CO_TRY(auto connection, co_await pool_.acquire());
        MW_CO_TRY(auto invite, co_await lock_open_invite(*connection, crypto::hash_token(token)));
        if (!invite) co_return not_good();
        co_return result<>{};
    }

    struct Wanted {
        std::vector<std::string> addresses;
        std::string license_type = "developer";
        std::vector<Id> group_ids;
    };

    static result<Wanted> read(const RequestBody& body) {
        Wanted wanted;
        JsonReader in(body);
        in.keep("email_addresses", wanted.addresses, kAddressesMax);
        in.keep("license_type", wanted.license_type);
        in.keep("group_ids", wanted.group_ids);
        if (wanted.addresses.empty()) in.error("email_addresses", "must have at least one");
        for (auto& address : wanted.addresses) {
            if (!users::is_email(address))
                in.error("email_addresses", fmt::format("{} is no e-mail address", address));
            address = users::lower_email(std::move(address));
        }
        if (!api::parse_license(wanted.license_type))
            in.error("license_type", "must be developer, read_only, analyst or it");
        MW_CHECK(in.finish());
        return wanted;
    }

    static Awaitable<> join(pg::Connection& tx, const Invite& invite, Id user_id,
                            const std::string& address) {
        MW_CO_CHECK(co_await users::insert_member(tx, {.account_id = invite.account_id,
                                                       .user_id = user_id,
                                                       .license_type = invite.license_type}));
        MW_CO_TRY(auto known,
                  co_await groups::known_groups(tx, invite.account_id, invite.group_ids));
        MW_CO_CHECK(co_await groups::set_groups_of(tx, invite.account_id, user_id, known));
        MW_CO_CHECK(co_await redeem(tx, invite.id));
        api::Caller caller;
        caller.account_id = invite.account_id;
        caller.user_id = user_id;
        caller.name = invite.email_address;
        caller.address = address;
        co_return co_await audit::record(tx, caller, {"invite.accepted", "invite", invite.id});
    }

    pg::Pool& pool_;
    BlockingPool& blocking_;
    std::string public_url_;
    std::optional<mail::Outbox> outbox_;
};

}  // namespace

void add_invite_endpoints(api::Api& api, pg::Pool& pool, BlockingPool& blocking,
                          std::string public_url, std::optional<mail::Outbox> outbox) {
    using How = api::Route::Answer;
    auto invites =
        std::make_shared<InviteApi>(pool, blocking, std::move(public_url), std::move(outbox));
    const std::string v2 = "/api/v2/accounts/{account_id}/invites/";
    auto schema = api::schema_like(invite_json(Invite{}));
    api.get(v2, api::reads(Area::invitations),
            [invites](api::Call& call) { return invites->list(call); })
        .says("List invitations")
        .gives(How::list, schema)
        .asks({"limit", "offset", "order_by", "state"});
    api.get(v2 + "{id}/", api::reads(Area::invitations),
            [invites](api::Call& call) { return invites->get(call); })
        .says("Get an invitation")
        .gives(How::one, schema);
    api.del(v2 + "{id}/", api::writes(Area::invitations),
            [invites](api::Call& call) { return invites->take_back(call); })
        .says("Withdraw an invitation: its link is no longer good")
        .gives(How::one, schema);
    boost::json::object texts{{"type", "array"}, {"items", {{"type", "string"}}}};
    api.post("/api/v3/accounts/{account_id}/invites/", api::writes(Area::invitations),
             [invites](api::Call& call) { return invites->send(call); })
        .says(
            "Invite people, by e-mail if there is a mail server; the links are in this answer only")
        .takes({{"type", "object"},
                {"required", {"email_addresses"}},
                {"properties",
                 {{"email_addresses", texts},
                  {"license_type",
                   {{"type", "string"}, {"enum", {"developer", "read_only", "analyst", "it"}}}},
                  {"group_ids", {{"type", "array"}, {"items", {{"type", "integer"}}}}}}}})
        .gives(How::one, {{"type", "object"},
                          {"properties", {{"sent", texts}, {"links", {{"type", "object"}}}}}});
    api.open().add("POST", "/api/ui/invites/accept/",
                   [invites](http::Request& request) { return invites->accept(request); },
                   {.max_bytes = 16 * 1024});
}

}  // namespace mw::invites
