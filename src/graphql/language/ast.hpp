// A request taken apart: operations and fragments (sections 2.2 to 2.12).
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "graphql/error.hpp"

namespace mw::graphql {

struct Value {
    enum class Kind {
        variable,
        integer,
        floating,
        string,
        boolean,
        null,
        enumeration,
        list,
        object
    };
    Kind kind = Kind::null;
    std::string text = {};  // of a variable its name, of a string its value, of others as written
    std::vector<Value> items = {};
    std::vector<std::pair<std::string, Value>> fields = {};
    Location at = {};
};

struct TypeReference {
    std::string name = {};  // of a named type; empty: a list of `of`
    std::shared_ptr<const TypeReference> of = {};
    bool non_null = false;
};

struct Argument {
    std::string name;
    Value value;
    Location at;
};

struct Directive {
    std::string name;
    std::vector<Argument> arguments;
    Location at;
};

struct Selection;

struct Field {
    std::string alias = {};  // empty: answered under its name
    std::string name;
    std::vector<Argument> arguments = {};
    std::vector<Directive> directives = {};
    std::vector<Selection> selections;
    Location at = {};

    const std::string& key() const { return alias.empty() ? name : alias; }
};

struct FragmentSpread {
    std::string name;
    std::vector<Directive> directives = {};
    Location at = {};
};

struct InlineFragment {
    std::string on = {};  // a type's name; empty: whatever the parent is
    std::vector<Directive> directives = {};
    std::vector<Selection> selections;
    Location at = {};
};

struct Selection {
    std::variant<Field, FragmentSpread, InlineFragment> is;
};

struct VariableDefinition {
    std::string name;
    TypeReference type;
    std::optional<Value> otherwise;
    std::vector<Directive> directives;
    Location at;
};

struct Operation {
    enum class Kind { query, mutation, subscription };
    Kind kind = Kind::query;
    std::string name = {};  // empty: it has none
    std::vector<VariableDefinition> variables = {};
    std::vector<Directive> directives = {};
    std::vector<Selection> selections;
    Location at = {};
};

struct Fragment {
    std::string name;
    std::string on;
    std::vector<Directive> directives;
    std::vector<Selection> selections;
    Location at;
};

struct Document {
    std::vector<Operation> operations;
    std::vector<Fragment> fragments;

    const Fragment* fragment(std::string_view name) const {
        for (const auto& each : fragments)
            if (each.name == name) return &each;
        return nullptr;
    }
};

}  // namespace mw::graphql
