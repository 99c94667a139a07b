// Environment variables as clients send them. Pure.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_reader.hpp"
#include "features/variables/variable.hpp"

namespace mw::variables {

// Why a name can't be one; empty when it can (contract 1, "Env vars").
std::string what_is_wrong_with_name(std::string_view name);

// One value in one place. Onto `variable`; gives the value that was sent, if one was: stars are
// none, they were shown instead of it.
result<std::optional<std::string>> read_variable(const RequestBody& body, bool is_new,
                                                 Variable& variable);

// Many at once: {"env_var": {"new_name": "DBT_X", "project": "…", "<environment's name>": "…"}} or
// a list of these.
struct BulkItem {
    std::string name;
    std::map<std::string, std::optional<std::string>> values;  // by "project" or environment
};
result<std::vector<BulkItem>> read_bulk(const RequestBody& body);

}  // namespace mw::variables
