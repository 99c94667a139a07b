// Results of nodes in the database: how they get in, and how they go.
#pragma once

#include <boost/json/array.hpp>

#include "base/ids.hpp"
#include "base/time.hpp"
#include "infra/pg/partitions.hpp"

namespace mw::history {

inline constexpr pg::PartitionedTable kResults{"node_results", pg::Span::month};

// What came of nodes in one step of a run.
struct StepResults {
    int step_index = 0;
    Timestamp generated_at;
    double elapsed_time_s = 0;
    bool full_refresh = false;
    // Objects of unique_id, resource_type, name, status, message, execution_time, failures,
    // rows_affected, bytes_processed, slot_ms, execute_started_at, execute_completed_at.
    boost::json::array nodes;
};
// Of a run that exists. What is there already stays as it is.
boost::asio::awaitable<result<>> record_results(pg::Connection& tx, Id run_id,
                                                const StepResults& results);

}  // namespace mw::history
