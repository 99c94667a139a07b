// One line of a step's log. Pure.
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/ids.hpp"

namespace mw::run_log {

enum class Level { debug, info, warn, error };

// Anything unknown is info: a line is better shown than hidden.
Level parse_level(std::string_view name);
std::string_view level_name(Level level);

struct LogLine {
    std::int64_t n = 0;  // within its step, from 1, without gaps
    std::string ts;      // "2026-01-01T00:00:00.123456Z"
    Level level = Level::info;
    std::string text;
};

// A step of a run, as the key to its log.
struct StepKey {
    Id account_id = 0;
    Id run_id = 0;
    int step = 0;
};
// Where a step's log goes once its run is over.
std::string object_key(const StepKey& key);

// As stored: the number is implied by the place.
boost::json::object stored_line(const LogLine& line);
boost::json::array stored_lines(const std::vector<LogLine>& lines);
LogLine line_from_stored(const boost::json::object& stored, std::int64_t n);
std::vector<LogLine> lines_from_stored(const boost::json::array& stored, std::int64_t first_line);

// As shown to clients: {"n", "ts", "level", "text"}.
boost::json::object line_json(const LogLine& line);

// "10:42:16  1 of 25 OK created …", with a line break.
std::string rendered(const LogLine& line);

// What whoever watches sees in the place of a line, and what is never stored (docs/adr/0014).
struct LiveText {
    std::size_t place = 0;  // of the line within its batch
    std::string text;
};

// A batch as a worker sends it. The error names the field.
struct LogBatch {
    int step = 0;
    std::int64_t seq = 0;  // grows with each batch of a step
    std::vector<LogLine> lines;
    std::vector<LiveText> live = {};  // in rising order
};
result<std::vector<LogBatch>> read_batches(const boost::json::value& body);

}  // namespace mw::run_log
