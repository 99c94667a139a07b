#include "features/runs/run_api.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "api/example_schema.hpp"
#include "api/list_reply.hpp"
#include "base/described_schema.hpp"
#include "features/runs/node_store.hpp"
#include "features/runs/run_request_store.hpp"
#include "features/runs/run_service.hpp"
#include "infra/crypto/token_hash.hpp"

namespace mw::runs {
namespace {

constexpr std::size_t kKeyBytesMax = 255;

// What the answer to a change shows besides the run itself.
constexpr Includes kAfterChange{.trigger = true, .job = true, .environment = true};

std::string_view category_of(const api::Caller& caller) {
    return caller.kind == api::Caller::Kind::session ? kCauseUi : kCauseApi;
}

class RunApi {
  public:
    RunApi(pg::Pool& pool, RunViews& views) : pool_(pool), views_(views) {}

    api::Reply list(api::Call& call) {
        MW_CO_TRY(auto page, co_await api::fetch_page<Run>(pool_, call, run_list()));
        page.query.shown_filters["state"] = call.request.query_value("state").value_or("all");
        auto includes = Includes::from(page.query.include_related);
        MW_CO_TRY(auto data, co_await views_.list(page.rows, includes));
        co_return api::success_list(data, page.rows.size(), page.query, page.total_count,
                                    call.account_id);
    }

    api::Reply get(api::Call& call) {
        MW_CO_TRY(auto run, co_await find(call, "id"));
        auto includes = Includes::from(api::included_related(call.request));
        MW_CO_TRY(auto json, co_await views_.one(run, includes));
        co_return api::success(std::move(json));
    }

    api::Reply cancel(api::Call& call) {
        MW_CO_TRY(auto id, call.id("run_id"));
        co_return co_await change([&](pg::Connection& tx) -> Awaitable<Run> {
            MW_CO_CHECK(co_await permit(tx, call, find_place_of_run, id));
            co_return co_await request_cancel(tx, call.caller, id);
        });
    }

    api::Reply retry(api::Call& call) {
        MW_CO_TRY(auto id, call.id("run_id"));
        co_return co_await change([&](pg::Connection& tx) -> Awaitable<Run> {
            MW_CO_CHECK(co_await permit(tx, call, find_place_of_run, id));
            co_return co_await retry_run(tx, call.caller, id);
        });
    }

    // Which step failed, and which were left out after it.
    api::Reply failure_details(api::Call& call) {
        MW_CO_TRY(auto run, co_await find(call, "run_id"));
        boost::json::object data{{"failed_step", nullptr}, {"skipped_steps", boost::json::array{}}};
        if (!run.failed_step_index) co_return api::success(std::move(data));
        MW_CO_TRY(auto lease, co_await pool_.acquire());
        MW_CO_TRY(auto steps, co_await find_steps(*lease, {run.id}));
        for (const auto& step : steps) {
            if (step.index == *run.failed_step_index) data["failed_step"] = step.name;
            if (step.index > *run.failed_step_index && step.status == Status::cancelled)
                data["skipped_steps"].as_array().push_back(boost::json::value(step.name));
        }
        co_return api::success(std::move(data));
    }

    // When each node ran, in the order of their steps.
    api::Reply timing(api::Call& call) {
        MW_CO_TRY(auto run, co_await find(call, "run_id"));
        MW_CO_TRY(auto project_id, call.id("project_id"));
        if (run.project_id != project_id) co_return api::not_found();
        MW_CO_TRY(auto lease, co_await pool_.acquire());
        MW_CO_TRY(auto nodes, co_await find_nodes(*lease, run.id));
        boost::json::array data;
        for (const auto& node : nodes)
            data.push_back(node_json(node));
        co_return api::success(std::move(data));
    }

    api::Reply trigger(api::Call& call) {
        MW_CO_TRY(auto job_id, call.id("job_id"));
        MW_CO_TRY(auto body, call.body());
        MW_CO_TRY(auto request, read_trigger_request(body));
        NewRun run{.account_id = call.account_id,
                   .job_id = job_id,
                   .cause = std::move(request.cause),
                   .cause_category = std::string(category_of(call.caller)),
                   .overrides = std::move(request.overrides),
                   .caller = call.caller};
        MW_CO_TRY(auto asked, asked_before(call, job_id));
        MW_CO_TRY(auto made, co_await pg::with_tx(pool_, [&](pg::Connection& tx) {
                      return make(tx, call, run, asked);
                  }));
        MW_CO_TRY(auto json, co_await views_.made(made.run, made.place));
        co_return api::success(std::move(json));
    }

    api::Reply rerun(api::Call& call) {
        MW_CO_TRY(auto job_id, call.id("job_id"));
        std::string category(category_of(call.caller));
        co_return co_await change([&](pg::Connection& tx) -> Awaitable<Run> {
            MW_CO_CHECK(co_await permit(tx, call, find_place_of_job, job_id));
            co_return co_await rerun_job(tx, call.caller, job_id, category);
        });
    }

    api::Reply step(api::Call& call) {
        MW_CO_TRY(auto id, call.id("id"));
        std::optional<Step> found;
        {
            MW_CO_TRY(auto lease, co_await pool_.acquire());
            MW_CO_TRY(found, co_await find_step(*lease, call.account_id, id));
            if (!found) co_return api::not_found();
            MW_CO_CHECK(co_await permit(*lease, call, find_place_of_run, found->run_id));
        }
        bool whole = api::included_related(call.request).contains("debug_logs");
        MW_CO_TRY(auto json, co_await views_.step(*found, whole));
        co_return api::success(std::move(json));
    }

  private:
    // By the client's own key, so that asking again does not run the job again.
    static result<std::optional<RunRequest>> asked_before(const api::Call& call, Id job_id) {
        auto key = call.request.header("idempotency-key");
        if (key.empty()) return std::nullopt;
        bool plain = std::ranges::all_of(key, [](char c) { return c > ' ' && c < 0x7F; });
        if (key.size() > kKeyBytesMax || !plain)
            return fail_field("Idempotency-Key", "must be at most 255 characters, without blanks");
        auto digest = crypto::sha256_hex(fmt::format("{} {}", job_id, call.request.body));
        return RunRequest{call.account_id, std::string(key), std::move(digest)};
    }

    struct Made {
        Run run;
        JobPlace place;
    };
    static Awaitable<Made> make(pg::Connection& tx, const api::Call& call, NewRun run,
                                std::optional<RunRequest> asked) {
        Made made;
        MW_CO_TRY(made.place, co_await hold_job_place(tx, run.account_id, run.job_id));
        auto place = made.place.place();
        MW_CO_CHECK(call.permit(place.project_id, place.category));
        std::optional<Id> before;
        if (asked) {
            MW_CO_TRY(before, co_await claim_request(tx, *asked));
        }
        if (before) {
            MW_CO_TRY(made.run, co_await known(tx, call.account_id, *before));
            co_return made;
        }
        MW_CO_TRY(made.run, co_await create_run(tx, made.place, std::move(run)));
        if (asked) MW_CO_CHECK(co_await keep_request(tx, *asked, made.run.id));
        co_return made;
    }

    static Awaitable<Run> known(pg::Connection& tx, Id account_id, Id run_id) {
        MW_CO_TRY(auto run, co_await find_run(tx, account_id, run_id));
        if (!run) co_return api::not_found();
        co_return std::move(*run);
    }

    // Something that happens to a run needs the rights to its place.
    template <class Find>
    Awaitable<> permit(pg::Connection& connection, const api::Call& call, Find find, Id id) {
        MW_CO_TRY(auto place, co_await find(connection, call.account_id, id));
        if (!place) co_return api::not_found();
        co_return call.permit(place->project_id, place->category);
    }

    Awaitable<Run> find(const api::Call& call, std::string_view parameter) {
        MW_CO_TRY(auto id, call.id(parameter));
        MW_CO_TRY(auto lease, co_await pool_.acquire());
        MW_CO_TRY(auto run, co_await find_run(*lease, call.account_id, id));
        if (!run) co_return api::not_found();
        MW_CO_CHECK(call.permit(run->project_id));
        co_return std::move(*run);
    }

    template <class Change>
    api::Reply change(Change change) {
        MW_CO_TRY(auto run, co_await pg::with_tx(pool_, std::move(change)));
        MW_CO_TRY(auto json, co_await views_.one(run, kAfterChange));
        co_return api::success(std::move(json));
    }

    pg::Pool& pool_;
    RunViews& views_;
};

}  // namespace

void add_run_endpoints(api::Api& api, pg::Pool& pool, RunViews& views) {
    auto runs = std::make_shared<RunApi>(pool, views);
    const std::string account = "/api/v2/accounts/{account_id}/";
    constexpr auto reads = api::reads(api::Area::runs);
    constexpr auto writes = api::writes(api::Area::runs);
    auto run = api::schema_like(run_json(Run{}, Related{}, "", Timestamp{}));
    auto step = api::schema_like(step_json(Step{}, nullptr, Timestamp{}));
    auto trigger = described_schema<Overrides>();
    trigger["properties"].as_object()["cause"] = {{"type", "string"}, {"minLength", 1}};
    trigger["required"] = boost::json::array{"cause"};
    api.get(account + "runs/", reads, [runs](api::Call& call) { return runs->list(call); })
        .says("List runs")
        .gives(api::Route::Answer::list, run)
        .asks({"limit", "offset", "order_by", "state"});
    api.get(account + "runs/{id}/", reads, [runs](api::Call& call) { return runs->get(call); })
        .says("Get a run")
        .gives(api::Route::Answer::one, run);
    api.post(account + "runs/{run_id}/cancel/", writes,
             [runs](api::Call& call) { return runs->cancel(call); })
        .says("Cancel a run")
        .gives(api::Route::Answer::one, run);
    api.get(account + "runs/{run_id}/retry/", reads,
            [runs](api::Call& call) { return runs->failure_details(call); })
        .says("What failed in a run")
        .gives(api::Route::Answer::one, {{"type", "object"}});
    api.post(account + "runs/{run_id}/retry/", writes,
             [runs](api::Call& call) { return runs->retry(call); })
        .says("Take a run up where it failed")
        .gives(api::Route::Answer::one, run);
    api.post(account + "jobs/{job_id}/run/", writes,
             [runs](api::Call& call) { return runs->trigger(call); })
        .says("Run a job")
        .takes(trigger)
        .gives(api::Route::Answer::one, run);
    api.post(account + "jobs/{job_id}/rerun/", writes,
             [runs](api::Call& call) { return runs->rerun(call); })
        .says("Run a job again, from where it failed if it did")
        .gives(api::Route::Answer::one, run);
    api.get(account + "steps/{id}/", reads, [runs](api::Call& call) { return runs->step(call); })
        .says("Get a step of a run")
        .gives(api::Route::Answer::one, step);
    api.get("/api/v3/accounts/{account_id}/projects/{project_id}/runs/{run_id}/timing/", reads,
            [runs](api::Call& call) { return runs->timing(call); })
        .says("When each node of a run ran")
        .gives(api::Route::Answer::one, {{"type", "array"}, {"items", {{"type", "object"}}}});
}

}  // namespace mw::runs
