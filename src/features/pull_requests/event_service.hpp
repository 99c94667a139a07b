// Acts on what git hosts told: makes the runs of pull requests and merges, cancels what a new
// commit has outdated, and has a closed pull request's schemas dropped.
//
// Each delivery is acted on in the transaction that marks it as handled: once, whatever is killed
// in between, by however many schedulers.
#pragma once

#include "features/pull_requests/pull_request_store.hpp"

namespace mw::pull_requests {

// All that wait; how many. One that cannot be acted on is handled too, and says why. Errors:
// unavailable (database).
Awaitable<int> handle_deliveries(pg::Pool& pool);

}  // namespace mw::pull_requests
