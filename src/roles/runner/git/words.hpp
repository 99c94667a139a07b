// What git's last words mean, in one plain sentence. Pure.
#pragma once

#include <string>
#include <string_view>

#include "roles/runner/run_spec.hpp"

namespace mw::runner {

std::string explain_git_failure(std::string_view output, const RepositorySpec& repository);

}  // namespace mw::runner
