#include "features/runs/node.hpp"

#include <fmt/format.h>

#include <map>

#include "base/json_optional.hpp"
#include "base/json_reader.hpp"

namespace mw::runs {
namespace {

using boost::json::value;

constexpr std::size_t kNodesMax = 10'000;
constexpr TextLimit kName{1, 4096};

void read_time(JsonReader& in, std::string_view field, std::optional<Timestamp>& out) {
    std::optional<std::string> text;
    in.optional(field, text);
    if (!text) return;
    out = parse_time(*text);
    if (!out) in.error(field, "must be a time such as 2024-05-27T10:42:16Z");
}

void read_seconds(JsonReader& in, std::string_view field, std::optional<double>& out) {
    const auto* given = in.find(field);
    if (!given || given->is_null()) return;
    boost::json::error_code error;
    out = given->to_number<double>(error);
    if (error) in.error(field, "must be a number");
}

Node read_node(JsonReader& in) {
    Node node;
    std::int64_t step = 0;
    in.required("step", step, {1, 10'000});
    node.step_index = static_cast<int>(step);
    in.required("unique_id", node.unique_id, kName);
    in.required("status", node.status, {1, 64});
    in.keep("name", node.name, {0, 4096});
    in.keep("resource_type", node.resource_type, {0, 255});
    in.optional("index", node.node_index, {0, INT32_MAX});
    in.optional("total", node.node_total, {0, INT32_MAX});
    read_seconds(in, "execution_time", node.execution_time);
    read_time(in, "started_at", node.started_at);
    read_time(in, "finished_at", node.finished_at);
    in.optional("message", node.message, {0, 1024 * 1024});
    return node;
}

// A late "started" takes nothing back.
void fold(Node& known, Node later) {
    if (later.status == "started" && known.status != "started") return;
    if (!later.node_index) later.node_index = known.node_index;
    if (!later.node_total) later.node_total = known.node_total;
    if (!later.started_at) later.started_at = known.started_at;
    known = std::move(later);
}

}  // namespace

boost::json::object node_json(const Node& node) {
    return {{"step", node.step_index},
            {"unique_id", node.unique_id},
            {"name", node.name},
            {"resource_type", node.resource_type},
            {"status", node.status},
            {"index", or_null(node.node_index)},
            {"total", or_null(node.node_total)},
            {"execution_time", or_null(node.execution_time)},
            {"started_at", time_or_null(node.started_at)},
            {"finished_at", time_or_null(node.finished_at)},
            {"message", or_null(node.message)}};
}

result<std::vector<Node>> read_nodes(const value& body) {
    std::vector<Node> nodes;
    JsonReader in(body);
    const auto* given = in.find("nodes");
    if (given && !given->is_null() && !given->is_array()) in.error("nodes", "must be a list");
    MW_CHECK(in.finish());
    if (!given || given->is_null()) return nodes;
    const auto& list = given->get_array();
    if (list.size() > kNodesMax)
        return fail_field("nodes", fmt::format("has more than {} items", kNodesMax));

    std::map<std::pair<int, std::string>, std::size_t> places;
    for (std::size_t i = 0; i < list.size(); ++i) {
        JsonReader entry(list[i], fmt::format("nodes[{}]", i));
        auto node = read_node(entry);
        MW_CHECK(entry.finish());
        auto [place, is_new] = places.try_emplace({node.step_index, node.unique_id}, nodes.size());
        if (is_new)
            nodes.push_back(std::move(node));
        else
            fold(nodes[place->second], std::move(node));
    }
    return nodes;
}

}  // namespace mw::runs
