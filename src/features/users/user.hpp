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
    Id membership_id = 0;
    std::string license_type;
    Timestamp member_since;
};
BOOST_DESCRIBE_STRUCT(User, (),
                      (id, email, first_name, last_name, is_active, is_staff, last_login,
                       apitoken_last_used, created_at, membership_id, license_type, member_since))

struct NewUser {
    std::string email;
    std::string first_name;
    std::string last_name;
    std::optional<std::string> password_hash;
};

}  // namespace mw::users
