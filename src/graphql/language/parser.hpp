// A request's text as a document. Pure.
//
// Errors are those of the reference implementation, in its words: "Syntax Error: Expected Name,
// found <EOF>.", with the place. What is larger or deeper than any honest request is one too.
#pragma once

#include <string_view>

#include "graphql/language/ast.hpp"

namespace mw::graphql {

struct ParseLimits {
    std::size_t tokens = 15'000;
    int depth = 64;  // of selections in selections, and of values in values
};

Parsed<Document> parse(std::string_view text, ParseLimits limits = {});

}  // namespace mw::graphql
