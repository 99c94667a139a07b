#include "roles/cli/job_command.hpp"

#include <fmt/format.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/json/serialize.hpp>
#include <cstdio>

#include "roles/cli/api_session.hpp"
#include "roles/cli/run_progress.hpp"

namespace mw::cli {
namespace {

namespace asio = boost::asio;
using boost::json::array;
using boost::json::object;
using namespace std::chrono_literals;

constexpr int kCouldNotAsk = 3;

std::string text(const object& from, std::string_view key) {
    const auto* value = from.if_contains(key);
    return value && value->is_string() ? std::string(value->get_string()) : "";
}

int exit_code_of(std::int64_t status) {
    return status == 10 ? 0 : status == 30 ? 2 : 1;
}

// An id, or the one job of that name.
asio::awaitable<result<Id>> find_job(ApiSession& api, std::string job) {
    if (auto id = parse_id(job)) co_return *id;
    for (int offset = 0;; offset += 100) {
        MW_CO_TRY(
            auto page,
            co_await api.get(api.account_path(fmt::format("jobs/?limit=100&offset={}", offset))));
        for (const auto& item : page.as_array())
            if (text(item.as_object(), "name") == job)
                co_return item.as_object().at("id").as_int64();
        if (page.as_array().size() < 100) break;
    }
    co_return fail(Errc::not_found, fmt::format("There is no job named \"{}\".", job));
}

asio::awaitable<result<array>> fetch_nodes(ApiSession& api, Id run_id) {
    MW_CO_TRY(auto answer, co_await api.get(api.ui_path(fmt::format("runs/{}/nodes/", run_id))));
    co_return answer.as_object().at("nodes").as_array();
}

// Follows the run to its end. An appliance that is away for a while is waited for.
asio::awaitable<result<object>> follow(ApiSession& api, Id run_id, RunProgress* progress) {
    asio::steady_timer pause(co_await asio::this_coro::executor);
    int failures = 0;
    for (;;) {
        auto run = co_await api.get(
            api.account_path(fmt::format("runs/{}/?include_related=run_steps", run_id)));
        auto nodes = run && progress ? co_await fetch_nodes(api, run_id) : result<array>(array{});
        if (run && nodes) {
            failures = 0;
            auto& state = run->as_object();
            bool over = state.at("is_complete").as_bool();
            if (progress) progress->update(state, *nodes);
            if (over && progress) progress->finish(state, *nodes);
            if (over) co_return std::move(state);
        } else {
            auto error = run ? nodes.error() : run.error();
            if (error.code != Errc::unavailable || ++failures > 240) co_return fail(error);
        }
        pause.expires_after(250ms);
        co_await pause.async_wait(asio::use_awaitable);
    }
}

asio::awaitable<result<int>> trigger(const JobRunOptions& options, ApiSession& api) {
    MW_CO_CHECK(co_await api.open());
    MW_CO_TRY(auto job_id, co_await find_job(api, options.job));
    object body{{"cause", options.cause}};
    if (!options.git_branch.empty()) body["git_branch"] = options.git_branch;
    if (!options.steps.empty()) body["steps_override"] = boost::json::value_from(options.steps);
    MW_CO_TRY(auto run,
              co_await api.post(api.account_path(fmt::format("jobs/{}/run/", job_id)), body));
    Id run_id = run.as_object().at("id").as_int64();
    Terminal terminal;
    if (!options.wait) {
        if (options.json)
            fmt::print("{}\n", boost::json::serialize(run));
        else
            terminal.line(fmt::format("run {} queued: {}", run_id, text(run.as_object(), "href")));
        co_return 0;
    }
    RunProgress progress(terminal);
    MW_CO_TRY(auto end, co_await follow(api, run_id, options.json ? nullptr : &progress));
    if (options.json) fmt::print("{}\n", boost::json::serialize(end));
    co_return exit_code_of(end.at("status").as_int64());
}

void print_run_row(const Terminal& terminal, const object& run) {
    auto status = run.at("status").as_int64();
    auto colour = status == 10   ? Colour::green
                  : status == 20 ? Colour::red
                  : status < 10  ? Colour::blue
                                 : Colour::grey;
    std::string job;
    if (const auto* nested = run.if_contains("job"); nested && nested->is_object())
        job = text(nested->get_object(), "name");
    fmt::print("{:>8}  {}  {:<30.30}  {:<19.19}  {:>8}  {}\n", run.at("id").as_int64(),
               terminal.paint(colour, fmt::format("{:<9}", text(run, "status_humanized"))), job,
               text(run, "created_at"), text(run, "run_duration"),
               text(run, "git_sha").substr(0, 8));
}

asio::awaitable<result<int>> show_runs(const RunsOptions& options, ApiSession& api) {
    MW_CO_CHECK(co_await api.open());
    if (!options.cancel.empty()) {
        MW_CO_TRY(auto run,
                  co_await api.post(
                      api.account_path(fmt::format("runs/{}/cancel/", options.cancel)), object{}));
        fmt::print("run {}: {}\n", options.cancel, text(run.as_object(), "status_humanized"));
        co_return 0;
    }
    auto query = fmt::format("runs/?order_by=-id&include_related=job&limit={}", options.limit);
    if (!options.job.empty()) {
        MW_CO_TRY(auto job_id, co_await find_job(api, options.job));
        query += fmt::format("&job_definition_id={}", job_id);
    }
    MW_CO_TRY(auto runs, co_await api.get(api.account_path(query)));
    if (options.json) {
        fmt::print("{}\n", boost::json::serialize(runs));
        co_return 0;
    }
    Terminal terminal;
    if (runs.as_array().empty())
        fmt::print("No runs yet. Start one: millwright job run JOB --wait\n");
    else
        fmt::print("{:>8}  {:<9}  {:<30}  {:<19}  {:>8}  {}\n", "run", "state", "job",
                   "created (UTC)", "ran", "commit");
    for (const auto& run : runs.as_array())
        print_run_row(terminal, run.as_object());
    co_return 0;
}

// Runs one command against the API and turns its outcome into an exit code.
template <class Command>
int with_api(const std::filesystem::path& demo_file, Command command) {
    auto target = ApiTarget::find(demo_file);
    if (!target) {
        fmt::print(stderr, "millwright: {}\n", target.error().message);
        return kCouldNotAsk;
    }
    asio::io_context ioc{1};
    ApiSession api(ioc.get_executor(), std::move(*target));
    int code = kCouldNotAsk;
    asio::co_spawn(
        ioc,
        [&]() -> asio::awaitable<void> {
            auto outcome = co_await command(api);
            if (outcome)
                code = *outcome;
            else
                fmt::print(stderr, "millwright: {}\n", outcome.error().message);
        },
        [](std::exception_ptr thrown) {
            if (thrown) std::rethrow_exception(thrown);
        });
    try {
        ioc.run();
    } catch (const std::exception& error) {
        fmt::print(stderr, "millwright: the API's answer was not understood ({})\n", error.what());
        return kCouldNotAsk;
    }
    return code;
}

}  // namespace

int run_job(const JobRunOptions& options) {
    return with_api(options.demo_file, [&](ApiSession& api) { return trigger(options, api); });
}

int list_runs(const RunsOptions& options) {
    return with_api(options.demo_file, [&](ApiSession& api) { return show_runs(options, api); });
}

}  // namespace mw::cli
