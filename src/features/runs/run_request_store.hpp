// Requests to run a job that carry a key of the client's: asked again, they give the run that there
// is. In the transaction that makes the run.
#pragma once

#include <string>

#include "features/runs/run_store.hpp"

namespace mw::runs {

struct RunRequest {
    Id account_id = 0;
    std::string key;
    std::string digest;  // of what is asked for
};

// The run that an earlier request with this key has made; empty when this is the first, and then
// `keep_request` must follow. Waits for one that is going on. Errors: conflict when the key was
// used for something else.
Awaitable<std::optional<Id>> claim_request(pg::Connection& tx, const RunRequest& request);
Awaitable<> keep_request(pg::Connection& tx, const RunRequest& request, Id run_id);

// Those that nobody will ask again; how many.
Awaitable<int> delete_old_requests(pg::Pool& pool, std::chrono::hours age);

}  // namespace mw::runs
