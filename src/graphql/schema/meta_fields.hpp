// What is there in every schema: __typename, __schema, __type, and @skip and @include.
#pragma once

#include "graphql/schema/schema.hpp"

namespace mw::graphql {

// Of the type itself, or one of the fields that begin with two underscores. nullptr: there is none.
const FieldType* find_field(const Schema& schema, const NamedType& parent, std::string_view name);

struct DirectiveType {
    std::string name;
    std::vector<InputType> arguments;
};
const DirectiveType* find_directive(std::string_view name);

}  // namespace mw::graphql
