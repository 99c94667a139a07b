// Runs with what belongs to them, fetched and put into the API's shape.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "features/run_log/log_reader.hpp"
#include "features/runs/run_json.hpp"
#include "features/runs/run_service.hpp"
#include "features/runs/run_store.hpp"

namespace mw::runs {

// What a client asked for by `include_related`; unknown names are ignored.
struct Includes {
    bool trigger = false;
    bool job = false;
    bool environment = false;
    bool steps = false;
    bool logs = false;        // the texts of the steps
    bool whole_logs = false;  // not only their last 1,000 lines
    bool audit = false;
    // Of a single run only, and there only when asked for.
    bool repository = false;
    bool retries = false;
    bool used_repo_cache = false;
    bool repo_cache_restore = false;

    static Includes from(const std::set<std::string>& related);
};

class RunViews {
  public:
    // `public_url`: how users reach this appliance, "https://host[:port]", for links.
    RunViews(pg::Pool& pool, run_log::LogReader& logs, std::string public_url)
        : pool_(pool), logs_(logs), public_url_(std::move(public_url)) {}

    Awaitable<boost::json::object> one(const Run& run, Includes includes);
    // A run of this job that has just been made, with trigger, job and environment.
    Awaitable<boost::json::object> made(const Run& run, const JobPlace& place);
    // The text of an array in the same order. A list has no texts of logs: a hundred runs' logs are
    // no list.
    Awaitable<std::string> list(const std::vector<Run>& runs, Includes includes);
    Awaitable<boost::json::object> step(const Step& step, bool whole_log);

    // Adds to a job's object what was asked for of `most_recent_run` and
    // `most_recent_completed_run`.
    Awaitable<> add_recent_runs(Id account_id, Id job_id, std::set<std::string> asked,
                                boost::json::object& job_json);

  private:
    Awaitable<std::vector<Related>> related_of(const std::vector<Run>& runs, Includes includes);
    Awaitable<> add_jobs(pg::Connection& connection, const std::vector<Run>& runs,
                         std::vector<Related>& related);
    Awaitable<> add_environments(pg::Connection& connection, const std::vector<Run>& runs,
                                 std::vector<Related>& related);
    Awaitable<> add_repository(const Run& run, boost::json::object& json);
    Awaitable<> add_retries(const Run& run, boost::json::object& json);
    Awaitable<> add_logs(const Run& run, Related& related, bool whole);
    Awaitable<run_log::StepText> text_of(const Step& step, bool whole);

    pg::Pool& pool_;
    run_log::LogReader& logs_;
    std::string public_url_;
};

}  // namespace mw::runs
