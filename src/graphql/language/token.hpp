// The smallest parts of a request (section 2.1). Private to this folder.
#pragma once

#include <string>
#include <string_view>

#include "graphql/error.hpp"

namespace mw::graphql {

enum class TokenKind {
    end_of_file,
    punctuator,  // its text says which
    name,
    integer,
    floating,
    string,
    block_string,
};

struct Token {
    TokenKind kind = TokenKind::end_of_file;
    std::string text = {};  // of a string its value
    Location at = {};

    bool is(std::string_view punctuator) const {
        return kind == TokenKind::punctuator && text == punctuator;
    }
    bool is_name(std::string_view name) const { return kind == TokenKind::name && text == name; }
};

// In the words of an error: `"{"`, `Name "on"`, `<EOF>`.
std::string describe(const Token& token);

}  // namespace mw::graphql
