// What waits to be sent to the app: log lines and node states, cut into requests. Pure.
//
// Batches carry (step, seq), seq rising by one within a step, so that a request which is sent
// twice is stored once.
#pragma once

#include <boost/json/object.hpp>
#include <cstddef>
#include <deque>
#include <map>
#include <string>
#include <string_view>

namespace mw::runner {

enum class LineLevel { debug, info, warn, error };
std::string_view level_name(LineLevel level);

struct LogLine {
    std::string ts;  // RFC 3339, UTC
    LineLevel level = LineLevel::info;
    std::string text;
    // Shown in its place to whoever watches, and kept nowhere; may have line breaks.
    std::string live = {};
};

class LogBuffer {
  public:
    void add_line(int step, LogLine line);
    // `node` is sent as it is, with the step's index.
    void add_node(int step, boost::json::object node);

    bool empty() const { return lines_.empty() && nodes_.empty(); }
    // Memory held, about.
    std::size_t bytes() const { return bytes_; }

    // The next request: the oldest lines and nodes, about `max_bytes` of them but at least one.
    // Must not be called when empty.
    boost::json::object take(std::size_t max_bytes);

  private:
    struct QueuedLine {
        int step;
        LogLine line;
    };
    struct QueuedNode {
        boost::json::object node;
        std::size_t bytes;
    };

    std::deque<QueuedLine> lines_;
    std::deque<QueuedNode> nodes_;
    std::size_t bytes_ = 0;
    std::map<int, std::int64_t> last_seq_;
};

}  // namespace mw::runner
