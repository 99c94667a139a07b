#include "features/users/user_api.hpp"

#include "api/list_reply.hpp"
#include "base/described_json.hpp"
#include "features/users/user_store.hpp"

namespace mw::users {
namespace {

boost::json::object membership_json(const User& user, Id account_id) {
    return {{"id", user.membership_id},
            {"account_id", account_id},
            {"user_id", user.id},
            {"license_type", user.license_type},
            {"state", 1},
            {"permission_statements", boost::json::array{}},
            {"groups", boost::json::array{}},
            {"created_at", format_iso(user.member_since)},
            {"updated_at", format_iso(user.member_since)}};
}

}  // namespace

boost::json::object user_json(const User& user, Id account_id) {
    auto json = described_to_json(user);
    for (auto hidden : {"membership_id", "license_type", "member_since"})
        json.erase(hidden);
    json["fullname"] = user.first_name + " " + user.last_name;
    for (auto provider : {"azure_active_directory", "github", "gitlab"}) {
        json[std::string(provider) + "_connected"] = false;
        json[std::string(provider) + "_username"] = nullptr;
        json[std::string(provider) + "_token_retrieval_failure"] = false;
    }
    json["email_connected"] = true;
    json["email_verified"] = true;
    json["enterprise_connected"] = false;
    json["enterprise_authentication_method"] = nullptr;
    json["sso_only_user"] = false;
    json["auth_provider_infos"] = boost::json::object{};
    auto membership = membership_json(user, account_id);
    json["licenses"] = {{std::to_string(account_id), membership}};
    json["permissions"] = boost::json::array{std::move(membership)};
    return json;
}

void add_user_endpoints(api::Api& api, pg::Pool& pool) {
    api::Endpoint list = [&pool](api::Call& call) -> api::Reply {
        auto account_id = call.account_id;
        co_return co_await api::list_reply<User>(
            pool, call, user_list(),
            [account_id](const User& user) { return user_json(user, account_id); });
    };
    api::Endpoint one = [&pool](api::Call& call) -> api::Reply {
        MW_CO_TRY(auto id, call.id("id"));
        MW_CO_TRY(auto user, co_await find_user(pool, call.account_id, id));
        if (!user) co_return api::not_found();
        co_return api::success(user_json(*user, call.account_id));
    };
    api::Endpoint me = [&pool](api::Call& call) -> api::Reply {
        if (!call.caller.user_id)
            co_return fail(Errc::forbidden, "A service token belongs to no user.");
        MW_CO_TRY(auto user, co_await find_user(pool, call.account_id, *call.caller.user_id));
        if (!user) co_return api::not_found();
        co_return api::success({{"user", user_json(*user, call.account_id)}});
    };
    for (std::string version : {"v2", "v3"}) {
        api.get("/api/" + version + "/accounts/{account_id}/users/", list);
        api.get("/api/" + version + "/accounts/{account_id}/users/{id}/", one);
    }
    api.get("/api/v2/users/{id}/", one);
    api.get("/api/v2/whoami/", me);
}

}  // namespace mw::users
