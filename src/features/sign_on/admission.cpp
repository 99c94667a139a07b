#include "features/sign_on/admission.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "features/groups/group_store.hpp"
#include "features/users/user_store.hpp"

namespace mw::sign_on {
namespace {

// Of several, the one that may do most.
constexpr std::array<std::string_view, 4> kLicenses{"developer", "it", "analyst", "read_only"};

bool meet(const std::vector<std::string>& left, const std::vector<std::string>& right) {
    return std::ranges::any_of(
        left, [&](const auto& each) { return std::ranges::find(right, each) != right.end(); });
}

std::optional<std::string> license_of(const std::vector<MappedLicense>& maps,
                                      const std::vector<std::string>& groups) {
    for (auto license : kLicenses)
        for (const auto& map : maps)
            if (map.license_type == license && meet(map.sso_license_mapping_groups, groups))
                return std::string(license);
    return std::nullopt;
}

Awaitable<Id> make_member(pg::Connection& tx, const AuthProvider& provider,
                          const Identity& identity) {
    MW_CO_TRY(auto user_id, co_await users::insert_user(tx, {.email = identity.email,
                                                             .first_name = identity.first_name,
                                                             .last_name = identity.last_name,
                                                             .password_hash = std::nullopt}));
    MW_CO_CHECK(
        co_await users::insert_member(tx, {.account_id = provider.account_id, .user_id = user_id}));
    MW_CO_TRY(auto first, co_await groups::first_groups(tx, provider.account_id, false));
    MW_CO_CHECK(co_await groups::set_groups_of(tx, provider.account_id, user_id, std::move(first)));
    co_return user_id;
}

Awaitable<> follow_groups(pg::Connection& tx, Id account_id, Id user_id,
                          const std::vector<std::string>& theirs) {
    MW_CO_TRY(auto mapped, co_await mapped_groups(tx, account_id));
    std::vector<Id> ids;
    for (const auto& group : mapped)
        if (meet(group.sso_mapping_groups, theirs)) ids.push_back(group.id);
    MW_CO_CHECK(co_await set_mapped_groups(tx, account_id, user_id, std::move(ids)));
    MW_CO_TRY(auto maps, co_await mapped_licenses(tx, account_id));
    if (auto license = license_of(maps, theirs))
        MW_CO_CHECK(co_await set_license(tx, account_id, user_id, *license));
    co_return result<>{};
}

}  // namespace

Awaitable<Id> admit(pg::Connection& tx, const AuthProvider& provider, Identity identity) {
    MW_CO_TRY(auto person, co_await find_person(tx, provider.account_id, identity.email));
    Id user_id = 0;
    if (!person) {
        MW_CO_TRY(user_id, co_await make_member(tx, provider, identity));
    } else if (!person->membership_state) {
        co_return fail(Errc::forbidden,
                       fmt::format("{} is of another account of this installation, and no member "
                                   "of this one.",
                                   identity.email));
    } else if (!person->is_active || *person->membership_state != 1) {
        co_return fail(Errc::forbidden,
                       fmt::format("{} is no longer a member of this account.", identity.email));
    } else {
        user_id = person->user_id;
        MW_CO_CHECK(co_await fill_names(tx, user_id, identity.first_name, identity.last_name));
    }
    if (identity.groups)
        MW_CO_CHECK(co_await follow_groups(tx, provider.account_id, user_id, *identity.groups));
    co_return user_id;
}

}  // namespace mw::sign_on
