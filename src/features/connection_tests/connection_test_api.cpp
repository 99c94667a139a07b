#include "features/connection_tests/connection_test_api.hpp"

#include "features/audit/audit_store.hpp"
#include "features/connection_tests/connection_test_store.hpp"
#include "features/environments/environment_store.hpp"

namespace mw::connection_tests {
namespace {

// A person tests one and looks at it; more is a program that went wild.
constexpr int kUnfinishedMax = 5;

api::Reply queue_test(pg::Pool& pool, api::Call& call) {
    MW_CO_TRY(auto environment_id, call.id("environment_id"));
    auto work = [&](pg::Connection& tx) -> Awaitable<ConnectionTest> {
        MW_CO_TRY(auto environment,
                  co_await environments::find_environment(tx, call.account_id, environment_id));
        if (!environment || environment->state != 1) co_return api::not_found();
        MW_CO_CHECK(call.permit(environment->project_id));
        MW_CO_TRY(auto unfinished, co_await count_unfinished(tx, call.account_id));
        if (unfinished >= kUnfinishedMax)
            co_return fail(Errc::limit_exceeded,
                           "Five connection tests of this account are not finished yet. Wait for "
                           "one of them to end.");
        MW_CO_TRY(auto test, co_await insert_test(tx, call.account_id, environment_id));
        MW_CO_CHECK(co_await audit::record(tx, call.caller,
                                           {.event = "environment.connection_tested",
                                            .subject_type = "environment",
                                            .subject_id = environment_id,
                                            .data = {{"connection_test_id", test.id}}}));
        co_return test;
    };
    MW_CO_TRY(auto test, co_await pg::with_tx(pool, work));
    co_return http::Response::json(201, connection_test_json(test));
}

api::Reply show_test(pg::Pool& pool, api::Call& call) {
    MW_CO_TRY(auto id, call.id("id"));
    MW_CO_TRY(auto test, co_await find_test(pool, call.account_id, id));
    if (!test) co_return api::not_found();
    MW_CO_TRY(auto lease, co_await pool.acquire());
    MW_CO_TRY(auto environment, co_await environments::find_environment(*lease, call.account_id,
                                                                        test->environment_id));
    if (!environment) co_return api::not_found();
    MW_CO_CHECK(call.permit(environment->project_id));
    co_return http::Response::json(200, connection_test_json(*test));
}

}  // namespace

void add_connection_test_endpoints(api::Api& api, pg::Pool& pool) {
    const std::string account = "/api/ui/accounts/{account_id}/";
    api.post(account + "environments/{environment_id}/connection-tests/",
             api::writes(api::Area::credentials),
             [&pool](api::Call& call) { return queue_test(pool, call); });
    api.get(account + "connection-tests/{id}/", api::reads(api::Area::credentials),
            [&pool](api::Call& call) { return show_test(pool, call); });
}

}  // namespace mw::connection_tests
