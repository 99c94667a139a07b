// Identity providers and who they let in, in the database.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "features/sign_on/auth_provider.hpp"
#include "features/sign_on/awaitable.hpp"
#include "infra/pg/pool.hpp"

namespace mw::sign_on {

// A button of the sign-in page.
struct SignOnChoice {
    std::string slug;
    std::string type;
    std::string name;
    std::string account_name;
};
BOOST_DESCRIBE_STRUCT(SignOnChoice, (), (slug, type, name, account_name))

// Of active accounts.
Awaitable<std::vector<SignOnChoice>> list_choices(pg::Pool& pool);
Awaitable<std::optional<AuthProvider>> find_provider(pg::Pool& pool, std::string slug);
Awaitable<std::optional<AuthProvider>> find_provider(pg::Pool& pool, Id id);

// By another one, of whichever account.
Awaitable<bool> is_slug_taken(pg::Connection& tx, std::string slug, Id id);
Awaitable<> set_secrets(pg::Connection& tx, Id id, pg::Bytes sealed,
                        std::optional<std::string> sp_certificate);
Awaitable<> note_use(pg::Connection& tx, Id id);

// A person of that address, and what they are in this account.
struct KnownPerson {
    Id user_id = 0;
    bool is_active = true;
    std::optional<int> membership_state;  // empty: of no membership
    std::optional<std::string> license_type;
};
BOOST_DESCRIBE_STRUCT(KnownPerson, (), (user_id, is_active, membership_state, license_type))
Awaitable<std::optional<KnownPerson>> find_person(pg::Connection& tx, Id account_id,
                                                  std::string email);

// One of its groups that a provider's groups lead into.
struct MappedGroup {
    Id id = 0;
    std::vector<std::string> sso_mapping_groups;
};
BOOST_DESCRIBE_STRUCT(MappedGroup, (), (id, sso_mapping_groups))
Awaitable<std::vector<MappedGroup>> mapped_groups(pg::Connection& tx, Id account_id);
// Of those, in exactly these.
Awaitable<> set_mapped_groups(pg::Connection& tx, Id account_id, Id user_id, std::vector<Id> ids);

// Licences that a provider's groups give.
struct MappedLicense {
    std::string license_type;
    std::vector<std::string> sso_license_mapping_groups;
};
BOOST_DESCRIBE_STRUCT(MappedLicense, (), (license_type, sso_license_mapping_groups))
Awaitable<std::vector<MappedLicense>> mapped_licenses(pg::Connection& tx, Id account_id);
Awaitable<> set_license(pg::Connection& tx, Id account_id, Id user_id, std::string license_type);

// Only what is empty so far.
Awaitable<> fill_names(pg::Connection& tx, Id user_id, std::string first, std::string last);

// False: it was used before. Those that are too old to be good are forgotten.
Awaitable<bool> use_assertion(pg::Connection& tx, std::string id_hash, Timestamp expires_at);

// Members of the person's accounts may sign in by password again; the accounts where that is new.
Awaitable<std::vector<Id>> allow_passwords(pg::Connection& tx, Id user_id);

}  // namespace mw::sign_on
