#include "features/artifacts/artifact_api.hpp"

#include <charconv>

#include "features/artifacts/artifact_reply.hpp"
#include "features/artifacts/artifact_store.hpp"

namespace mw::artifacts {
namespace {

constexpr int kStepMax = 10'000;

// `?step=N`, counted from 1; absent or empty: none.
result<std::optional<int>> step_of(const http::Request& request) {
    auto text = request.query_value("step");
    if (!text || text->empty()) return std::nullopt;
    int step = 0;
    auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), step);
    if (error != std::errc{} || end != text->data() + text->size() || step < 1 || step > kStepMax)
        return fail_field("step", "must be the index of a step, counted from 1");
    return step;
}

class ArtifactApi {
  public:
    ArtifactApi(pg::Pool& pool, store::ObjectStore& objects) : pool_(pool), objects_(objects) {}

    api::Reply list(api::Call& call) {
        MW_CO_TRY(auto run_id, call.id("run_id"));
        MW_CO_TRY(auto step, step_of(call.request));
        MW_CO_TRY(auto lease, co_await pool_.acquire());
        MW_CO_CHECK(permit(call, co_await project_of_run(*lease, call.account_id, run_id)));
        MW_CO_TRY(auto paths, co_await list_paths(*lease, run_id, step));
        boost::json::array data;
        for (const auto& path : paths)
            data.push_back(boost::json::value(path));
        co_return api::success(std::move(data));
    }

    api::Reply get(api::Call& call) {
        MW_CO_TRY(auto run_id, call.id("run_id"));
        MW_CO_TRY(auto step, step_of(call.request));
        std::optional<Artifact> found;
        {
            MW_CO_TRY(auto lease, co_await pool_.acquire());
            MW_CO_CHECK(permit(call, co_await project_of_run(*lease, call.account_id, run_id)));
            MW_CO_TRY(found, co_await find_artifact(*lease, call.account_id, run_id,
                                                    call.request.path_params["remainder"], step));
        }
        co_return co_await reply(call, std::move(found));
    }

    api::Reply get_of_job(api::Call& call) {
        MW_CO_TRY(auto job_id, call.id("job_id"));
        std::optional<Artifact> found;
        {
            MW_CO_TRY(auto lease, co_await pool_.acquire());
            MW_CO_CHECK(permit(call, co_await project_of_job(*lease, call.account_id, job_id)));
            MW_CO_TRY(found, co_await find_job_artifact(*lease, call.account_id, job_id,
                                                        call.request.path_params["remainder"]));
        }
        co_return co_await reply(call, std::move(found));
    }

  private:
    static result<> permit(const api::Call& call, const result<std::optional<Id>>& project) {
        if (!project) return fail(project.error());
        if (!*project) return api::not_found();
        return call.permit(**project);
    }

    api::Reply reply(api::Call& call, std::optional<Artifact> found) {
        if (!found) co_return api::not_found();
        auto response = co_await artifact_reply(objects_, *found, Wanted::from(call.request));
        if (!response && response.error().code == Errc::not_found) co_return api::not_found();
        co_return response;
    }

    pg::Pool& pool_;
    store::ObjectStore& objects_;
};

}  // namespace

void add_artifact_endpoints(api::Api& api, pg::Pool& pool, store::ObjectStore& objects) {
    auto artifacts = std::make_shared<ArtifactApi>(pool, objects);
    const std::string account = "/api/v2/accounts/{account_id}/";
    constexpr auto reads = api::reads(api::Area::runs);
    api.get(account + "runs/{run_id}/artifacts/", reads,
            [artifacts](api::Call& call) { return artifacts->list(call); })
        .says("List a run's artifacts")
        .gives(api::Route::Answer::one, {{"type", "array"}, {"items", {{"type", "string"}}}});
    api.get(account + "runs/{run_id}/artifacts/{remainder...}", reads,
            [artifacts](api::Call& call) { return artifacts->get(call); })
        .says("Get an artifact of a run")
        .gives(api::Route::Answer::raw)
        .in("*/*");
    api.get(account + "jobs/{job_id}/artifacts/{remainder...}", reads,
            [artifacts](api::Call& call) { return artifacts->get_of_job(call); })
        .says("Get an artifact of a job's latest good run")
        .gives(api::Route::Answer::raw)
        .in("*/*");
}

}  // namespace mw::artifacts
