#include "graphql/language/lexer.hpp"

#include <fmt/format.h>

#include "graphql/language/block_string.hpp"

namespace mw::graphql {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
bool is_name_start(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
bool is_name_part(char c) {
    return is_name_start(c) || is_digit(c);
}
int hex_value(char c) {
    if (is_digit(c)) return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}
bool is_continuation(char c) {
    return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
}
bool is_surrogate(unsigned code) {
    return code >= 0xD800 && code <= 0xDFFF;
}

std::string utf8(unsigned code) {
    std::string out;
    auto add = [&](unsigned bits) { out += static_cast<char>(bits); };
    if (code < 0x80) {
        add(code);
    } else if (code < 0x800) {
        add(0xC0 | (code >> 6));
        add(0x80 | (code & 0x3F));
    } else if (code < 0x10000) {
        add(0xE0 | (code >> 12));
        add(0x80 | ((code >> 6) & 0x3F));
        add(0x80 | (code & 0x3F));
    } else {
        add(0xF0 | (code >> 18));
        add(0x80 | ((code >> 12) & 0x3F));
        add(0x80 | ((code >> 6) & 0x3F));
        add(0x80 | (code & 0x3F));
    }
    return out;
}

// Of valid UTF-8.
unsigned code_point(std::string_view text) {
    auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    unsigned lead = byte(0);
    std::size_t length = lead < 0x80 ? 1 : lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (length == 1 || text.size() < length) return lead;
    unsigned code = lead & (0xFFU >> (length + 1));
    for (std::size_t i = 1; i < length; ++i)
        code = (code << 6) | (byte(i) & 0x3FU);
    return code;
}

// Four hexadecimal digits; -1 when they are none.
int four_digits(std::string_view text) {
    int code = 0;
    for (std::size_t i = 0; i < 4; ++i) {
        int digit = i < text.size() ? hex_value(text[i]) : -1;
        if (digit < 0) return -1;
        code = code * 16 + digit;
    }
    return code;
}

}  // namespace

std::string describe(const Token& token) {
    switch (token.kind) {
        case TokenKind::end_of_file:
            return "<EOF>";
        case TokenKind::punctuator:
            return fmt::format("\"{}\"", token.text);
        case TokenKind::name:
            return fmt::format("Name \"{}\"", token.text);
        case TokenKind::integer:
            return fmt::format("Int \"{}\"", token.text);
        case TokenKind::floating:
            return fmt::format("Float \"{}\"", token.text);
        case TokenKind::string:
            return fmt::format("String \"{}\"", token.text);
        case TokenKind::block_string:
            return fmt::format("BlockString \"{}\"", token.text);
    }
    return {};
}

Lexer::Lexer(std::string_view text) : text_(text) {
    if (!text.starts_with(kByteOrderMark)) return;
    at_ = kByteOrderMark.size();
    line_begin_ = at_;
}

Location Lexer::location(std::size_t at) const {
    int column = 1;
    for (auto i = line_begin_; i < at && i < text_.size(); ++i)
        column += is_continuation(text_[i]) ? 0 : 1;
    return {line_, column};
}

std::unexpected<RequestError> Lexer::wrong(std::size_t at, std::string what) const {
    return std::unexpected(RequestError{"Syntax Error: " + std::move(what), {location(at)}, {}});
}

// A character in the words of an error.
std::string Lexer::shown(std::size_t at) const {
    if (ended(at)) return "<EOF>";
    auto code = code_point(text_.substr(at));
    if (code == '"') return "'\"'";
    if (code >= 0x20 && code <= 0x7E) return fmt::format("\"{}\"", static_cast<char>(code));
    return fmt::format("U+{:04X}", code);
}

void Lexer::break_line(std::size_t length) {
    at_ += length;
    ++line_;
    line_begin_ = at_;
}

void Lexer::skip_ignored() {
    while (!ended(at_)) {
        char c = text_[at_];
        if (c == ' ' || c == '\t' || c == ',') {
            ++at_;
        } else if (c == '\n') {
            break_line(1);
        } else if (c == '\r') {
            break_line(peek(at_ + 1) == '\n' ? 2 : 1);
        } else if (c == '#') {
            while (!ended(at_) && text_[at_] != '\n' && text_[at_] != '\r')
                ++at_;
        } else if (text_.substr(at_).starts_with(kByteOrderMark)) {
            at_ += kByteOrderMark.size();
        } else {
            return;
        }
    }
}

Token Lexer::make(TokenKind kind, std::string text, std::size_t length) {
    Token token{kind, std::move(text), location(at_)};
    at_ += length;
    return token;
}

Parsed<Token> Lexer::next() {
    skip_ignored();
    if (ended(at_)) return make(TokenKind::end_of_file, {}, 0);
    char c = text_[at_];
    constexpr std::string_view kPunctuators = "!$&():=@[]{|}";
    if (kPunctuators.find(c) != kPunctuators.npos)
        return make(TokenKind::punctuator, std::string(1, c), 1);
    if (text_.substr(at_).starts_with("...")) return make(TokenKind::punctuator, "...", 3);
    if (is_name_start(c)) return name();
    if (is_digit(c) || c == '-') return number();
    if (c == '"') return text_.substr(at_).starts_with("\"\"\"") ? block_string() : string();
    if (c == '\'')
        return wrong(at_,
                     "Unexpected single quote character ('), did you mean to use a double quote "
                     "(\")?");
    return wrong(at_, fmt::format("Unexpected character: {}.", shown(at_)));
}

Parsed<Token> Lexer::name() {
    auto end = at_;
    while (is_name_part(peek(end)))
        ++end;
    return make(TokenKind::name, std::string(text_.substr(at_, end - at_)), end - at_);
}

Parsed<std::size_t> Lexer::digits(std::size_t at) const {
    if (!is_digit(peek(at)))
        return wrong(at, fmt::format("Invalid number, expected digit but got: {}.", shown(at)));
    while (is_digit(peek(at)))
        ++at;
    return at;
}

Parsed<Token> Lexer::number() {
    auto end = at_;
    bool floating = false;
    if (peek(end) == '-') ++end;
    if (peek(end) == '0') {
        ++end;
        if (is_digit(peek(end)))
            return wrong(end,
                         fmt::format("Invalid number, unexpected digit after 0: {}.", shown(end)));
    } else {
        auto after = digits(end);
        if (!after) return std::unexpected(std::move(after).error());
        end = *after;
    }
    for (bool fraction : {true, false}) {
        char c = peek(end);
        if (fraction ? c != '.' : (c != 'e' && c != 'E')) continue;
        floating = true;
        ++end;
        if (!fraction && (peek(end) == '+' || peek(end) == '-')) ++end;
        auto after = digits(end);
        if (!after) return std::unexpected(std::move(after).error());
        end = *after;
    }
    // What follows must not look as if it belonged to it.
    if (peek(end) == '.' || is_name_start(peek(end)))
        return wrong(end, fmt::format("Invalid number, expected digit but got: {}.", shown(end)));
    return make(floating ? TokenKind::floating : TokenKind::integer,
                std::string(text_.substr(at_, end - at_)), end - at_);
}

Parsed<Token> Lexer::string() {
    std::string value;
    auto at = at_ + 1;
    while (!ended(at) && text_[at] != '\n' && text_[at] != '\r') {
        char c = text_[at];
        if (c == '"') return make(TokenKind::string, std::move(value), at + 1 - at_);
        if (c == '\\') {
            auto escaped = escape(at);
            if (!escaped) return std::unexpected(std::move(escaped).error());
            value += *escaped;
            continue;
        }
        if (static_cast<unsigned char>(c) < 0x20 && c != '\t')
            return wrong(at, fmt::format("Invalid character within String: {}.", shown(at)));
        value += c;
        ++at;
    }
    return wrong(at, "Unterminated string.");
}

Parsed<std::string> Lexer::escape(std::size_t& at) const {
    char c = peek(at + 1);
    if (c == 'u') return peek(at + 2) == '{' ? braced_escape(at) : unicode_escape(at);
    constexpr std::string_view kFrom = "\"\\/bfnrt";
    constexpr std::string_view kTo = "\"\\/\b\f\n\r\t";
    auto place = ended(at + 1) ? kFrom.npos : kFrom.find(c);
    if (place == kFrom.npos)
        return wrong(
            at, fmt::format("Invalid character escape sequence: \"{}\".", text_.substr(at, 2)));
    at += 2;
    return std::string(1, kTo[place]);
}

// \u{1F600}
Parsed<std::string> Lexer::braced_escape(std::size_t& at) const {
    constexpr std::size_t kMostBytes = 12;
    unsigned code = 0;
    std::size_t size = 3;
    while (size < kMostBytes) {
        char c = peek(at + size++);
        if (c == '}') {
            // At least one digit, and a character that there is.
            if (size < 5 || code > 0x10FFFF || is_surrogate(code)) break;
            at += size;
            return utf8(code);
        }
        int digit = hex_value(c);
        if (digit < 0) break;
        code = code * 16 + static_cast<unsigned>(digit);
    }
    return wrong(at,
                 fmt::format("Invalid Unicode escape sequence: \"{}\".", text_.substr(at, size)));
}

// \u00E9, or a surrogate pair of two.
Parsed<std::string> Lexer::unicode_escape(std::size_t& at) const {
    int code = four_digits(text_.substr(std::min(at + 2, text_.size())));
    if (code >= 0 && !is_surrogate(static_cast<unsigned>(code))) {
        at += 6;
        return utf8(static_cast<unsigned>(code));
    }
    bool leads = code >= 0xD800 && code <= 0xDBFF;
    if (leads && peek(at + 6) == '\\' && peek(at + 7) == 'u') {
        int trail = four_digits(text_.substr(at + 8));
        if (trail >= 0xDC00 && trail <= 0xDFFF) {
            at += 12;
            return utf8(0x10000U + ((static_cast<unsigned>(code) & 0x3FFU) << 10) +
                        (static_cast<unsigned>(trail) & 0x3FFU));
        }
    }
    return wrong(at, fmt::format("Invalid Unicode escape sequence: \"{}\".", text_.substr(at, 6)));
}

Parsed<Token> Lexer::block_string() {
    constexpr std::string_view kQuotes = "\"\"\"";
    Token token{TokenKind::block_string, {}, location(at_)};
    std::vector<std::string> lines(1);
    at_ += kQuotes.size();
    while (!ended(at_)) {
        auto rest = text_.substr(at_);
        if (rest.starts_with(kQuotes)) {
            at_ += kQuotes.size();
            token.text = dedented(std::move(lines));
            return token;
        }
        if (rest.starts_with("\\\"\"\"")) {
            lines.back() += kQuotes;
            at_ += 4;
        } else if (rest[0] == '\n' || rest[0] == '\r') {
            break_line(rest.starts_with("\r\n") ? 2 : 1);
            lines.emplace_back();
        } else if (static_cast<unsigned char>(rest[0]) < 0x20 && rest[0] != '\t') {
            return wrong(at_, fmt::format("Invalid character within String: {}.", shown(at_)));
        } else {
            lines.back() += rest[0];
            ++at_;
        }
    }
    return wrong(at_, "Unterminated string.");
}

}  // namespace mw::graphql
