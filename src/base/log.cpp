#include "base/log.hpp"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <string>

#include "base/time.hpp"

namespace mw::log {
namespace {

struct State {
    std::string role = "millwright";
    Level least = Level::info;
    std::shared_ptr<spdlog::logger> sink;

    State() {
        sink = std::make_shared<spdlog::logger>("millwright",
                                                std::make_shared<spdlog::sinks::stderr_sink_mt>());
        sink->set_pattern("%v");
        sink->set_level(spdlog::level::trace);
        sink->flush_on(spdlog::level::trace);
    }
};

State& state() {
    static State instance;
    return instance;
}

const char* level_name(Level level) {
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

}  // namespace

void configure(std::string_view role, Level least) {
    state().role = std::string(role);
    state().least = least;
}

Level parse_level(std::string_view text) {
    if (text == "debug") return Level::debug;
    if (text == "warn" || text == "warning") return Level::warn;
    if (text == "error") return Level::error;
    return Level::info;
}

void write(Level level, std::string_view message, Fields fields) {
    if (level < state().least) return;
    boost::json::object line;
    line["ts"] = format_rfc3339(now());
    line["level"] = level_name(level);
    line["role"] = state().role;
    line["message"] = message;
    for (const auto& field : fields)
        line[field.name] = field.value;
    state().sink->log(spdlog::level::info, boost::json::serialize(line));
}

}  // namespace mw::log
