#include "features/retention/retention_service.hpp"

#include <fmt/format.h>

namespace mw::retention {

std::string run_prefix(Id account_id, Id run_id) {
    return fmt::format("accounts/{}/runs/{}/", account_id, run_id);
}

Awaitable<int> remove_old_runs(pg::Pool& pool, store::ObjectStore& objects,
                               Timestamp finished_before, int limit) {
    MW_CO_TRY(auto old_runs, co_await find_old_runs(pool, finished_before, limit));
    std::vector<Id> ids;
    for (const auto& run : old_runs) {
        MW_CO_CHECK(co_await objects.remove_prefix(run_prefix(run.account_id, run.id)));
        ids.push_back(run.id);
    }
    if (ids.empty()) co_return 0;
    auto body = [&ids](pg::Connection& tx) { return delete_runs(tx, ids); };
    MW_CO_CHECK(co_await pg::with_tx(pool, body));
    co_return static_cast<int>(ids.size());
}

}  // namespace mw::retention
