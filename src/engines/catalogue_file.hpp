// Reads and checks one file of the engine catalogue; private to this folder.
#pragma once

#include <filesystem>
#include <string_view>

#include "base/error.hpp"
#include "engines/catalogue.hpp"

namespace mw::engines {

enum class Parts {
    identity,  // what it is called and whether it can be installed
    whole,     // its sets as well, with their lock files checked
};

// Unknown keys are errors, so a typo cannot pass.
result<Entry> read_entry(const std::filesystem::path& file, Parts parts = Parts::whole);

// Number of packages that the text of a lock file names. Each must be pinned (`==`) and have a
// SHA-256 digest; an option or an address of a package index is an error.
result<int> check_lock(std::string_view text);

// ">=3.11,<3.14"
result<PythonRange> parse_python_range(std::string_view text);

}  // namespace mw::engines
