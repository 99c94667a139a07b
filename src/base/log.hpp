// Structured log lines: a constant message, the data in fields, one JSON object a line on
// standard error.
//
//   log::info("run claimed", {{"run_id", run.id}, {"worker", name}});
//
// Safe from any thread. Never pass a secret: there is no masking here.
#pragma once

#include <boost/json/value.hpp>
#include <initializer_list>
#include <string_view>
#include <utility>

namespace mw::log {

enum class Level { debug, info, warn, error };

// One field; anything that a Boost.JSON value can be made from.
struct Field {
    std::string_view name;
    boost::json::value value;

    template <class T>
    Field(std::string_view field_name, T&& field_value)
        : name(field_name), value(std::forward<T>(field_value)) {}
};
using Fields = std::initializer_list<Field>;

// Names the process in every line ("app", "scheduler") and sets the least level written.
void configure(std::string_view role, Level least);

// "debug", "info", "warn", "error"; anything else is info.
Level parse_level(std::string_view text);

void write(Level level, std::string_view message, Fields fields);

inline void debug(std::string_view message, Fields fields = {}) {
    write(Level::debug, message, fields);
}
inline void info(std::string_view message, Fields fields = {}) {
    write(Level::info, message, fields);
}
inline void warn(std::string_view message, Fields fields = {}) {
    write(Level::warn, message, fields);
}
inline void error(std::string_view message, Fields fields = {}) {
    write(Level::error, message, fields);
}

}  // namespace mw::log
