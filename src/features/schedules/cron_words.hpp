// A cron expression in words, as dbt Cloud shows a job's schedule. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace mw::schedules {

// "At 04:00 AM, only on Sunday"; empty when `cron` is not a cron expression.
std::optional<std::string> cron_in_words(std::string_view cron);

}  // namespace mw::schedules
