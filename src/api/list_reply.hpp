// The whole of a list endpoint: read the query, fetch the page and the count of what the caller
// may see, answer.
#pragma once

#include "api/api.hpp"
#include "infra/pg/pool.hpp"

namespace mw::api {

// One page of a list.
template <class Row>
struct Page {
    ListQuery query;
    std::vector<Row> rows;
    std::int64_t total_count = 0;
};

template <class Row>
asio::awaitable<result<Page<Row>>> fetch_page(pg::Pool& pool, const Call& call,
                                              const ListSpec& spec) {
    Page<Row> page;
    MW_CO_TRY(page.query, parse_list_query(call.request, spec));
    page.query.limit_to(spec, call.caller.grants.projects(call.need));
    std::vector<pg::Param> params{pg::to_param(call.account_id)};
    params.insert(params.end(), page.query.params.begin(), page.query.params.end());
    MW_CO_TRY(auto lease, co_await pool.acquire());
    MW_CO_TRY(auto counted,
              co_await lease->run_text(spec.name, page.query.count_sql(spec), params));
    page.total_count = counted.template get<std::int64_t>(0, "total");
    MW_CO_TRY(auto rows, co_await lease->run_text(spec.name, page.query.select_sql(spec), params));
    page.rows = rows.template all<Row>();
    co_return page;
}

template <class Row, class ToJson>
Reply list_reply(pg::Pool& pool, const Call& call, const ListSpec& spec, ToJson to_json) {
    MW_CO_TRY(auto page, co_await fetch_page<Row>(pool, call, spec));
    boost::json::array data;
    for (const auto& row : page.rows)
        data.push_back(to_json(row));
    co_return success_list(std::move(data), page.query, page.total_count, call.account_id);
}

}  // namespace mw::api
