// The names by which clients reach the appliance. Pure.
#pragma once

#include <string>
#include <vector>

#include "base/settings.hpp"

namespace mw {

// The setting HOSTNAME and, unless that is an address, `metadata.` before it: there clients of the
// Discovery API look for it (contract 2b).
std::vector<std::string> served_names(const Settings& settings);

}  // namespace mw
