// Takes a request's text apart. Private to this folder.
#pragma once

#include <string_view>

#include "graphql/language/token.hpp"

namespace mw::graphql {

class Lexer {
  public:
    // The text must outlive it, and be UTF-8.
    explicit Lexer(std::string_view text);

    // The next one; past the end it is <EOF> again and again.
    Parsed<Token> next();

  private:
    void skip_ignored();
    void break_line(std::size_t length);
    Parsed<Token> name();
    Parsed<Token> number();
    Parsed<Token> string();
    Parsed<Token> block_string();
    Parsed<std::size_t> digits(std::size_t at) const;
    Parsed<std::string> escape(std::size_t& at) const;
    Parsed<std::string> braced_escape(std::size_t& at) const;
    Parsed<std::string> unicode_escape(std::size_t& at) const;
    Token make(TokenKind kind, std::string text, std::size_t length);

    char peek(std::size_t at) const { return at < text_.size() ? text_[at] : '\0'; }
    bool ended(std::size_t at) const { return at >= text_.size(); }
    std::string shown(std::size_t at) const;
    Location location(std::size_t at) const;
    std::unexpected<RequestError> wrong(std::size_t at, std::string what) const;

    std::string_view text_;
    std::size_t at_ = 0;
    int line_ = 1;
    std::size_t line_begin_ = 0;
};

}  // namespace mw::graphql
