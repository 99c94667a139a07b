// Artifacts in the database; their content is in the object store.
#pragma once

#include <optional>
#include <vector>

#include "features/artifacts/artifact.hpp"
#include "infra/pg/pool.hpp"

namespace mw::artifacts {

namespace asio = boost::asio;

template <class T = void>
using Awaitable = asio::awaitable<result<T>>;

// Each replaces what the same step recorded under the same path. They are of one run and step.
Awaitable<> record_artifacts(pg::Connection& connection, const std::vector<Artifact>& artifacts);

// Empty when there is no such run or job.
Awaitable<std::optional<Id>> project_of_run(pg::Connection& connection, Id account_id, Id run_id);
Awaitable<std::optional<Id>> project_of_job(pg::Connection& connection, Id account_id, Id job_id);

// Paths that the run left behind, or that one step of it did, sorted.
Awaitable<std::vector<std::string>> list_paths(pg::Connection& connection, Id run_id,
                                               std::optional<int> step);
// As that step left it; without a step, as the last that has it did.
Awaitable<std::optional<Artifact>> find_artifact(pg::Connection& connection, Id account_id,
                                                 Id run_id, std::string_view path,
                                                 std::optional<int> step);
// As each step left it that has it, in their order.
Awaitable<std::vector<Artifact>> find_artifact_of_steps(pg::Connection& connection, Id run_id,
                                                        std::string_view path);
// As it was after that step: from it or the nearest step before it.
Awaitable<std::optional<Artifact>> find_artifact_after(pg::Connection& connection, Id run_id,
                                                       std::string_view path, int step);
// As a later run compares with it: of run_results.json not what `docs generate` left, because that
// has neither built nor tested anything.
Awaitable<std::optional<Artifact>> find_state_artifact(pg::Connection& connection, Id run_id,
                                                       std::string_view path);
// Of the job's latest successful run that has it.
Awaitable<std::optional<Artifact>> find_job_artifact(pg::Connection& connection, Id account_id,
                                                     Id job_id, std::string_view path);

}  // namespace mw::artifacts
