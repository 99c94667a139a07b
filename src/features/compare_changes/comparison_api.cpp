#include "features/compare_changes/comparison_api.hpp"

#include "base/log.hpp"
#include "features/artifacts/artifact_content.hpp"
#include "features/artifacts/artifact_store.hpp"

namespace mw::compare_changes {
namespace {

namespace asio = boost::asio;

constexpr std::uint64_t kBytesMax = 16UL * 1024 * 1024;

api::Reply reply(pg::Pool& pool, store::ObjectStore& objects, api::Call& call) {
    MW_CO_TRY(auto run_id, call.id("run_id"));
    {
        MW_CO_TRY(auto lease, co_await pool.acquire());
        MW_CO_TRY(auto project,
                  co_await artifacts::project_of_run(*lease, call.account_id, run_id));
        if (!project) co_return api::not_found();
        MW_CO_CHECK(call.permit(*project));
    }
    MW_CO_TRY(auto comparison, co_await comparison_of_run(pool, objects, call.account_id, run_id));
    if (!comparison) co_return api::not_found();
    co_return http::Response::json(200, dbt::to_json(*comparison));
}

}  // namespace

asio::awaitable<result<std::optional<dbt::Comparison>>> comparison_of_run(
    pg::Pool& pool, store::ObjectStore& objects, Id account_id, Id run_id) {
    std::optional<artifacts::Artifact> artifact;
    {
        MW_CO_TRY(auto lease, co_await pool.acquire());
        MW_CO_TRY(artifact,
                  co_await artifacts::find_artifact(*lease, account_id, run_id,
                                                    dbt::kComparisonArtifact, std::nullopt));
    }
    if (!artifact) co_return std::nullopt;
    auto text = co_await artifacts::read_content(objects, *artifact, kBytesMax);
    auto comparison =
        text ? dbt::read_comparison(*text) : result<dbt::Comparison>(fail(text.error()));
    if (comparison) co_return std::move(*comparison);
    log::warn("comparison not read", {{"run_id", run_id}, {"reason", comparison.error().message}});
    co_return std::nullopt;
}

void add_comparison_endpoint(api::Api& api, pg::Pool& pool, store::ObjectStore& objects) {
    api.get("/api/ui/accounts/{account_id}/runs/{run_id}/compare-changes/",
            api::reads(api::Area::runs),
            [&pool, &objects](api::Call& call) { return reply(pool, objects, call); });
}

}  // namespace mw::compare_changes
