// What `millwright engine list` and `verify` print.
//
// Blocking. Errors: the catalogue is broken; a version or an adapter that there is not; an engine
// is not as it was installed (`conflict`), after its files have been named.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/layout.hpp"

namespace mw::cli {

// `version` empty: all of it.
result<> list_engines(const Layout& layout, const std::string& version, bool as_json);

result<> verify_engines(const Layout& layout, const std::string& version,
                        const std::vector<std::string>& adapters);

// "312 MB"
std::string describe_bytes(std::uint64_t bytes);

// "duckdb 1.11.1, postgres 1.11.0"
std::string describe_adapters(const std::map<std::string, std::string>& adapters);
// " with duckdb 1.11.1, postgres 1.11.0"; empty where there is none.
std::string with_adapters(const std::map<std::string, std::string>& adapters);

}  // namespace mw::cli
