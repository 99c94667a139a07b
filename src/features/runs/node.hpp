// What happened to one node (model, test, seed, …) in one step of a run. Pure.
#pragma once

#include <boost/describe.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/ids.hpp"
#include "base/time.hpp"

namespace mw::runs {

struct Node {
    int step_index = 0;
    std::string unique_id;
    std::string name;
    std::string resource_type;
    std::string status;  // "started", then how it ended, in dbt's words
    std::optional<int> node_index;
    std::optional<int> node_total;
    std::optional<double> execution_time;  // seconds
    std::optional<Timestamp> started_at;
    std::optional<Timestamp> finished_at;
    std::optional<std::string> message;
    std::int64_t revision = 0;  // grows with every change
};
BOOST_DESCRIBE_STRUCT(Node, (),
                      (step_index, unique_id, name, resource_type, status, node_index, node_total,
                       execution_time, started_at, finished_at, message, revision))

// {"step", "unique_id", "name", …, "index", "total", …} with times that end in Z.
boost::json::object node_json(const Node& node);

// The "nodes" of a worker's body, several reports of one node folded into the last that tells
// most. The error names the field.
result<std::vector<Node>> read_nodes(const boost::json::value& body);

}  // namespace mw::runs
