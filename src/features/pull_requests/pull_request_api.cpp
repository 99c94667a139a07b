#include "features/pull_requests/pull_request_api.hpp"

#include "base/described_json.hpp"
#include "features/pull_requests/pull_request_store.hpp"
#include "features/repositories/repository_store.hpp"

namespace mw::pull_requests {
namespace {

api::Reply list(pg::Pool& pool, api::Call& call) {
    MW_CO_TRY(auto id, call.id("repository_id"));
    auto status = call.request.query_value("status").value_or("");
    if (status != "" && status != "open" && status != "merged" && status != "closed")
        co_return fail_field("status", "must be open, merged or closed");
    MW_CO_TRY(auto repository, co_await repositories::find_repository(pool, call.account_id, id));
    if (!repository) co_return api::not_found();
    MW_CO_CHECK(call.permit(repository->project_id));
    MW_CO_TRY(auto rows, co_await list_pull_requests(pool, call.account_id, id, status));
    boost::json::array data;
    for (const auto& row : rows)
        data.push_back(described_to_json(row));
    co_return api::success(std::move(data));
}

}  // namespace

void add_pull_request_endpoints(api::Api& api, pg::Pool& pool) {
    api.get("/api/ui/accounts/{account_id}/repositories/{repository_id}/pull-requests/",
            api::reads(api::Area::repositories),
            [&pool](api::Call& call) { return list(pool, call); });
}

}  // namespace mw::pull_requests
