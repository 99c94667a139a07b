#include "features/jobs/job_api.hpp"

#include "api/list_reply.hpp"
#include "features/accounts/account_api.hpp"
#include "features/accounts/account_store.hpp"
#include "features/audit/audit_store.hpp"
#include "features/environments/environment_store.hpp"
#include "features/jobs/completion.hpp"
#include "features/jobs/job_input.hpp"
#include "features/jobs/job_json.hpp"
#include "features/jobs/job_schema.hpp"
#include "features/jobs/job_store.hpp"
#include "features/projects/project_api.hpp"
#include "features/projects/project_store.hpp"

namespace mw::jobs {
namespace {

class JobApi {
  public:
    JobApi(pg::Pool& pool, JobRuns runs) : pool_(pool), runs_(std::move(runs)) {}

    api::Reply list(api::Call& call) {
        MW_CO_TRY(auto page, co_await api::fetch_page<Job>(pool_, call, job_list()));
        boost::json::array data;
        for (const auto& job : page.rows) {
            MW_CO_TRY(auto json, co_await with_related(job, page.query.include_related));
            data.push_back(std::move(json));
        }
        co_return api::success_list(std::move(data), page.query, page.total_count, call.account_id);
    }

    api::Reply get(api::Call& call) {
        MW_CO_TRY(auto id, call.id("id"));
        MW_CO_TRY(auto job, co_await find_active(call.account_id, id));
        MW_CO_CHECK(call.permit(job.project_id));
        MW_CO_TRY(auto json, co_await with_related(job, api::included_related(call.request)));
        co_return api::success(std::move(json));
    }

    api::Reply create(api::Call& call) {
        MW_CO_TRY(auto body, call.body());
        Job job;
        job.account_id = call.account_id;
        MW_CO_CHECK(read_job(body, true, now(), job));
        auto store = [&](pg::Connection& connection) -> asio::awaitable<result<Job>> {
            MW_CO_CHECK(co_await check_references(connection, call, job));
            MW_CO_CHECK(co_await check_condition(connection, job));
            MW_CO_TRY(auto created, co_await insert_job(connection, job));
            MW_CO_CHECK(co_await audit::record(
                connection, call.caller,
                {"job.created", "job", created.id, {{"name", created.name}}}));
            co_return created;
        };
        MW_CO_TRY(auto created, co_await pg::with_tx(pool_, store));
        co_return api::success(job_json(created));
    }

    api::Reply update(api::Call& call) {
        MW_CO_TRY(auto id, call.id("id"));
        MW_CO_TRY(auto body, call.body());
        auto change = [&](pg::Connection& connection) -> asio::awaitable<result<Job>> {
            MW_CO_TRY(auto job, co_await lock_active(connection, call, id));
            auto before = job;
            MW_CO_CHECK(read_job(body, false, now(), job));
            if (job.project_id != before.project_id)
                co_return fail_field("project_id", "can't be changed; make a new job");
            MW_CO_CHECK(co_await check_references(connection, call, job));
            // One that is kept may have been overtaken: by the other job's end, for example.
            if (job.job_completion_trigger_condition != before.job_completion_trigger_condition)
                MW_CO_CHECK(co_await check_condition(connection, job));
            co_return co_await write(connection, call, job);
        };
        MW_CO_TRY(auto job, co_await pg::with_tx(pool_, change));
        co_return api::success(job_json(job));
    }

    api::Reply remove(api::Call& call) {
        MW_CO_TRY(auto id, call.id("id"));
        auto change = [&](pg::Connection& connection) -> asio::awaitable<result<Job>> {
            MW_CO_TRY(auto job, co_await lock_active(connection, call, id));
            job.state = 2;
            job.next_run_at.reset();
            co_return co_await write(connection, call, job);
        };
        MW_CO_TRY(auto job, co_await pg::with_tx(pool_, change));
        co_return api::success(job_json(job));
    }

  private:
    asio::awaitable<result<Job>> find_active(Id account_id, Id id) {
        MW_CO_TRY(auto lease, co_await pool_.acquire());
        MW_CO_TRY(auto job, co_await find_job(*lease, account_id, id));
        if (!job || job->state != 1) co_return api::not_found();
        co_return std::move(*job);
    }

    asio::awaitable<result<Job>> lock_active(pg::Connection& connection, const api::Call& call,
                                             Id id) {
        MW_CO_TRY(auto job, co_await lock_job(connection, call.account_id, id));
        if (!job || job->state != 1) co_return api::not_found();
        MW_CO_TRY(auto environment, co_await environments::find_environment(
                                        connection, call.account_id, job->environment_id));
        MW_CO_CHECK(call.permit(job->project_id,
                                environment ? environments::category_of(*environment) : "other"));
        co_return std::move(*job);
    }

    asio::awaitable<result<Job>> write(pg::Connection& connection, const api::Call& call,
                                       const Job& job) {
        MW_CO_TRY(auto written, co_await update_job(connection, job));
        MW_CO_CHECK(co_await audit::record(
            connection, call.caller,
            {job.state == 2 ? "job.deleted" : "job.updated", "job", job.id, {{"name", job.name}}}));
        if (job.state == 2)
            MW_CO_CHECK(co_await runs_.cancel_queued(connection, call.caller, job.id));
        co_return written;
    }

    // Project and environment must be there, belong together, be able to run jobs, and be such
    // that the caller may make jobs there.
    asio::awaitable<result<>> check_references(pg::Connection& connection, const api::Call& call,
                                               const Job& job) {
        MW_CO_TRY(auto project,
                  co_await projects::find_project(connection, job.account_id, job.project_id));
        if (!project || project->state != 1)
            co_return fail_field("project_id", "there is no such project");
        MW_CO_TRY(auto environment, co_await environments::find_environment(
                                        connection, job.account_id, job.environment_id));
        if (!environment || environment->state != 1)
            co_return fail_field("environment_id", "there is no such environment");
        if (environment->project_id != job.project_id)
            co_return fail_field("environment_id", "belongs to another project");
        if (environment->type != "deployment")
            co_return fail_field("environment_id", "a development environment can't run jobs");
        MW_CO_CHECK(call.permit(job.project_id, environments::category_of(*environment)));
        if (job.deferring_environment_id) {
            MW_CO_TRY(auto deferring,
                      co_await environments::find_environment(connection, job.account_id,
                                                              *job.deferring_environment_id));
            if (!deferring || deferring->state != 1)
                co_return fail_field("deferring_environment_id", "there is no such environment");
            if (deferring->project_id != job.project_id)
                co_return fail_field("deferring_environment_id", "belongs to another project");
        }
        if (job.deferring_job_definition_id && *job.deferring_job_definition_id != job.id) {
            MW_CO_TRY(auto deferring, co_await find_job(connection, job.account_id,
                                                        *job.deferring_job_definition_id));
            if (!deferring || deferring->state != 1)
                co_return fail_field("deferring_job_definition_id", "there is no such job");
            if (deferring->project_id != job.project_id)
                co_return fail_field("deferring_job_definition_id", "belongs to another project");
        }
        co_return result<>{};
    }

    static asio::awaitable<result<>> check_condition(pg::Connection& connection, const Job& job) {
        if (!job.job_completion_trigger_condition) co_return result<>{};
        MW_CO_TRY(auto completion, parse_completion(*job.job_completion_trigger_condition));
        co_return co_await check_completion(connection, job.account_id, job.id, completion);
    }

    asio::awaitable<result<boost::json::object>> with_related(
        const Job& job, const std::set<std::string>& related) {
        auto json = job_json(job);
        if (related.contains("environment")) {
            MW_CO_TRY(auto environment, co_await environments::find_environment(
                                            pool_, job.account_id, job.environment_id));
            if (environment) json["environment"] = environments::environment_json(*environment);
        }
        if (related.contains("project")) {
            MW_CO_TRY(auto project,
                      co_await projects::find_project(pool_, job.account_id, job.project_id));
            if (project) json["project"] = projects::project_json(*project);
        }
        if (related.contains("account")) {
            MW_CO_TRY(auto account, co_await accounts::find_account(pool_, job.account_id));
            if (account) json["account"] = accounts::account_json(*account);
        }
        if (related.contains("custom_environment_variables")) {
            MW_CO_TRY(auto variables, co_await find_job_variables(pool_, job.account_id, job.id));
            boost::json::array list;
            for (const auto& variable : variables)
                list.push_back(job_variable_json(variable));
            json["custom_environment_variables"] = std::move(list);
        }
        if (related.contains("most_recent_run") || related.contains("most_recent_completed_run"))
            MW_CO_CHECK(co_await runs_.add_recent(job.account_id, job.id, related, json));
        co_return json;
    }

    pg::Pool& pool_;
    JobRuns runs_;
};

}  // namespace

void add_job_endpoints(api::Api& api, pg::Pool& pool, JobRuns runs) {
    auto jobs = std::make_shared<JobApi>(pool, std::move(runs));
    const std::string list = "/api/v2/accounts/{account_id}/jobs/";
    const std::string one = list + "{id}/";
    constexpr auto reads = api::reads(api::Area::jobs);
    constexpr auto writes = api::writes(api::Area::jobs);
    api.get(list, reads, [jobs](api::Call& call) { return jobs->list(call); })
        .says("List jobs")
        .gives(api::Route::Answer::list, job_schema())
        .asks({"limit", "offset", "order_by", "state"});
    api.post(list, writes, [jobs](api::Call& call) { return jobs->create(call); })
        .says("Create a job")
        .takes(job_body_schema(true))
        .gives(api::Route::Answer::one, job_schema());
    api.get(one, reads, [jobs](api::Call& call) { return jobs->get(call); })
        .says("Get a job")
        .gives(api::Route::Answer::one, job_schema());
    api.post(one, writes, [jobs](api::Call& call) { return jobs->update(call); })
        .says("Update a job")
        .takes(job_body_schema(false))
        .gives(api::Route::Answer::one, job_schema());
    api.del(one, writes, [jobs](api::Call& call) { return jobs->remove(call); })
        .says("Delete a job")
        .gives(api::Route::Answer::one, job_schema());
}

}  // namespace mw::jobs
