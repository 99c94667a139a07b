#include "features/worker_api/granted.hpp"

#include <algorithm>
#include <array>

#include "features/runs/run_store.hpp"

namespace mw::worker_api {
namespace {

using Found = std::optional<artifacts::Artifact>;

// package-lock.yml: a retry installs what the run had installed that failed.
constexpr std::array<std::string_view, 3> kOfRetried{"manifest.json", "run_results.json",
                                                     "package-lock.yml"};
constexpr std::array<std::string_view, 3> kOfDeferred{"manifest.json", "run_results.json",
                                                      "sources.json"};

bool among(const std::array<std::string_view, 3>& paths, std::string_view path) {
    return std::ranges::find(paths, path) != paths.end();
}

Awaitable<Found> find_of_retried(pg::Connection& connection, Id failed_run_id, std::string path) {
    MW_CO_TRY(auto failed, co_await runs::find_run(connection, failed_run_id));
    if (!failed || !failed->failed_step_index) co_return std::nullopt;
    co_return co_await artifacts::find_artifact_after(connection, failed->id, path,
                                                      *failed->failed_step_index);
}

}  // namespace

Awaitable<std::optional<RetrySource>> find_retry_source(pg::Connection& connection,
                                                        const runs::Run& run) {
    if (!run.retrying_run_id) co_return std::nullopt;
    MW_CO_TRY(auto failed, co_await runs::find_run(connection, *run.retrying_run_id));
    if (!failed || !failed->failed_step_index) co_return std::nullopt;
    RetrySource source{*failed->failed_step_index, {}};
    for (auto path : kOfRetried) {
        MW_CO_TRY(auto found, co_await artifacts::find_artifact_after(connection, failed->id, path,
                                                                      source.failed_step));
        if (found) source.artifacts.emplace_back(path);
    }
    co_return source;
}

Awaitable<std::vector<std::string>> list_state_artifacts(pg::Connection& connection, Id run_id) {
    std::vector<std::string> paths;
    for (auto path : kOfDeferred) {
        MW_CO_TRY(auto found, co_await artifacts::find_state_artifact(connection, run_id, path));
        if (found) paths.emplace_back(path);
    }
    co_return paths;
}

Awaitable<Found> find_granted_artifact(pg::Connection& connection, const runs::Run& run,
                                       Id other_run_id, std::string path) {
    if (run.retrying_run_id == other_run_id && among(kOfRetried, path))
        co_return co_await find_of_retried(connection, other_run_id, path);
    if (run.deferring_run_id == other_run_id && among(kOfDeferred, path))
        co_return co_await artifacts::find_state_artifact(connection, other_run_id, path);
    co_return std::nullopt;
}

}  // namespace mw::worker_api
