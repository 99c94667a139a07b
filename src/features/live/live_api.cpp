#include "features/live/live_api.hpp"

#include <fmt/format.h>

#include "features/live/live_socket.hpp"
#include "features/runs/node_store.hpp"
#include "features/runs/run_store.hpp"

namespace mw::live {
namespace {

// A browser sends its cookie with any page's WebSocket: only our own pages may open one.
result<> check_origin(const http::Request& request, const api::Caller& caller) {
    if (caller.kind != api::Caller::Kind::session) return {};
    auto host = request.header("x-forwarded-host");
    if (host.empty()) host = request.header("host");
    if (is_same_origin(request.header("origin"), host)) return {};
    return fail(Errc::forbidden, "The WebSocket may only be opened by Millwright's own pages.");
}

class LiveApi {
  public:
    LiveApi(api::Authenticator& authenticator, pg::Pool& pool, run_log::LogReader& logs,
            LiveHub& hub)
        : authenticator_(authenticator), pool_(pool), logs_(logs), hub_(hub) {}

    asio::awaitable<result<>> live(http::Request& request, http::WebSocket& socket) {
        MW_CO_TRY(auto caller, co_await authenticator_.authenticate(request));
        MW_CO_CHECK(check_origin(request, caller));
        LiveSocket browser(socket, std::move(caller), pool_, hub_);
        co_return co_await browser.serve();
    }

    api::Reply nodes(api::Call& call) {
        MW_CO_TRY(auto run, co_await find_run(call));
        MW_CO_TRY(auto lease, co_await pool_.acquire());
        MW_CO_TRY(auto found, co_await runs::find_nodes(*lease, run.id));
        boost::json::array nodes;
        for (const auto& node : found)
            nodes.push_back(runs::node_json(node));
        co_return http::Response::json(200, {{"nodes", std::move(nodes)}});
    }

    api::Reply log(api::Call& call) {
        MW_CO_TRY(auto run, co_await find_run(call));
        MW_CO_TRY(auto index, call.id("index"));
        MW_CO_TRY(auto wanted, read_page(call.request));
        auto step = static_cast<int>(std::min<Id>(index, INT32_MAX));
        // Before the page is read: what is over then has no line after it.
        MW_CO_TRY(bool over, co_await step_is_over(run, step));
        MW_CO_TRY(auto page, co_await logs_.page({run.account_id, run.id, step}, wanted));
        boost::json::array lines;
        for (const auto& line : page.lines)
            lines.push_back(run_log::line_json(line));
        co_return http::Response::json(200, {{"lines", std::move(lines)},
                                             {"next_after", page.next_after},
                                             {"complete", page.at_end && over}});
    }

  private:
    asio::awaitable<result<runs::Run>> find_run(api::Call& call) {
        MW_CO_TRY(auto id, call.id("run_id"));
        MW_CO_TRY(auto lease, co_await pool_.acquire());
        MW_CO_TRY(auto run, co_await runs::find_run(*lease, call.account_id, id));
        if (!run) co_return api::not_found();
        MW_CO_CHECK(call.permit(run->project_id));
        co_return std::move(*run);
    }

    asio::awaitable<result<bool>> step_is_over(const runs::Run& run, int index) {
        if (runs::is_over(run.status)) co_return true;
        MW_CO_TRY(auto lease, co_await pool_.acquire());
        MW_CO_TRY(auto steps, co_await runs::find_steps(*lease, {run.id}));
        for (const auto& step : steps)
            if (step.index == index) co_return runs::is_over(step.status);
        co_return false;
    }

    static result<run_log::PageRequest> read_page(const http::Request& request) {
        run_log::PageRequest page;
        if (auto text = request.query_value("after"); text && *text != "0") {
            auto after = parse_id(*text);
            if (!after) return fail_field("after", "must be a line's number");
            page.after = *after;
        }
        if (auto text = request.query_value("limit")) {
            auto limit = parse_id(*text);
            if (!limit) return fail_field("limit", "must be a whole number of at least 1");
            page.limit = std::min(*limit, run_log::kPageLinesMax);
        }
        auto level = request.query_value("level").value_or("debug");
        if (level != "info" && level != "debug")
            return fail_field("level", "must be info or debug");
        page.least = run_log::parse_level(level);
        return page;
    }

    api::Authenticator& authenticator_;
    pg::Pool& pool_;
    run_log::LogReader& logs_;
    LiveHub& hub_;
};

}  // namespace

void add_live_endpoints(api::Api& api, pg::Pool& pool, run_log::LogReader& logs, LiveHub& hub) {
    auto live = std::make_shared<LiveApi>(api.authenticator(), pool, logs, hub);
    api.open().add_websocket("/api/ui/live/",
                             [live](http::Request& request, http::WebSocket& socket) {
                                 return live->live(request, socket);
                             });
    const std::string run = "/api/ui/accounts/{account_id}/runs/{run_id}/";
    api.get(run + "nodes/", api::reads(api::Area::runs),
            [live](api::Call& call) { return live->nodes(call); });
    api.get(run + "steps/{index}/log/", api::reads(api::Area::runs),
            [live](api::Call& call) { return live->log(call); });
}

}  // namespace mw::live
