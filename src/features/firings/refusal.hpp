// Which errors of making a run are final. Pure.
#pragma once

#include "base/error.hpp"

namespace mw::firings {

// What a person may do something about; anything else is tried again.
bool is_refusal(const Error& error);

}  // namespace mw::firings
