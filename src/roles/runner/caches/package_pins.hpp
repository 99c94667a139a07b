// Which packages a project names, and whether they will be the same ones tomorrow. Pure.
//
// Errors: invalid_argument for what is not YAML, or not yet because Jinja is to make it.
#pragma once

#include <string>

#include "base/error.hpp"

namespace mw::runner {

struct PackagePins {
    int count = 0;
    // Each is named by a version of the hub or a whole commit, and no other Jinja decides than a
    // secret in an address. False also for what lies beside the project (`local:`), whose content
    // no file of ours knows.
    bool exact = true;
};

// Of packages.yml, dependencies.yml or package-lock.yml; an empty text has none.
result<PackagePins> read_package_pins(const std::string& yaml);

}  // namespace mw::runner
