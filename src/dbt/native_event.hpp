// What the native engines (dbt Core 2, Fusion) say: lines of JSON in dbt's own form
// (`--log-format json`), turned into the events that all engines have in common.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "dbt/event.hpp"

namespace mw::dbt {

class NativeEvents {
  public:
    // `id` is given to whatever is read.
    explicit NativeEvents(std::string id) : id_(std::move(id)) {}

    // A line that is no event of dbt's is the command's own output. Empty for a line without
    // anything to show.
    std::optional<std::variant<Event, Output>> read(std::string_view line);

  private:
    void complete_node(Event& event);

    std::string id_;
    // Why a node failed is told once, in an event before those of its end.
    std::map<std::string, std::string> errors_;
};

}  // namespace mw::dbt
