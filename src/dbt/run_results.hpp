// run_results.json (schema v4 and later): what a run did, and what `dbt retry` would take up.
// Pure.
//
// Errors: `upstream_failed` when the text is not such a file.
#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

namespace mw::dbt {

struct NodeResult {
    std::string unique_id;
    std::string status;  // "success", "error", "skipped", "pass", "fail", "warn", …
    std::string message;
    double execution_time_s = 0;
    std::optional<std::int64_t> failures;  // rows that a test found
    // As dbt writes times; empty: not that far.
    std::string compile_started_at = {};
    std::string compile_completed_at = {};
    std::string execute_started_at = {};
    std::string execute_completed_at = {};
    std::string compiled_code = {};  // empty: none, or dbt is older than 1.8
    // What the warehouse says of its work, where it does: these under the names of dbt's adapters.
    std::optional<std::int64_t> rows_affected = {};
    std::optional<std::int64_t> bytes_processed = {};
    std::optional<std::int64_t> slot_ms = {};
};

struct RunResults {
    std::string dbt_version;
    std::string invocation_id;
    std::string generated_at;
    std::string command;  // dbt's name for it: "build", "generate" (docs), "run-operation"
    double elapsed_time_s = 0;
    std::vector<NodeResult> results;
    boost::json::object args;  // the invocation's own, as dbt recorded them
    bool full_refresh = false;
};

struct Summary {
    int total = 0;
    int passed = 0;
    int warned = 0;
    int failed = 0;  // errors, failed tests, models of which some batches failed
    int skipped = 0;
    int no_op = 0;
};

result<RunResults> parse_run_results(std::string_view text);

// Each result is counted once.
Summary summarize(const RunResults& results);

// The nodes that `dbt retry` runs again, in the file's order: failed or skipped, hooks left out.
std::vector<std::string> nodes_to_retry(const RunResults& results);

// Whether `dbt retry` knows the command of the file.
bool is_retriable(const RunResults& results);

}  // namespace mw::dbt
