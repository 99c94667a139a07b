// The state of an environment's project in the database. Changes are made on a transaction that
// holds the environment's lock.
#pragma once

#include <boost/json/array.hpp>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "features/project_state/ingestion_queue_store.hpp"

namespace mw::project_state {

// Waits for whoever else changes it. Says of when its manifest is; long ago when there is none.
Awaitable<Timestamp> lock_state(pg::Connection& tx, Id environment_id);

struct StateFacts {
    Timestamp generated_at;
    std::string dbt_version;
    std::string project_name;
    std::string adapter_type;
};
Awaitable<> set_state(pg::Connection& tx, const TakenRun& run, const StateFacts& facts);

// Digests of what is defined, by unique id.
Awaitable<std::map<std::string, std::string>> defined_digests(pg::Connection& tx,
                                                              Id environment_id);
// A node as a manifest has it.
struct DefinedNode {
    std::string unique_id;
    std::string resource_type;
    std::string name;
    std::vector<std::string> parents;
    std::string digest;  // of its facts
    std::string facts;   // JSON
};
// Some megabytes at most.
Awaitable<> define_nodes(pg::Connection& tx, Id environment_id, std::span<const DefinedNode> nodes);
Awaitable<> remove_nodes(pg::Connection& tx, Id environment_id,
                         const std::vector<std::string>& unique_ids);

// What came of nodes in one command of a run.
struct Executions {
    Timestamp generated_at;
    double elapsed_time_s = 0;
    // Objects of unique_id, status, error, execution_time, failures, succeeded, applied (whether
    // it is now as defined), compile_started_at, …, compiled_code, compiled_digest.
    boost::json::array nodes;
};
// What a later run said of a node stays.
Awaitable<> record_executions(pg::Connection& tx, const TakenRun& run,
                              const Executions& executions);

// What a run saw of nodes in the warehouse.
struct Seen {
    Timestamp generated_at;
    boost::json::array nodes;  // objects of unique_id and facts, under dbt's names
};
// What a later run saw stays.
Awaitable<> record_freshness(pg::Connection& tx, const TakenRun& run, const Seen& seen);
Awaitable<> record_catalog(pg::Connection& tx, const TakenRun& run, const Seen& seen);

// Those that no node names any more.
Awaitable<> remove_unused_facts(pg::Connection& tx, Id environment_id);

// To be called first on a transaction that writes many nodes: what the planner knows of the tables
// is not true of a project that comes with it.
Awaitable<> expect_many_nodes(pg::Connection& tx);
// And after it: lets the planner look at them at once. Outside a transaction.
Awaitable<> look_at_many_nodes(pg::Pool& pool);

}  // namespace mw::project_state
