#include "dbt/relation.hpp"

#include <algorithm>
#include <cctype>
#include <vector>

namespace mw::dbt {
namespace {

char closing(char open) {
    return open == '[' ? ']' : open;
}

bool is_quote(char c) {
    return c == '"' || c == '`' || c == '[';
}

// One part, quoted or not, taken off the front; a doubled closing quote is the quote itself.
std::optional<std::string> take_part(std::string_view& rest) {
    std::string part;
    if (rest.empty()) return std::nullopt;
    if (!is_quote(rest.front())) {
        auto end = std::min(rest.find('.'), rest.size());
        part = rest.substr(0, end);
        rest.remove_prefix(end);
        return part;
    }
    char close = closing(rest.front());
    for (std::size_t i = 1; i < rest.size(); ++i) {
        if (rest[i] != close) {
            part += rest[i];
        } else if (i + 1 < rest.size() && rest[i + 1] == close) {
            part += rest[i++];
        } else {
            rest.remove_prefix(i + 1);
            return part;
        }
    }
    return std::nullopt;
}

char lower(char c) {
    return static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
}

}  // namespace

std::optional<Relation> parse_relation(std::string_view text) {
    std::vector<std::string> parts;
    for (std::string_view rest = text;;) {
        auto part = take_part(rest);
        if (!part || part->empty()) return std::nullopt;
        parts.push_back(std::move(*part));
        if (rest.empty()) break;
        if (rest.front() != '.' || parts.size() == 3) return std::nullopt;
        rest.remove_prefix(1);
    }
    if (parts.size() < 2) return std::nullopt;
    if (parts.size() == 2) parts.insert(parts.begin(), std::string());
    return Relation{std::move(parts[0]), std::move(parts[1]), std::move(parts[2])};
}

bool is_schema_of(std::string_view schema, std::string_view target) {
    if (target.empty() || schema.size() < target.size()) return false;
    bool begins = std::ranges::equal(schema.substr(0, target.size()), target, {}, lower, lower);
    return begins && (schema.size() == target.size() || schema[target.size()] == '_');
}

}  // namespace mw::dbt
