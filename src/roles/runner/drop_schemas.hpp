// Having a warehouse drop schemas, by dbt's own adapter: an errand of a connection test's process.
// Which schemas is the server's matter (features/pull_request_schemas).
#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include "roles/runner/run_spec.hpp"

namespace mw::runner {

// A warehouse may take long to drop what is large.
inline constexpr std::chrono::seconds kDropLimit{600};

// Into the project's folder; nothing when the specification names no schema.
result<> write_drop_macro(const RunSpec& spec, const std::filesystem::path& project);

// What dbt is called with.
std::vector<std::string> drop_command(const RunSpec& spec);

}  // namespace mw::runner
