// A password for tests of people who sign in. Hashing is slow on purpose: once for a program.
#pragma once

#include <string>

#include "infra/crypto/password.hpp"

namespace mw::test {

inline constexpr auto kPassword = "correct horse battery";

inline const std::string& password_hash() {
    static const std::string hash = crypto::hash_password(Secret(kPassword)).value();
    return hash;
}

}  // namespace mw::test
