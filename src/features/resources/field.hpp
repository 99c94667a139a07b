// What a client may set of a row, and by which rules; the rest of the row is the server's.
//
//   field(&Group::name, {.required = true}),
//   field(&Group::assign_by_default),
//   field(&Environment::connection_id, {.refers = "connections"}),
#pragma once

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/described_schema.hpp"
#include "base/json_reader.hpp"
#include "features/resources/table_store.hpp"

namespace mw::resources {

struct Rules {
    bool required = false;  // when it is made
    std::size_t least = 0;  // of a text's bytes
    std::size_t most = 1024;
    std::vector<std::string_view> one_of = {};  // of a text, or of a list's texts
    IntLimit numbers = {};
    // The table of which it names a row: one of this account and, if that has projects, of this
    // row's project, that is not deleted.
    std::string_view refers = {};
    // What clients call it, where that is not the column's name.
    std::string_view as = {};
};

template <class T>
struct Field {
    std::string name;
    Rules rules;
    std::function<void(JsonReader&, T&, bool is_new)> read;
    std::function<std::optional<Id>(const T&)> id_of;  // of what it refers to
    boost::json::object schema;
};

template <class T, class Member>
std::string name_of(Member T::* pointer) {
    std::string name;
    each_member<T>([&](auto member) {
        if constexpr (std::is_same_v<decltype(member.pointer), Member T::*>)
            if (member.pointer == pointer) name = member.name;
        if constexpr (std::is_same_v<std::remove_cv_t<decltype(member.pointer)>, Member T::*>)
            if (member.pointer == pointer) name = member.name;
    });
    return name;
}

namespace detail {

inline constexpr IntLimit kIds{1, (std::int64_t{1} << 53) - 1};

inline void check_one_of(JsonReader& in, std::string_view name, std::string_view text,
                         const Rules& rules) {
    if (rules.one_of.empty()) return;
    for (auto known : rules.one_of)
        if (known == text) return;
    in.error(name, fmt::format("must be one of {}", fmt::join(rules.one_of, ", ")));
}

inline void read(JsonReader& in, std::string_view name, const Rules& rules, bool must,
                 std::string& out) {
    TextLimit limit{must && rules.least == 0 ? 1 : rules.least, rules.most};
    if (must)
        in.required(name, out, limit);
    else
        in.keep(name, out, limit);
    if (in.has(name) && !in.is_null(name)) check_one_of(in, name, out, rules);
}
inline void read(JsonReader& in, std::string_view name, const Rules& rules, bool must,
                 std::optional<std::string>& out) {
    if (must && in.is_null(name)) return in.error(name, "is required");
    in.optional(name, out, {rules.least, rules.most});
    if (in.has(name) && out) check_one_of(in, name, *out, rules);
    if (must && !in.has(name)) in.error(name, "is required");
}
inline void read(JsonReader& in, std::string_view name, const Rules& rules, bool must, Id& out) {
    auto limit = rules.refers.empty() ? rules.numbers : kIds;
    if (must)
        in.required(name, out, limit);
    else
        in.keep(name, out, limit);
}
inline void read(JsonReader& in, std::string_view name, const Rules& rules, bool must,
                 std::optional<Id>& out) {
    // Terraform and others send 0 for "none".
    if (const auto* given = in.find(name);
        given && given->is_int64() && given->get_int64() == 0 && !must && !rules.refers.empty())
        return out.reset();
    in.optional(name, out, rules.refers.empty() ? rules.numbers : kIds);
    if (must && !out) in.error(name, "is required");
}
inline void read(JsonReader& in, std::string_view name, const Rules& rules, bool must, int& out) {
    if (must && (!in.has(name) || in.is_null(name))) return in.error(name, "is required");
    auto limit = rules.numbers;
    limit.least = std::max<std::int64_t>(limit.least, INT32_MIN);
    limit.most = std::min<std::int64_t>(limit.most, INT32_MAX);
    in.keep(name, out, limit);
}
template <class Value>
void read(JsonReader& in, std::string_view name, const Rules& rules, bool must, Value& out) {
    if (must && (!in.has(name) || in.is_null(name))) return in.error(name, "is required");
    if constexpr (requires { in.keep(name, out); })
        in.keep(name, out);
    else
        in.optional(name, out);
    if constexpr (std::is_same_v<Value, std::vector<std::string>>)
        for (const auto& text : out)
            check_one_of(in, name, text, rules);
}

}  // namespace detail

template <class T, class Member>
Field<T> field(Member T::* pointer, Rules rules = {}) {
    Field<T> made;
    made.name = rules.as.empty() ? name_of(pointer) : std::string(rules.as);
    made.read = [pointer, name = made.name, rules](JsonReader& in, T& row, bool is_new) {
        detail::read(in, name, rules, rules.required && is_new, row.*pointer);
    };
    if constexpr (std::is_convertible_v<Member, std::optional<Id>>)
        if (!rules.refers.empty())
            made.id_of = [pointer](const T& row) -> std::optional<Id> { return row.*pointer; };
    made.schema = SchemaOf<Member>::get();
    if (!rules.one_of.empty() && std::is_same_v<Member, std::string>) {
        boost::json::array values;
        for (auto value : rules.one_of)
            values.emplace_back(value);
        made.schema["enum"] = std::move(values);
    }
    made.rules = std::move(rules);
    return made;
}

}  // namespace mw::resources
