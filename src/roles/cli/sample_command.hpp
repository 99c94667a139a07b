// `millwright admin sample`: the account, sign-in, project and environments of the sample.
#pragma once

#include <boost/json/object.hpp>

#include "base/layout.hpp"
#include "base/settings.hpp"

namespace mw::cli {

// Loads what is missing; what is there is kept, but password and token are made anew, because
// they can't be read back. Prints one JSON object: account_id, project_id, environment_id, email,
// password, token. The process's exit code.
int load_sample(const Layout& layout);

}  // namespace mw::cli
