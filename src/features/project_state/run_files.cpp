#include "features/project_state/run_files.hpp"

#include "features/artifacts/artifact_content.hpp"

namespace mw::project_state {
namespace {

constexpr std::uint64_t kFileBytesMax = 512UL * 1024 * 1024;

Awaitable<std::vector<StepFile>> read_each(pg::Pool& pool, store::ObjectStore& objects, Id run_id,
                                           std::string_view path) {
    std::vector<artifacts::Artifact> found;
    {
        MW_CO_TRY(auto connection, co_await pool.acquire());
        MW_CO_TRY(found, co_await artifacts::find_artifact_of_steps(*connection, run_id, path));
    }
    std::vector<StepFile> files;
    for (const auto& artifact : found) {
        MW_CO_TRY(auto text, co_await artifacts::read_content(objects, artifact, kFileBytesMax));
        files.push_back({.step_index = artifact.step_index, .text = std::move(text)});
    }
    co_return files;
}

// Of the last step that wrote one: those before it say nothing more, and are large.
Awaitable<std::string> read_manifest(pg::Pool& pool, store::ObjectStore& objects, Id account_id,
                                     Id run_id) {
    std::optional<artifacts::Artifact> found;
    {
        MW_CO_TRY(auto connection, co_await pool.acquire());
        MW_CO_TRY(found, co_await artifacts::find_artifact(*connection, account_id, run_id,
                                                           "manifest.json", std::nullopt));
    }
    if (!found) co_return fail(Errc::not_found, "The run left no manifest.");
    co_return co_await artifacts::read_content(objects, *found, kFileBytesMax);
}

}  // namespace

Awaitable<Files> read_files(pg::Pool& pool, store::ObjectStore& objects, Id account_id, Id run_id,
                            Wanted wanted) {
    Files files;
    MW_CO_TRY(files.manifest, co_await read_manifest(pool, objects, account_id, run_id));
    MW_CO_TRY(files.run_results, co_await read_each(pool, objects, run_id, "run_results.json"));
    if (wanted == Wanted::results) co_return files;
    MW_CO_TRY(files.sources, co_await read_each(pool, objects, run_id, "sources.json"));
    MW_CO_TRY(files.catalogs, co_await read_each(pool, objects, run_id, "catalog.json"));
    co_return files;
}

}  // namespace mw::project_state
