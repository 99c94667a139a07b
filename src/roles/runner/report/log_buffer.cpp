#include "roles/runner/report/log_buffer.hpp"

#include <boost/json/array.hpp>
#include <cassert>

namespace mw::runner {
namespace {

namespace json = boost::json;

constexpr std::size_t kLineOverheadBytes = 96;
constexpr std::size_t kNodeBytes = 512;

std::size_t weight(const LogLine& line) {
    return line.text.size() + line.live.size() + kLineOverheadBytes;
}

std::size_t weight(const json::object& node) {
    const auto* message = node.if_contains("message");
    return kNodeBytes + (message && message->is_string() ? message->get_string().size() : 0);
}

}  // namespace

std::string_view level_name(LineLevel level) {
    switch (level) {
        case LineLevel::debug:
            return "debug";
        case LineLevel::info:
            return "info";
        case LineLevel::warn:
            return "warn";
        case LineLevel::error:
            return "error";
    }
    return "info";
}

void LogBuffer::add_line(int step, LogLine line) {
    bytes_ += weight(line);
    lines_.push_back({step, std::move(line)});
}

void LogBuffer::add_node(int step, json::object node) {
    node["step"] = step;
    auto size = weight(node);
    bytes_ += size;
    nodes_.push_back({std::move(node), size});
}

json::object LogBuffer::take(std::size_t max_bytes) {
    assert(!empty());
    std::size_t taken = 0;
    json::array batches;
    int current_step = 0;
    while (!lines_.empty() && taken < max_bytes) {
        auto& [step, line] = lines_.front();
        taken += weight(line);
        if (batches.empty() || step != current_step) {
            current_step = step;
            batches.push_back(
                {{"step", step}, {"seq", ++last_seq_[step]}, {"lines", json::array()}});
        }
        json::object sent{{"ts", line.ts}, {"level", level_name(line.level)}, {"text", line.text}};
        if (!line.live.empty()) sent["live"] = line.live;
        batches.back().as_object()["lines"].as_array().push_back(std::move(sent));
        lines_.pop_front();
    }
    json::array nodes;
    while (!nodes_.empty() && (taken < max_bytes || (batches.empty() && nodes.empty()))) {
        taken += nodes_.front().bytes;
        nodes.emplace_back(std::move(nodes_.front().node));
        nodes_.pop_front();
    }
    bytes_ -= taken;
    return {{"batches", std::move(batches)}, {"nodes", std::move(nodes)}};
}

}  // namespace mw::runner
