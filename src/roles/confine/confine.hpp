// `millwright confine`, started by a worker; its descriptors are in confined_program.hpp.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace mw::confine {

// Ends as the program does; with 125 when it could not be started.
int run_confine(const std::filesystem::path& folder, std::vector<std::string> argv);

}  // namespace mw::confine
