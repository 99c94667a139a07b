// What a run's worker may have of other runs: a few files of the one that it retries and of the
// one that it defers to.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "features/artifacts/artifact_store.hpp"
#include "features/worker_api/lease_store.hpp"
#include "features/worker_api/spec.hpp"

namespace mw::worker_api {

// Empty when the run retries none, or one that had no step that failed.
Awaitable<std::optional<RetrySource>> find_retry_source(pg::Connection& connection,
                                                        const runs::Run& run);

// Of the files that a comparison may need, those which this run left behind.
Awaitable<std::vector<std::string>> list_state_artifacts(pg::Connection& connection, Id run_id);

// Empty for a run that `run` has nothing to do with, whatever the path, and for any other path.
Awaitable<std::optional<artifacts::Artifact>> find_granted_artifact(pg::Connection& connection,
                                                                    const runs::Run& run,
                                                                    Id other_run_id,
                                                                    std::string path);

}  // namespace mw::worker_api
