// What git's last words mean. Pure.
#pragma once

#include <string>
#include <string_view>

#include "roles/runner/git/source.hpp"

namespace mw::runner {

// In one plain sentence.
std::string explain_git_failure(std::string_view output, const Source& source);

enum class GitTrouble {
    unclear,   // may be of this machine
    away,      // the remote's host cannot be reached, or does not work
    answered,  // by the remote, or by what we know of it: it stands
};
GitTrouble trouble_of(std::string_view output);

}  // namespace mw::runner
