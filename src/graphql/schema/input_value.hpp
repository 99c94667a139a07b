// A value that a request gives for an argument, a variable or an input's field, made the JSON that
// a resolver is handed (section 3.13, input coercion). Pure.
//
// Errors are those of the reference implementation, in its words.
#pragma once

#include "graphql/schema/schema.hpp"

namespace mw::graphql {

// What a variable was given, as JSON. `name` is the variable's, for the error's words.
Parsed<json::value> coerce_variable(const Schema& schema, const TypeReference& type,
                                    const json::value& given, std::string_view name, Location at);

// What stands in the request's text; `variables` are coerced already. Empty: it is a variable that
// was not given.
Parsed<std::optional<json::value>> coerce_literal(const Schema& schema, const TypeReference& type,
                                                  const Value& given,
                                                  const json::object& variables);

// As a request would write it, for errors: [1, "a", ENUM].
std::string to_text(const Value& value);

}  // namespace mw::graphql
