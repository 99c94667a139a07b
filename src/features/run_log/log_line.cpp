#include "features/run_log/log_line.hpp"

#include <fmt/format.h>

#include "base/json_reader.hpp"
#include "base/json_text.hpp"
#include "base/time.hpp"

namespace mw::run_log {
namespace {

constexpr IntLimit kStepIndex{1, 10'000};
// A worker cuts lines at 1 MiB and sends fewer at a time.
constexpr std::size_t kLineBytesMax = 4UL * 1024 * 1024;
constexpr std::size_t kLinesMax = 100'000;

// What jsonb can't hold.
void replace_nul(std::string& text) {
    for (auto at = text.find('\0'); at != text.npos; at = text.find('\0', at))
        text.replace(at, 1, "\xEF\xBF\xBD");
}

LogLine read_line(const boost::json::value& value, const std::string& path, JsonReader& in) {
    LogLine line;
    const auto* object = value.if_object();
    if (!object) {
        in.error(path, "must be an object");
        return line;
    }
    auto at = parse_time(text_of(*object, "ts"));
    if (!at) in.error(path + ".ts", "must be a time such as 2024-05-27T10:42:16Z");
    line.ts = format_rfc3339(at.value_or(Timestamp{}));
    line.level = parse_level(text_of(*object, "level"));
    line.text = text_of(*object, "text");
    if (line.text.size() > kLineBytesMax) in.error(path + ".text", "is too long");
    replace_nul(line.text);
    return line;
}

void read_lines(const boost::json::array& given, LogBatch& batch, JsonReader& in) {
    for (std::size_t i = 0; i < given.size(); ++i) {
        auto path = fmt::format("lines[{}]", i);
        batch.lines.push_back(read_line(given[i], path, in));
        auto live = given[i].is_object() ? text_of(given[i].get_object(), "live") : std::string();
        if (live.size() > kLineBytesMax) in.error(path + ".live", "is too long");
        if (!live.empty()) batch.live.push_back({i, std::move(live)});
    }
}

result<LogBatch> read_batch(const boost::json::value& value, const std::string& path) {
    LogBatch batch;
    JsonReader in(value, path);
    std::int64_t step = 0;
    in.required("step", step, kStepIndex);
    in.required("seq", batch.seq, {1, INT64_MAX});
    batch.step = static_cast<int>(step);
    const auto* lines = in.find("lines");
    if (!lines || !lines->is_array()) {
        in.error("lines", "must be a list");
    } else if (lines->get_array().size() > kLinesMax) {
        in.error("lines", fmt::format("has more than {} lines", kLinesMax));
    } else {
        read_lines(lines->get_array(), batch, in);
    }
    MW_CHECK(in.finish());
    return batch;
}

}  // namespace

Level parse_level(std::string_view name) {
    if (name == "debug") return Level::debug;
    if (name == "warn" || name == "warning") return Level::warn;
    if (name == "error") return Level::error;
    return Level::info;
}

std::string_view level_name(Level level) {
    switch (level) {
        case Level::debug:
            return "debug";
        case Level::info:
            return "info";
        case Level::warn:
            return "warn";
        case Level::error:
            return "error";
    }
    return "info";
}

std::string object_key(const StepKey& key) {
    return fmt::format("accounts/{}/runs/{}/logs/step-{}.jsonl.zst", key.account_id, key.run_id,
                       key.step);
}

boost::json::object stored_line(const LogLine& line) {
    return {{"ts", line.ts}, {"level", level_name(line.level)}, {"text", line.text}};
}

boost::json::array stored_lines(const std::vector<LogLine>& lines) {
    boost::json::array stored;
    stored.reserve(lines.size());
    for (const auto& line : lines)
        stored.push_back(stored_line(line));
    return stored;
}

LogLine line_from_stored(const boost::json::object& stored, std::int64_t n) {
    return {n, text_of(stored, "ts"), parse_level(text_of(stored, "level")),
            text_of(stored, "text")};
}

std::vector<LogLine> lines_from_stored(const boost::json::array& stored, std::int64_t first_line) {
    std::vector<LogLine> lines;
    lines.reserve(stored.size());
    for (const auto& line : stored)
        lines.push_back(line_from_stored(line.as_object(), first_line++));
    return lines;
}

boost::json::object line_json(const LogLine& line) {
    return {{"n", line.n}, {"ts", line.ts}, {"level", level_name(line.level)}, {"text", line.text}};
}

std::string rendered(const LogLine& line) {
    auto at = parse_time(line.ts);
    return fmt::format("{}  {}\n", at ? format_clock(*at) : "        ", line.text);
}

result<std::vector<LogBatch>> read_batches(const boost::json::value& body) {
    std::vector<LogBatch> batches;
    JsonReader in(body);
    const auto* given = in.find("batches");
    if (given && !given->is_null() && !given->is_array()) in.error("batches", "must be a list");
    MW_CHECK(in.finish());
    if (!given || given->is_null()) return batches;

    const auto& list = given->get_array();
    for (std::size_t i = 0; i < list.size(); ++i) {
        MW_TRY(auto batch, read_batch(list[i], fmt::format("batches[{}]", i)));
        batches.push_back(std::move(batch));
    }
    return batches;
}

}  // namespace mw::run_log
