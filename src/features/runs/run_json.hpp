// A run and its steps as clients see them (contract 3.4–3.9). Pure: `at` is the present moment.
#pragma once

#include <boost/json/object.hpp>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "features/run_log/log_reader.hpp"
#include "features/runs/run.hpp"
#include "features/runs/run_store.hpp"

namespace mw::runs {

// What belongs to a run and is shown only when it is asked for; empty: null.
struct Related {
    bool trigger = false;
    // Shared by the runs of a list.
    std::shared_ptr<const boost::json::object> job;
    std::shared_ptr<const boost::json::object> environment;
    std::optional<std::vector<Step>> steps;
    std::map<Id, run_log::StepText> logs;  // by step
    std::optional<std::vector<AuditRow>> audit;
    std::vector<Id> blocked_by;
};

// `public_url` is "https://host[:port]" without a slash at its end.
boost::json::object run_json(const Run& run, const Related& related, std::string_view public_url,
                             Timestamp at);
// The same behind `text`, for lists.
void append_run_json(std::string& text, const Run& run, const Related& related,
                     std::string_view public_url, Timestamp at);
boost::json::object step_json(const Step& step, const run_log::StepText* log, Timestamp at);
// What made the run, with the overrides as they were asked for.
boost::json::object trigger_json(const Run& run);

// "2 weeks, 3 days ago"; a moment that has not come is "0 minutes from now".
std::string humanize_moment(std::optional<Timestamp> moment, Timestamp at);

}  // namespace mw::runs
