// Messages of the engine host (engines/host/host.py documents the protocol), and the lines of
// text that people read. Pure.
//
// Errors: `upstream_failed` for a line that is no message of the protocol.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "base/error.hpp"
#include "base/time.hpp"

namespace mw::dbt {

// The longest line that a host sends (host_text.py, FRAME_BYTES_MAX).
inline constexpr std::size_t kMessageBytesMax = 16UL * 1024 * 1024;

enum class Level { debug, info, warn, error };

// "debug", "info", "warn", "error"
std::string_view level_name(Level level);

// The host has imported dbt and takes commands.
struct HostReady {
    std::string dbt_version;
    std::map<std::string, std::string> adapters;  // "duckdb" → "1.11.1"
    std::int64_t pid = 0;
};

// The session is confined as it was asked to be; `pid` is as this machine counts.
struct HostConfined {
    std::int64_t pid = 0;
};

struct InvocationStarted {
    std::string id;
    std::int64_t pid = 0;
};

// A node of the project, as far as one event tells. Times are dbt's own, RFC 3339; empty when
// they have not come.
struct NodeInfo {
    std::string unique_id;
    std::string resource_type;
    std::string name;
    std::string relation;
    std::string materialized;
    std::string status;  // "started", "success", "error", "skipped", "pass", "fail", "warn", …
    std::string started_at;
    std::string finished_at;
    std::string message;  // of a finished node; "" when dbt gave none
};

struct Event {
    std::string id;
    std::string name;  // dbt's: "LogModelResult"
    Level level = Level::info;
    Timestamp at;
    std::string thread;
    std::string message;
    bool console = true;  // whether dbt would have shown it in a terminal
    std::optional<NodeInfo> node;
    std::optional<std::int64_t> index;
    std::optional<std::int64_t> total;
    std::optional<double> execution_time_s;
};

// A line that the command wrote itself (`dbt ls`, print(), a usage error).
struct Output {
    std::string id;
    std::string text;
};

// Rows that SQL returned (`dbt show`, the differences of a unit test): for whoever watches, to be
// kept nowhere.
struct Rows {
    std::string id;
    std::string about;  // what dbt says before them; may be empty
    std::string text;   // as dbt prints them, line breaks and all
    std::optional<std::int64_t> count;
};

struct InvocationFinished {
    std::string id;
    int exit_code = 2;  // dbt's: 0 success, 1 a node or check failed, 2 anything else
    std::optional<std::string> error;
    std::optional<int> signal;  // that ended the child
};

// A command that the host did not take; `id` is empty when it had none.
struct CommandRefused {
    std::string id;
    std::string error;
};

using HostMessage = std::variant<HostReady, HostConfined, InvocationStarted, Event, Output, Rows,
                                 InvocationFinished, CommandRefused>;

result<HostMessage> parse_host_message(std::string_view line);

// As dbt writes to a terminal: "10:42:16  1 of 5 OK created …".
std::string console_line(const Event& event);

// As dbt writes to its debug log: "10:42:16.111442 [info ] [MainThread]: 1 of 5 OK created …".
std::string debug_line(const Event& event);

// What a log keeps in the place of rows: "(5 rows shown live; rows are not kept)".
std::string kept_for_rows(std::optional<std::int64_t> count);

// The command that asks the host to end an invocation, with its newline.
std::string cancel_command(std::string_view id);

}  // namespace mw::dbt
