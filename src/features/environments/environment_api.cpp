#include "features/environments/environment_api.hpp"

#include "api/list_reply.hpp"
#include "features/environments/environment_store.hpp"

namespace mw::environments {

void add_environment_endpoints(api::Api& api, pg::Pool& pool) {
    api.get("/api/v2/accounts/{account_id}/environments/", api::reads(api::Area::environments),
            [&pool](api::Call& call) -> api::Reply {
                co_return co_await api::list_reply<Environment>(pool, call, environment_list(),
                                                                environment_json);
            })
        .says("List environments")
        .gives(api::Route::Answer::list, {{"type", "object"}})
        .asks({"limit", "offset", "order_by", "state"});
    api.get("/api/v2/accounts/{account_id}/environments/{id}/", api::reads(api::Area::environments),
            [&pool](api::Call& call) -> api::Reply {
                MW_CO_TRY(auto id, call.id("id"));
                MW_CO_TRY(auto environment, co_await find_environment(pool, call.account_id, id));
                if (!environment || environment->state != 1) co_return api::not_found();
                MW_CO_CHECK(call.permit(environment->project_id));
                co_return api::success(environment_json(*environment));
            })
        .says("Get an environment")
        .gives(api::Route::Answer::one, {{"type", "object"}});
}

}  // namespace mw::environments
