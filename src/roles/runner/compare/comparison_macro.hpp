// The macros of the comparison's project (comparison_project.hpp), in dbt's Jinja and plain SQL.
#pragma once

#include <string_view>

namespace mw::runner {

std::string_view comparison_macro();

}  // namespace mw::runner
