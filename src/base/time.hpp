// Points in time (UTC, microseconds) and the spellings in which clients expect them.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mw {

using Clock = std::chrono::system_clock;
using Timestamp = std::chrono::sys_time<std::chrono::microseconds>;

// The present moment, cut to microseconds as PostgreSQL stores it.
Timestamp now();

// 2024-05-27T10:42:10.111442Z
std::string format_rfc3339(Timestamp at);
// 2024-05-27 10:42:16.179903+00:00 – runs (contract 3.4)
std::string format_run_time(Timestamp at);
// 2024-05-27T10:42:10.111442+00:00 – jobs and the rest (contract 3.4)
std::string format_iso(Timestamp at);
// 2022-07-26T23:00:00+00:00 – next_run
std::string format_iso_seconds(Timestamp at);
// 10:42:16 – console lines of a run's log
std::string format_clock(Timestamp at);

// Reads any of the above and what PostgreSQL prints with timezone UTC
// ("2024-05-27 10:42:16.179903+00"); a missing zone means UTC. Empty when it is none of them.
std::optional<Timestamp> parse_time(std::string_view text);

// Durations as dbt Cloud shows them: "00:03:41" (hours may pass 24) and "3 minutes, 41 seconds".
std::string format_duration(std::chrono::seconds length);
std::string humanize_duration(std::chrono::seconds length);

}  // namespace mw
