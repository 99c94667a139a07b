#include "features/history/history_api.hpp"

#include <fmt/format.h>

#include <charconv>

#include "base/described_schema.hpp"
#include "features/environments/environment_store.hpp"
#include "features/history/job_cost_store.hpp"

namespace mw::history {
namespace {

constexpr int kRowsUnlessAsked = 100;
constexpr std::chrono::days kDaysUnlessAsked{30};
constexpr std::chrono::days kDaysMost{3660};

result<Timestamp> time_of(std::string_view name, std::string_view text) {
    // A day alone is its beginning.
    auto at = parse_time(text.size() == 10 ? fmt::format("{}T00:00:00Z", text) : std::string(text));
    if (at) return *at;
    return fail_field(std::string(name), "must be a time such as 2024-05-27T10:42:16Z");
}

std::string value_of(const http::Request& request, std::string_view name) {
    return std::string(request.query_value(name).value_or(""));
}

result<TimeSpan> span_of(const http::Request& request) {
    return read_span(value_of(request, "from"), value_of(request, "until"), now());
}

result<int> limit_of(const http::Request& request) {
    auto text = value_of(request, "limit");
    if (text.empty()) return kRowsUnlessAsked;
    int limit = 0;
    auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), limit);
    if (error != std::errc{} || end != text.data() + text.size() || limit < 1 || limit > kRowsMost)
        return fail_field("limit", fmt::format("must be from 1 to {}", kRowsMost));
    return limit;
}

result<std::optional<Id>> id_of(const http::Request& request, std::string_view name) {
    auto text = value_of(request, name);
    if (text.empty()) return std::nullopt;
    auto id = parse_id(text);
    if (!id) return fail_field(std::string(name), "must be the number of one");
    return id;
}

// Which environment is asked about, if the caller may see it.
Awaitable<Id> environment_of(pg::Connection& connection, const api::Call& call) {
    MW_CO_TRY(auto id, id_of(call.request, "environment_id"));
    if (!id) co_return fail_field("environment_id", "is required");
    MW_CO_TRY(auto found,
              co_await environments::find_environment(connection, call.account_id, *id));
    if (!found || found->state != 1) co_return api::not_found();
    MW_CO_CHECK(call.permit(found->project_id));
    co_return *id;
}

template <class Row>
http::Response answer(const std::vector<Row>& rows, Id account_id) {
    return api::success_all(member_to_json(rows).get_array(), account_id);
}

api::Reply nodes(pg::Pool& pool, api::Call& call) {
    MW_CO_TRY(auto span, span_of(call.request));
    MW_CO_TRY(auto limit, limit_of(call.request));
    auto unique_id = value_of(call.request, "unique_id");
    if (unique_id.empty()) co_return fail_field("unique_id", "is required: model.shop.orders");
    MW_CO_TRY(auto lease, co_await pool.acquire());
    MW_CO_TRY(auto environment_id, co_await environment_of(*lease, call));
    MW_CO_TRY(auto rows, co_await list_node_runs(*lease, environment_id, unique_id, span, limit));
    co_return answer(rows, call.account_id);
}

api::Reply tests(pg::Pool& pool, api::Call& call) {
    MW_CO_TRY(auto span, span_of(call.request));
    MW_CO_TRY(auto limit, limit_of(call.request));
    MW_CO_TRY(auto lease, co_await pool.acquire());
    MW_CO_TRY(auto environment_id, co_await environment_of(*lease, call));
    MW_CO_TRY(auto rows, co_await list_test_reliability(*lease, environment_id, span, limit));
    co_return answer(rows, call.account_id);
}

api::Reply jobs(pg::Pool& pool, api::Call& call) {
    MW_CO_TRY(auto span, span_of(call.request));
    MW_CO_TRY(auto limit, limit_of(call.request));
    CostFilter filter;
    MW_CO_TRY(auto project_id, id_of(call.request, "project_id"));
    if (project_id) filter.project_ids = {*project_id};
    MW_CO_TRY(filter.environment_id, id_of(call.request, "environment_id"));
    MW_CO_TRY(auto lease, co_await pool.acquire());
    MW_CO_TRY(auto rows, co_await list_job_costs(*lease, call.account_id, filter, span, limit));
    co_return answer(rows, call.account_id);
}

}  // namespace

result<TimeSpan> read_span(std::string_view from, std::string_view until, Timestamp at) {
    TimeSpan span{.from = at - kDaysUnlessAsked, .until = at};
    if (!until.empty()) {
        MW_TRY(span.until, time_of("until", until));
        span.from = span.until - kDaysUnlessAsked;
    }
    if (!from.empty()) {
        MW_TRY(span.from, time_of("from", from));
    }
    if (span.from >= span.until) return fail_field("from", "must be before until");
    if (span.until - span.from > kDaysMost)
        return fail_field("from",
                          fmt::format("may be at most {} days before until", kDaysMost.count()));
    return span;
}

void add_history_endpoints(api::Api& api, pg::Pool& pool) {
    using How = api::Route::Answer;
    const std::string path = "/api/v3/accounts/{account_id}/history/";
    constexpr auto metadata = api::reads(api::Area::metadata);
    api.get(path + "nodes/", metadata, [&pool](api::Call& call) { return nodes(pool, call); })
        .says("What came of a node of an environment in each run, the latest first")
        .gives(How::list, described_schema<NodeRun>())
        .asks({"environment_id", "unique_id", "from", "until", "limit"});
    api.get(path + "tests/", metadata, [&pool](api::Call& call) { return tests(pool, call); })
        .says("How reliable the tests of an environment are, the flakiest first")
        .gives(How::list, described_schema<TestReliability>())
        .asks({"environment_id", "from", "until", "limit"});
    api.get(path + "jobs/", api::reads(api::Area::cost),
            [&pool](api::Call& call) { return jobs(pool, call); })
        .says("What jobs cost, the dearest first")
        .gives(How::list, described_schema<JobCost>())
        .asks({"project_id", "environment_id", "from", "until", "limit"});
}

}  // namespace mw::history
