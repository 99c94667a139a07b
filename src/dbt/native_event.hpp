// What the native engines (dbt Core 2, Fusion) say: lines of JSON in dbt's own form
// (`--log-format json`), turned into the events that all engines have in common.
#pragma once

#include <array>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "dbt/event.hpp"

namespace mw::dbt {

class NativeEvents {
  public:
    // `id` is given to whatever is read.
    explicit NativeEvents(std::string id) : id_(std::move(id)) {}

    // A line that is no event of dbt's is the command's own output. Empty for a line without
    // anything to show.
    std::optional<std::variant<Event, Output, Rows>> read(std::string_view line);

  private:
    void complete_node(Event& event);

    std::string id_;
    // Why a node failed is told once, in an event before those of its end.
    std::map<std::string, std::string> errors_;
};

// The command without the options by which the engine would tell, rows that SQL returned among it,
// in another form or to a file (`--log-level-file`, `--otel-file-name`, …).
std::vector<std::string> without_log_options(std::vector<std::string> argv);

// The variables that mean the same.
inline constexpr std::array<std::string_view, 5> kLogVariables{
    "DBT_LOG_FORMAT", "DBT_LOG_FORMAT_FILE", "DBT_LOG_LEVEL_FILE", "DBT_OTEL_FILE_NAME",
    "DBT_OTEL_PARQUET_FILE_NAME"};

}  // namespace mw::dbt
