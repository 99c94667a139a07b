// What is known of a project in an environment, for whoever asks.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "features/project_state/node_state.hpp"
#include "infra/pg/pool.hpp"

namespace mw::project_state {

// An environment, and of which manifest its state is. Without one it has never been read.
struct EnvironmentState {
    Id environment_id = 0;
    Id account_id = 0;
    Id project_id = 0;
    std::optional<Id> run_id;
    std::optional<Id> job_id;
    std::optional<Timestamp> generated_at;
    std::string dbt_version;
    std::string project_name;
    std::string adapter_type;
};
BOOST_DESCRIBE_STRUCT(EnvironmentState, (),
                      (environment_id, account_id, project_id, run_id, job_id, generated_at,
                       dbt_version, project_name, adapter_type))

// Empty when the account has no such environment.
boost::asio::awaitable<result<std::optional<EnvironmentState>>> find_state(
    pg::Connection& connection, Id account_id, Id environment_id);

// Which nodes are wanted; what is empty does not matter.
struct NodeFilter {
    std::vector<std::string> resource_types = {};
    std::vector<std::string> unique_ids = {};
    std::string last_status = {};
    std::string database = {};
    std::string schema = {};
    std::string identifier = {};  // the relation's name
    std::string package_name = {};
    std::vector<std::string> tags = {};  // all of them
    bool executed = false;               // only what a run has come to
    std::string access = {};
    std::string group = {};
    std::optional<bool> freshness_checked = {};
    std::string freshness_status = {};
    std::vector<std::string> source_names = {};
    std::string modeling_layer = {};  // "staging", "intermediate", "marts": by folder or prefix
    std::string materialized = {};
};
struct NodePage {
    std::string after = {};  // a unique id; empty: from the first
    int limit = 0;
};

// By unique id.
boost::asio::awaitable<result<std::vector<NodeState>>> list_nodes(pg::Connection& connection,
                                                                  Id environment_id,
                                                                  const NodeFilter& filter,
                                                                  const NodePage& page);
boost::asio::awaitable<result<std::int64_t>> count_nodes(pg::Connection& connection,
                                                         Id environment_id,
                                                         const NodeFilter& filter);

// A node's place in the graph.
struct GraphNode {
    std::string unique_id;
    std::string resource_type;
    std::string name;
    std::vector<std::string> parents;
};
BOOST_DESCRIBE_STRUCT(GraphNode, (), (unique_id, resource_type, name, parents))

boost::asio::awaitable<result<std::vector<GraphNode>>> list_graph(pg::Connection& connection,
                                                                  Id environment_id);

}  // namespace mw::project_state
