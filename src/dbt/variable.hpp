// Environment variables of a project: which names it may give them, and which are secret. Pure.
//
// Errors: `invalid_argument` with a sentence for the user.
#pragma once

#include <string>
#include <string_view>

#include "base/error.hpp"

namespace mw::dbt {

// As it is kept: in capitals. Names begin with DBT_; those that every run is given are refused.
result<std::string> variable_name(std::string_view text);

// Whether the value is sealed, write-only and masked in logs: DBT_ENV_SECRET…
bool is_secret_variable(std::string_view name);

// Whether every run is given it, so that a project can't: DBT_ENV, DBT_CLOUD_RUN_ID, …
bool is_reserved_variable(std::string_view name);

}  // namespace mw::dbt
