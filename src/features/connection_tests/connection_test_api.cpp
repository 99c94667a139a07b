#include "features/connection_tests/connection_test_api.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "features/audit/audit_store.hpp"
#include "features/connection_tests/connection_test_store.hpp"
#include "features/environments/environment_store.hpp"

namespace mw::connection_tests {
namespace {

// A person tests one and looks at it; more is a program that went wild.
constexpr int kUnfinishedMax = 5;
// Less than the gateway waits for an answer.
constexpr auto kPatience = std::chrono::seconds(100);
constexpr auto kPause = std::chrono::milliseconds(200);

Awaitable<ConnectionTest> queue(pg::Pool& pool, api::Call& call, Id environment_id) {
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
    co_return co_await pg::with_tx(pool, work);
}

api::Reply queue_test(pg::Pool& pool, api::Call& call) {
    MW_CO_TRY(auto environment_id, call.id("environment_id"));
    MW_CO_TRY(auto test, co_await queue(pool, call, environment_id));
    co_return http::Response::json(201, connection_test_json(test));
}

// The environment that a body names, or one that uses the connection that it names.
Awaitable<Id> environment_of(pg::Pool& pool, const api::Call& call, const RequestBody& body) {
    std::optional<Id> environment_id;
    std::optional<Id> connection_id;
    std::optional<Id> project_id;
    JsonReader in(body);
    in.optional("environment_id", environment_id, {1, INT64_MAX});
    in.optional("connection_id", connection_id, {1, INT64_MAX});
    if (!connection_id) in.optional("id", connection_id, {1, INT64_MAX});
    in.optional("project_id", project_id, {1, INT64_MAX});
    if (!environment_id && !connection_id)
        in.error("connection_id", "is required, or environment_id: what is stored is tested");
    MW_CO_CHECK(in.finish());
    if (environment_id) co_return *environment_id;
    MW_CO_TRY(auto lease, co_await pool.acquire());
    MW_CO_TRY(auto places,
              co_await places_of(*lease, call.account_id, *connection_id, project_id.value_or(0)));
    for (const auto& place : places)
        if (call.caller.grants.may(call.need, place.project_id)) co_return place.environment_id;
    co_return fail_field("connection_id",
                         "is used by no environment with credentials, and only with these can it "
                         "be tested");
}

// Queues a test and waits for its end, as long as a client may be kept waiting.
api::Reply test_and_wait(pg::Pool& pool, api::Call& call) {
    MW_CO_TRY(auto body, call.body());
    MW_CO_TRY(auto environment_id, co_await environment_of(pool, call, body));
    MW_CO_TRY(auto test, co_await queue(pool, call, environment_id));
    asio::steady_timer pause(co_await asio::this_coro::executor);
    auto end = std::chrono::steady_clock::now() + kPatience;
    while (test.status != static_cast<int>(Status::success) &&
           test.status != static_cast<int>(Status::error)) {
        if (std::chrono::steady_clock::now() >= end)
            co_return fail(Errc::timeout,
                           "The test has not ended yet. The warehouse may not answer.");
        pause.expires_after(kPause);
        co_await pause.async_wait(asio::use_awaitable);
        MW_CO_TRY(auto found, co_await find_test(pool, call.account_id, test.id));
        if (!found) co_return api::not_found();
        test = std::move(*found);
    }
    co_return api::success(connection_test_json(test));
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
    boost::json::object id{{"type", "integer"}};
    api.post("/api/v3/accounts/{account_id}/connections/test/", api::writes(api::Area::credentials),
             [&pool](api::Call& call) { return test_and_wait(pool, call); })
        .says("Test a connection with the credentials of an environment that uses it")
        .takes(
            {{"type", "object"},
             {"properties", {{"connection_id", id}, {"environment_id", id}, {"project_id", id}}}})
        .gives(api::Route::Answer::one, {{"type", "object"}});
    const std::string account = "/api/ui/accounts/{account_id}/";
    api.post(account + "environments/{environment_id}/connection-tests/",
             api::writes(api::Area::credentials),
             [&pool](api::Call& call) { return queue_test(pool, call); });
    api.get(account + "connection-tests/{id}/", api::reads(api::Area::credentials),
            [&pool](api::Call& call) { return show_test(pool, call); });
}

}  // namespace mw::connection_tests
