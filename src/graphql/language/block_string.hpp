// The value of a block string (section 2.9.4, BlockStringValue). Private to this folder.
#pragma once

#include <string>
#include <vector>

namespace mw::graphql {

// Of its raw lines: without the indentation that all but the first share, and without blank lines
// before and after.
std::string dedented(std::vector<std::string> lines);

}  // namespace mw::graphql
