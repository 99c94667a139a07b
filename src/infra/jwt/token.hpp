// A token's parts, read and not yet verified. Private to this folder.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "infra/jwt/cjose.hpp"

namespace mw::jwt::detail {

inline constexpr std::size_t kTokenBytesMax = 32UL * 1024;

struct Token {
    Jws jws;
    std::string algorithm;
    std::optional<std::string> key_id;  // "kid"
};

// Errors: `unauthenticated` when it is too large, no token in the compact form, or its header asks
// for something by `crit`.
result<Token> read_token(std::string_view text);

}  // namespace mw::jwt::detail
