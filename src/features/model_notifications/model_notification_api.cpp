#include "features/model_notifications/model_notification_api.hpp"

#include "base/described_schema.hpp"
#include "features/audit/audit_store.hpp"
#include "features/environments/environment_store.hpp"
#include "features/model_notifications/model_notification_store.hpp"

namespace mw::model_notifications {
namespace {

namespace asio = boost::asio;

boost::json::object switches_json(Id environment_id, const Switches& switches) {
    auto json = described_to_json(switches);
    json["environment_id"] = environment_id;
    return json;
}

// The environment of the path, if the caller may do there what the endpoint does.
asio::awaitable<result<Id>> find_place(pg::Connection& connection, const api::Call& call) {
    MW_CO_TRY(auto id, call.id("environment_id"));
    MW_CO_TRY(auto environment,
              co_await environments::find_environment(connection, call.account_id, id));
    if (!environment || environment->state != 1) co_return api::not_found();
    MW_CO_CHECK(call.permit(environment->project_id));
    co_return id;
}

api::Reply show(pg::Pool& pool, api::Call& call) {
    MW_CO_TRY(auto lease, co_await pool.acquire());
    MW_CO_TRY(auto id, co_await find_place(*lease, call));
    MW_CO_TRY(auto switches, co_await find_switches(*lease, id));
    co_return api::success(switches_json(id, switches));
}

api::Reply change(pg::Pool& pool, api::Call& call) {
    MW_CO_TRY(auto body, call.body());
    Id id = 0;
    auto work = [&](pg::Connection& tx) -> asio::awaitable<result<Switches>> {
        MW_CO_TRY(id, co_await find_place(tx, call));
        MW_CO_TRY(auto switches, co_await find_switches(tx, id));
        JsonReader in(body);
        in.keep("enabled", switches.enabled);
        in.keep("on_success", switches.on_success);
        in.keep("on_failure", switches.on_failure);
        in.keep("on_warning", switches.on_warning);
        in.keep("on_skipped", switches.on_skipped);
        MW_CO_CHECK(in.finish());
        MW_CO_CHECK(co_await set_switches(tx, id, switches));
        MW_CO_CHECK(co_await audit::record(
            tx, call.caller, {"environment.model_notifications_changed", "environment", id}));
        co_return switches;
    };
    MW_CO_TRY(auto switches, co_await pg::with_tx(pool, work));
    co_return api::success(switches_json(id, switches));
}

// State-aware orchestration keeps nothing here, so there is nothing to forget.
api::Reply forget(pg::Pool& pool, api::Call& call) {
    MW_CO_TRY(auto lease, co_await pool.acquire());
    MW_CO_TRY(auto id, co_await find_place(*lease, call));
    co_return api::success({{"environment_id", id}});
}

}  // namespace

void add_model_notification_endpoints(api::Api& api, pg::Pool& pool) {
    using How = api::Route::Answer;
    const std::string environment = "/api/v3/accounts/{account_id}/environments/{environment_id}/";
    const std::string path = environment + "model-notifications/";
    auto schema = described_schema<Switches>();
    api.get(path, api::reads(api::Area::environments),
            [&pool](api::Call& call) { return show(pool, call); })
        .says("Whether owners of models are told of them")
        .gives(How::one, schema);
    api.post(path, api::writes(api::Area::environments),
             [&pool](api::Call& call) { return change(pool, call); })
        .says("Have owners of models told of them, or not")
        .takes(schema)
        .gives(How::one, schema);
    api.del(environment + "sao-cache/", api::writes(api::Area::environments),
            [&pool](api::Call& call) { return forget(pool, call); })
        .says("Forget what state-aware orchestration knows of an environment");
}

}  // namespace mw::model_notifications
