#include "features/runs/run_views.hpp"

#include <algorithm>

#include "features/environments/environment_store.hpp"
#include "features/jobs/job_json.hpp"
#include "features/jobs/job_store.hpp"
#include "features/repositories/repository_store.hpp"

namespace mw::runs {
namespace {

std::vector<Id> ids_of(const std::vector<Run>& runs) {
    std::vector<Id> ids;
    for (const auto& run : runs)
        ids.push_back(run.id);
    return ids;
}

// As inside a run: like the job there, its times end in Z.
boost::json::object environment_in_run_json(const environments::Environment& environment) {
    auto json = environments::environment_json(environment);
    json["created_at"] = format_rfc3339(environment.created_at);
    json["updated_at"] = format_rfc3339(environment.updated_at);
    return json;
}

boost::json::object repository_in_run_json(const repositories::Repository& repository,
                                           std::string_view public_url) {
    auto json = repositories::repository_json(repository, public_url);
    json["created_at"] = format_rfc3339(repository.created_at);
    json["updated_at"] = format_rfc3339(repository.updated_at);
    return json;
}

using Shared = std::shared_ptr<const boost::json::object>;

Shared shared(boost::json::object object) {
    return std::make_shared<const boost::json::object>(std::move(object));
}

void add_steps(const std::vector<Run>& runs, const std::vector<Step>& steps,
               std::vector<Related>& related) {
    for (std::size_t i = 0; i < runs.size(); ++i) {
        auto& own = related[i].steps.emplace();
        std::ranges::copy_if(steps, std::back_inserter(own),
                             [&](const Step& step) { return step.run_id == runs[i].id; });
    }
}

}  // namespace

Includes Includes::from(const std::set<std::string>& related) {
    Includes includes;
    includes.trigger = related.contains("trigger");
    includes.job = related.contains("job");
    includes.environment = related.contains("environment");
    includes.audit = related.contains("audit");
    includes.repository = related.contains("repository");
    includes.retries = related.contains("run_retries");
    includes.used_repo_cache = related.contains("used_repo_cache");
    includes.repo_cache_restore = related.contains("repo_cache_restore");
    includes.whole_logs = related.contains("debug_logs");
    includes.steps = related.contains("run_steps") || includes.whole_logs;
    includes.logs = includes.steps;
    return includes;
}

Awaitable<boost::json::object> RunViews::one(const Run& run, Includes includes) {
    MW_CO_TRY(auto related, co_await related_of({run}, includes));
    if (includes.logs) MW_CO_CHECK(co_await add_logs(run, related.front(), includes.whole_logs));
    auto json = run_json(run, related.front(), public_url_, now());
    if (includes.repository) MW_CO_CHECK(co_await add_repository(run, json));
    if (includes.retries) MW_CO_CHECK(co_await add_retries(run, json));
    if (includes.used_repo_cache) {
        MW_CO_TRY(auto lease, co_await pool_.acquire());
        MW_CO_TRY(json["used_repo_cache"], co_await used_repo_cache(*lease, run.id));
    }
    if (includes.repo_cache_restore) json["repo_cache_restore"] = nullptr;
    co_return json;
}

Awaitable<boost::json::object> RunViews::made(const Run& run, const JobPlace& place) {
    Related related{.trigger = true,
                    .job = shared(jobs::job_in_run_json(place.job)),
                    .environment = shared(environment_in_run_json(place.environment)),
                    .steps = {},
                    .logs = {},
                    .audit = {},
                    .blocked_by = {}};
    if (run.status == Status::queued) {
        MW_CO_TRY(auto lease, co_await pool_.acquire());
        MW_CO_TRY(auto blockers, co_await find_blockers(*lease, {run}));
        related.blocked_by = std::move(blockers[run.id]);
    }
    co_return run_json(run, related, public_url_, now());
}

Awaitable<std::string> RunViews::list(const std::vector<Run>& runs, Includes includes) {
    MW_CO_TRY(auto related, co_await related_of(runs, includes));
    std::string text = "[";
    // What a run takes without what belongs to it.
    text.reserve(2048 * runs.size() + 2);
    auto at = now();
    for (std::size_t i = 0; i < runs.size(); ++i) {
        if (i > 0) text += ',';
        append_run_json(text, runs[i], related[i], public_url_, at);
    }
    text += ']';
    co_return text;
}

Awaitable<boost::json::object> RunViews::step(const Step& step, bool whole_log) {
    MW_CO_TRY(auto text, co_await text_of(step, whole_log));
    co_return step_json(step, &text, now());
}

Awaitable<> RunViews::add_recent_runs(Id account_id, Id job_id, std::set<std::string> asked,
                                      boost::json::object& job_json) {
    std::optional<Run> latest;
    std::optional<Run> completed;
    {
        MW_CO_TRY(auto lease, co_await pool_.acquire());
        if (asked.contains("most_recent_run")) {
            MW_CO_TRY(latest, co_await find_latest_run(*lease, account_id, job_id));
        }
        if (asked.contains("most_recent_completed_run")) {
            MW_CO_TRY(completed, co_await find_latest_completed_run(*lease, account_id, job_id));
        }
    }
    Includes nothing_more;
    if (latest) {
        MW_CO_TRY(job_json["most_recent_run"], co_await one(*latest, nothing_more));
    }
    if (completed) {
        MW_CO_TRY(job_json["most_recent_completed_run"], co_await one(*completed, nothing_more));
    }
    co_return result<>{};
}

Awaitable<std::vector<Related>> RunViews::related_of(const std::vector<Run>& runs,
                                                     Includes includes) {
    std::vector<Related> related(runs.size());
    if (runs.empty()) co_return related;
    MW_CO_TRY(auto lease, co_await pool_.acquire());
    for (auto& each : related)
        each.trigger = includes.trigger;
    if (includes.job) MW_CO_CHECK(co_await add_jobs(*lease, runs, related));
    if (includes.environment) MW_CO_CHECK(co_await add_environments(*lease, runs, related));
    if (includes.steps) {
        MW_CO_TRY(auto steps, co_await find_steps(*lease, ids_of(runs)));
        add_steps(runs, steps, related);
    }
    if (includes.audit) {
        MW_CO_TRY(auto rows, co_await find_audit(*lease, runs.front().account_id, ids_of(runs)));
        for (auto& each : related)
            each.audit = rows;
    }
    auto waits = [](const Run& run) { return run.status == Status::queued; };
    if (std::ranges::any_of(runs, waits)) {
        MW_CO_TRY(auto blockers, co_await find_blockers(*lease, runs));
        for (std::size_t i = 0; i < runs.size(); ++i)
            related[i].blocked_by = blockers[runs[i].id];
    }
    co_return related;
}

Awaitable<> RunViews::add_jobs(pg::Connection& connection, const std::vector<Run>& runs,
                               std::vector<Related>& related) {
    std::map<Id, Shared> found;
    for (std::size_t i = 0; i < runs.size(); ++i) {
        auto [place, is_new] = found.try_emplace(runs[i].job_id);
        if (is_new) {
            MW_CO_TRY(auto job,
                      co_await jobs::find_job(connection, runs[i].account_id, runs[i].job_id));
            if (job) place->second = shared(jobs::job_in_run_json(*job));
        }
        related[i].job = place->second;
    }
    co_return result<>{};
}

Awaitable<> RunViews::add_environments(pg::Connection& connection, const std::vector<Run>& runs,
                                       std::vector<Related>& related) {
    std::map<Id, Shared> found;
    for (std::size_t i = 0; i < runs.size(); ++i) {
        auto [place, is_new] = found.try_emplace(runs[i].environment_id);
        if (is_new) {
            MW_CO_TRY(auto environment,
                      co_await environments::find_environment(connection, runs[i].account_id,
                                                              runs[i].environment_id));
            if (environment) place->second = shared(environment_in_run_json(*environment));
        }
        related[i].environment = place->second;
    }
    co_return result<>{};
}

Awaitable<> RunViews::add_repository(const Run& run, boost::json::object& json) {
    json["repository"] = nullptr;
    MW_CO_TRY(auto lease, co_await pool_.acquire());
    MW_CO_TRY(auto environment,
              co_await environments::find_environment(*lease, run.account_id, run.environment_id));
    if (!environment || !environment->repository_id) co_return result<>{};
    MW_CO_TRY(auto repository, co_await repositories::find_repository(*lease, run.account_id,
                                                                      *environment->repository_id));
    if (repository) json["repository"] = repository_in_run_json(*repository, public_url_);
    co_return result<>{};
}

Awaitable<> RunViews::add_retries(const Run& run, boost::json::object& json) {
    std::vector<Run> retries;
    {
        MW_CO_TRY(auto lease, co_await pool_.acquire());
        MW_CO_TRY(retries, co_await find_retries(*lease, run.account_id, run.id));
    }
    MW_CO_TRY(auto related, co_await related_of(retries, Includes{}));
    boost::json::array shown;
    for (std::size_t i = 0; i < retries.size(); ++i)
        shown.push_back(run_json(retries[i], related[i], public_url_, now()));
    json["run_retries"] = std::move(shown);
    co_return result<>{};
}

Awaitable<> RunViews::add_logs(const Run& run, Related& related, bool whole) {
    for (const auto& step : related.steps.value_or(std::vector<Step>{})) {
        // What has not begun has said nothing.
        if (step.status == Status::queued || step.run_id != run.id) continue;
        MW_CO_TRY(auto text, co_await text_of(step, whole));
        related.logs.emplace(step.id, std::move(text));
    }
    co_return result<>{};
}

Awaitable<run_log::StepText> RunViews::text_of(const Step& step, bool whole) {
    run_log::StepKey key{step.account_id, step.run_id, step.index};
    if (whole) return logs_.whole(key);
    return logs_.last_part(key);
}

}  // namespace mw::runs
