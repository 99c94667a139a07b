#include "features/variables/variable_api.hpp"

#include "api/example_schema.hpp"
#include "features/audit/audit_store.hpp"
#include "features/resources/reference_store.hpp"
#include "features/variables/variable_input.hpp"
#include "features/variables/variable_store.hpp"
#include "features/variables/variable_views.hpp"

namespace mw::variables {
namespace {

using resources::check_reference;

class VariableApi {
  public:
    VariableApi(pg::Pool& pool, const crypto::Sealer& sealer) : pool_(pool), sealer_(sealer) {}

    api::Reply create(api::Call& call) {
        MW_CO_TRY(auto body, call.body());
        Variable variable;
        variable.account_id = call.account_id;
        MW_CO_TRY(variable.project_id, call.id("project_id"));
        MW_CO_TRY(auto value, read_variable(body, true, variable));
        auto work = [&](pg::Connection& tx) -> Awaitable<Variable> {
            MW_CO_CHECK(co_await check_place(tx, call, variable));
            MW_CO_TRY(auto written, co_await put_variable(tx, sealer_, variable, *value));
            MW_CO_CHECK(co_await record(tx, call, "environment_variable.created", written));
            co_return written;
        };
        MW_CO_TRY(auto written, co_await pg::with_tx(pool_, work));
        co_return api::success(variable_json(written));
    }

    api::Reply update(api::Call& call) {
        MW_CO_TRY(auto body, call.body());
        MW_CO_TRY(auto id, call.id("id"));
        MW_CO_TRY(auto project_id, call.id("project_id"));
        JsonReader in(body);
        int state = 1;
        in.keep("state", state, {1, 2});
        MW_CO_CHECK(in.finish());
        if (state == 2) co_return co_await remove(call);
        auto work = [&](pg::Connection& tx) -> Awaitable<Variable> {
            MW_CO_TRY(auto variable, co_await lock_variable(tx, call.account_id, project_id, id));
            if (!variable || !is_visible(call, *variable)) co_return api::not_found();
            MW_CO_TRY(auto value, read_variable(body, false, *variable));
            MW_CO_TRY(auto written, co_await change_variable(tx, sealer_, *variable, value));
            MW_CO_CHECK(co_await record(tx, call, "environment_variable.updated", written));
            co_return written;
        };
        MW_CO_TRY(auto written, co_await pg::with_tx(pool_, work));
        co_return api::success(variable_json(written));
    }

    api::Reply remove(api::Call& call) {
        MW_CO_TRY(auto id, call.id("id"));
        MW_CO_TRY(auto project_id, call.id("project_id"));
        auto work = [&](pg::Connection& tx) -> Awaitable<Variable> {
            MW_CO_TRY(auto variable, co_await lock_variable(tx, call.account_id, project_id, id));
            if (!variable || !is_visible(call, *variable)) co_return api::not_found();
            MW_CO_TRY(auto gone, co_await delete_variables(tx, call.account_id, project_id, {id}));
            MW_CO_CHECK(co_await record(tx, call, "environment_variable.deleted", gone.front()));
            co_return gone.front();
        };
        MW_CO_TRY(auto gone, co_await pg::with_tx(pool_, work));
        co_return api::success(variable_json(gone));
    }

    api::Reply environments(api::Call& call) {
        MW_CO_TRY(auto project_id, call.id("project_id"));
        MW_CO_TRY(auto lease, co_await pool_.acquire());
        MW_CO_TRY(auto variables, co_await list_variables(*lease, call.account_id, project_id));
        MW_CO_TRY(auto places, co_await environments_of(*lease, call.account_id, project_id));
        co_return api::success(by_environment(variables, places));
    }

    api::Reply job(api::Call& call) {
        MW_CO_TRY(auto project_id, call.id("project_id"));
        auto job_id = parse_id(call.request.query_value("job_definition_id").value_or(""));
        if (!job_id) co_return fail_field("job_definition_id", "must be the id of a job");
        MW_CO_TRY(auto lease, co_await pool_.acquire());
        MW_CO_TRY(auto environment,
                  co_await environment_of_job(*lease, call.account_id, project_id, *job_id));
        if (!environment) co_return api::not_found();
        MW_CO_TRY(auto variables, co_await list_variables(*lease, call.account_id, project_id));
        co_return api::success(for_job(variables, *job_id, *environment));
    }

    api::Reply user(api::Call& call) {
        MW_CO_TRY(auto project_id, call.id("project_id"));
        // A person's values are that person's alone.
        auto asked = parse_id(call.request.query_value("user_id").value_or(""));
        auto user_id = call.caller.user_id.value_or(0);
        if (asked && asked != user_id) co_return api::not_found();
        MW_CO_TRY(auto lease, co_await pool_.acquire());
        MW_CO_TRY(auto variables, co_await list_variables(*lease, call.account_id, project_id));
        co_return api::success(for_user(variables, user_id));
    }

  private:
    static bool is_visible(const api::Call& call, const Variable& variable) {
        return !variable.user_id || variable.user_id == call.caller.user_id;
    }

    Awaitable<> check_place(pg::Connection& tx, const api::Call& call, const Variable& variable) {
        if (variable.user_id && variable.user_id != call.caller.user_id)
            co_return fail_field("user_id", "must be your own");
        if (variable.environment_id)
            co_return co_await check_reference(tx, "environment_id", "environments",
                                               call.account_id, variable.project_id,
                                               *variable.environment_id);
        if (variable.job_id)
            co_return co_await check_reference(tx, "job_definition_id", "jobs", call.account_id,
                                               variable.project_id, *variable.job_id);
        co_return co_await check_reference(tx, "project_id", "projects", call.account_id,
                                           std::nullopt, variable.project_id);
    }

    static Awaitable<> record(pg::Connection& tx, const api::Call& call, std::string_view event,
                              const Variable& variable) {
        co_return co_await audit::record(
            tx, call.caller,
            {event, "environment_variable", variable.id, {{"name", variable.name}}});
    }

    pg::Pool& pool_;
    const crypto::Sealer& sealer_;
};

}  // namespace

void add_variable_endpoints(api::Api& api, pg::Pool& pool, const crypto::Sealer& sealer) {
    using How = api::Route::Answer;
    auto variables = std::make_shared<VariableApi>(pool, sealer);
    constexpr auto reads = api::reads(api::Area::variables);
    constexpr auto writes = api::writes(api::Area::variables);
    const std::string path =
        "/api/v3/accounts/{account_id}/projects/{project_id}/environment-variables/";
    boost::json::object schema{{"type", "object"}};
    auto variable = api::schema_like(variable_json(Variable{}));
    boost::json::object text{{"type", "string"}};
    boost::json::object body{
        {"type", "object"},
        {"properties",
         {{"name", text},
          {"type", {{"type", "string"}, {"enum", {"project", "environment", "job", "user"}}}},
          {"raw_value", text},
          {"environment_id", {{"type", {"integer", "null"}}}},
          {"job_definition_id", {{"type", {"integer", "null"}}}},
          {"user_id", {{"type", {"integer", "null"}}}}}}};
    api.post(path, writes, [variables](api::Call& call) { return variables->create(call); })
        .says("Set an environment variable for a project, an environment, a job or oneself")
        .takes(body)
        .gives(How::one, variable);
    api.post(path + "{id}/", writes,
             [variables](api::Call& call) { return variables->update(call); })
        .says("Change a value of an environment variable")
        .takes(body)
        .gives(How::one, variable);
    api.del(path + "{id}/", writes,
            [variables](api::Call& call) { return variables->remove(call); })
        .says("Remove a value of an environment variable")
        .gives(How::one, variable);
    api.get(path + "environment/", reads,
            [variables](api::Call& call) { return variables->environments(call); })
        .says("Environment variables by environment")
        .gives(How::one, schema);
    api.get(path + "job/", reads, [variables](api::Call& call) { return variables->job(call); })
        .says("Environment variables as a job has them")
        .gives(How::one, schema)
        .asks({"job_definition_id"});
    api.get(path + "user/", reads, [variables](api::Call& call) { return variables->user(call); })
        .says("Environment variables as one has them in development")
        .gives(How::one, schema)
        .asks({"user_id"});
}

}  // namespace mw::variables
