// Values of scalar types, from JSON, from a request's text, and into the answer (section 3.5).
// Pure.
//
// BigInt is a whole number of 64 bits, or its digits as text. Other scalars than these and those of
// the specification may be anything.
#pragma once

#include <boost/json/value.hpp>
#include <expected>
#include <string>
#include <string_view>

#include "graphql/language/ast.hpp"

namespace mw::graphql {

// The error is what is wrong, as a sentence.
using Scalar = std::expected<boost::json::value, std::string>;

Scalar scalar_from_json(std::string_view type, const boost::json::value& value);
Scalar scalar_from_literal(std::string_view type, const Value& value);
// What a resolver gave, as the answer has it.
Scalar scalar_for_answer(std::string_view type, const boost::json::value& value);

}  // namespace mw::graphql
