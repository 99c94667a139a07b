#include "graphql/schema/schema.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

namespace mw::graphql {
namespace {

template <class List>
auto find_named(List& list, std::string_view name) -> decltype(&*list.begin()) {
    auto found = std::ranges::find(list, name,
                                   [](const auto& each) -> std::string_view { return each.name; });
    return found == list.end() ? nullptr : &*found;
}

TypeReference read_type(std::string_view& text) {
    TypeReference type;
    if (text.starts_with('[')) {
        text.remove_prefix(1);
        type.of = std::make_shared<const TypeReference>(read_type(text));
        if (!text.starts_with(']')) throw std::logic_error("a list type that does not end");
        text.remove_prefix(1);
    } else {
        auto end = std::min(text.find_first_of("]!"), text.size());
        type.name = text.substr(0, end);
        if (type.name.empty()) throw std::logic_error("a type without a name");
        text.remove_prefix(end);
    }
    if (text.starts_with('!')) {
        type.non_null = true;
        text.remove_prefix(1);
    }
    return type;
}

}  // namespace

bool contains(const std::vector<std::string>& names, std::string_view name) {
    return std::ranges::find(names, name) != names.end();
}

TypeReference type_of(std::string_view text) {
    auto type = read_type(text);
    if (!text.empty()) throw std::logic_error("a type with something behind it");
    return type;
}

std::string to_text(const TypeReference& type) {
    auto text = type.of ? "[" + to_text(*type.of) + "]" : type.name;
    return type.non_null ? text + "!" : text;
}

const std::string& name_of(const TypeReference& type) {
    return type.of ? name_of(*type.of) : type.name;
}

const InputType* FieldType::argument_of(std::string_view argument) const {
    return find_named(arguments, argument);
}

NamedType& NamedType::field(std::string field, std::string_view type, std::string text) {
    auto& made = fields.emplace_back();
    made.name = std::move(field);
    made.type = type_of(type);
    made.description = std::move(text);
    return *this;
}

NamedType& NamedType::argument(std::string argument, std::string_view type,
                               std::optional<json::value> otherwise) {
    fields.back().arguments.push_back({std::move(argument), type_of(type), std::move(otherwise)});
    return *this;
}

NamedType& NamedType::resolve(Resolver resolver) {
    fields.back().resolver = std::move(resolver);
    return *this;
}

NamedType& NamedType::deprecate(std::string why) {
    fields.back().deprecated = std::move(why);
    return *this;
}

NamedType& NamedType::input(std::string input, std::string_view type,
                            std::optional<json::value> otherwise) {
    inputs.push_back({std::move(input), type_of(type), std::move(otherwise)});
    return *this;
}

NamedType& NamedType::values(std::vector<std::string> list) {
    names = std::move(list);
    return *this;
}

NamedType& NamedType::members(std::vector<std::string> list) {
    names = std::move(list);
    return *this;
}

NamedType& NamedType::implements(std::vector<std::string> list) {
    interfaces = std::move(list);
    return *this;
}

NamedType& NamedType::describe(std::string text) {
    description = std::move(text);
    return *this;
}

const FieldType* NamedType::find_field(std::string_view field) const {
    return find_named(fields, field);
}

const InputType* NamedType::find_input(std::string_view input) const {
    return find_named(inputs, input);
}

Schema::Schema(std::string query) : query_(std::move(query)) {
    for (auto name : {"Int", "Float", "String", "Boolean", "ID"})
        scalar(name);
}

NamedType& Schema::type(TypeKind kind, std::string name) {
    if (auto found = by_name_.find(name); found != by_name_.end()) return types_[found->second];
    by_name_.emplace(name, types_.size());
    return types_.emplace_back(kind, std::move(name));
}

void Schema::alias(std::string other, std::string_view name) {
    auto found = by_name_.find(name);
    if (found == by_name_.end())
        throw std::logic_error(fmt::format("there is no type {} to name {}", name, other));
    by_name_.emplace(std::move(other), found->second);
}

const NamedType* Schema::find(std::string_view name) const {
    auto found = by_name_.find(name);
    return found == by_name_.end() ? nullptr : &types_[found->second];
}

std::vector<std::string> Schema::objects_of(const NamedType& type) const {
    if (type.kind == TypeKind::object) return {type.name};
    if (type.kind == TypeKind::unified) return type.names;
    std::vector<std::string> objects;
    for (const auto& each : types_)
        if (each.kind == TypeKind::object && contains(each.interfaces, type.name))
            objects.push_back(each.name);
    return objects;
}

bool Schema::may_be(const NamedType& left, const NamedType& right) const {
    if (left.name == right.name) return true;
    auto others = objects_of(right);
    return std::ranges::any_of(objects_of(left),
                               [&](const std::string& name) { return contains(others, name); });
}

std::vector<std::string> Schema::problems() const {
    std::vector<std::string> list;
    auto check = [&](const std::string& where, const TypeReference& type, bool wants_input) {
        const auto* named = find(name_of(type));
        if (!named)
            list.push_back(
                fmt::format("{} is of a type {} that there is not", where, name_of(type)));
        else if (wants_input && !named->is_input())
            list.push_back(fmt::format("{} is of {}, which is no input", where, named->name));
        else if (!wants_input && named->kind == TypeKind::input)
            list.push_back(fmt::format("{} is of {}, which is an input", where, named->name));
    };
    if (!find(query_)) list.push_back(fmt::format("there is no type {}", query_));
    for (const auto& type : types_) {
        for (const auto& field : type.fields) {
            auto where = type.name + "." + field.name;
            check(where, field.type, false);
            for (const auto& argument : field.arguments)
                check(where + "(" + argument.name + ")", argument.type, true);
        }
        for (const auto& input : type.inputs)
            check(type.name + "." + input.name, input.type, true);
        if (type.kind == TypeKind::object && type.fields.empty())
            list.push_back(fmt::format("{} has no fields", type.name));
        for (const auto& name : type.interfaces) {
            const auto* interface = find(name);
            if (!interface || interface->kind != TypeKind::interface) {
                list.push_back(fmt::format("{} implements {}, which is none", type.name, name));
                continue;
            }
            for (const auto& field : interface->fields)
                if (!type.find_field(field.name))
                    list.push_back(fmt::format("{} has no {} of {}", type.name, field.name, name));
        }
        if (type.kind != TypeKind::unified) continue;
        for (const auto& name : type.names)
            if (const auto* member = find(name); !member || member->kind != TypeKind::object)
                list.push_back(fmt::format("{} can be {}, which is no object", type.name, name));
    }
    return list;
}

}  // namespace mw::graphql
