// A job's schedule as dbt Cloud's API spells it, and the cron expression that it means. Pure.
//
//   {"date": {"type": "every_day" | "days_of_week" | "custom_cron" | "interval_cron",
//             "days": [0..6], "cron": "…"},
//    "time": {"type": "every_hour" | "at_exact_hours", "interval": 1..23, "hours": [0..23]},
//    "cron": "…"}
//
// All times are UTC; day 0 is Sunday. The outer `cron` is an answer, not a question: it is
// derived from date and time, and read only when there is no `date` at all.
//
// Errors: invalid_argument that names the field ("schedule.date.cron").
#pragma once

#include <boost/json/object.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "base/time.hpp"

namespace mw::schedules {

struct ResolvedSchedule {
    std::string cron;
    // What the API shows: what was given, with defaults filled in and `cron` derived. Resolving
    // it again gives the same.
    boost::json::object schedule;
};

// An empty object is the default schedule: every hour of every day.
result<ResolvedSchedule> resolve_schedule(const boost::json::object& schedule);

// The schedule object of a cron expression alone: the plainest spelling that means the same.
result<boost::json::object> schedule_of_cron(std::string_view cron);

// The first firing later than `after`; empty when `cron` is not a cron expression.
std::optional<Timestamp> next_run(std::string_view cron, Timestamp after);

}  // namespace mw::schedules
