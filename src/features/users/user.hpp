// A person, with their membership of the account in question.
#pragma once

#include <boost/describe.hpp>
#include <optional>
#include <string>

#include "base/ids.hpp"
#include "base/time.hpp"

namespace mw::users {

struct User {
    Id id = 0;
    std::string email;
    std::string first_name;
    std::string last_name;
    bool is_active = true;
    bool is_staff = false;
    std::optional<Timestamp> last_login;
    std::optional<Timestamp> apitoken_last_used;
    Timestamp created_at;
    Timestamp updated_at;
    Id membership_id = 0;
    std::string license_type;
    Timestamp member_since;
    Timestamp membership_updated_at;
};
BOOST_DESCRIBE_STRUCT(User, (),
                      (id, email, first_name, last_name, is_active, is_staff, last_login,
                       apitoken_last_used, created_at, updated_at, membership_id, license_type,
                       member_since, membership_updated_at))

struct NewUser {
    std::string email;
    std::string first_name;
    std::string last_name;
    std::optional<std::string> password_hash;
};

struct NewMember {
    Id account_id = 0;
    Id user_id = 0;
    bool is_owner = false;
    std::string license_type = "developer";
};

}  // namespace mw::users
