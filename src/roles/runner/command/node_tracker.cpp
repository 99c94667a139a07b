#include "roles/runner/command/node_tracker.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/trimmed.hpp"

namespace mw::runner {
namespace {

namespace json = boost::json;

constexpr std::size_t kMostHeadlineBytes = 300;

// The workers' API has fewer words than dbt.
std::string_view plain_status(std::string_view status) {
    if (status == "runtime error" || status == "partial success") return "error";
    if (status == "no-op") return "skipped";
    return status;
}

bool is_failure(std::string_view status) {
    return status == "error" || status == "fail";
}

json::value text_or_null(const std::string& text) {
    return text.empty() ? json::value(nullptr) : json::value(text);
}

template <class T>
json::value value_or_null(const std::optional<T>& value) {
    return value ? json::value(*value) : json::value(nullptr);
}

std::string without_colours(std::string_view text) {
    std::string plain;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '\x1b') {
            plain += text[i];
            continue;
        }
        // ESC [ parameters letter
        for (++i; i < text.size() && (text[i] == '[' || text[i] == ';' ||
                                      std::isdigit(static_cast<unsigned char>(text[i])));)
            ++i;
    }
    return plain;
}

std::string shortened(std::string text) {
    return cut_text(std::move(text), kMostHeadlineBytes);
}

}  // namespace

std::string cut_text(std::string text, std::size_t max_bytes) {
    if (text.size() <= max_bytes) return text;
    auto end = max_bytes;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80)
        --end;
    return text.substr(0, end) + "…";
}

std::string first_words(std::string_view text) {
    auto plain = without_colours(text);
    std::string_view rest = plain;
    // A usage error says what is wrong last.
    if (trimmed(rest).starts_with("Usage:"))
        if (auto error = rest.rfind("\nError:"); error != std::string_view::npos)
            rest.remove_prefix(error);
    std::string words;
    while (!rest.empty()) {
        auto end = rest.find('\n');
        auto line = trimmed(rest.substr(0, end));
        rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
        if (line.empty()) continue;
        if (!words.empty()) return shortened(words + ": " + std::string(line));
        words = line;
        // "Compilation Error" alone, or "Runtime Error in model x (x.sql)", says too little.
        bool is_title = line.ends_with("Error") || line.ends_with("error:") ||
                        (line.contains(" Error in ") && line.ends_with(')'));
        if (!is_title) return shortened(words);
        if (words.ends_with(':')) words.pop_back();
    }
    return shortened(words);
}

std::optional<json::object> NodeTracker::take(const dbt::Event& event) {
    if (event.name == "MainEncounteredError") last_error_ = event.message;
    if (!event.node) return std::nullopt;
    const auto& node = *event.node;
    bool announced = event.name == "LogStartLine";
    bool skipped = event.index && plain_status(node.status) == "skipped";
    bool finished = event.name == "NodeFinished";
    if (announced || skipped) {
        auto& open = nodes_[node.unique_id];
        open.node = node;
        open.index = event.index;
        open.total = event.total;
        total_ = std::max(total_, event.total.value_or(0));
    }
    auto status = std::string(plain_status(node.status));
    auto known = nodes_.find(node.unique_id);
    if (finished) {
        if (is_failure(status)) note_failure(node);
        if (known == nodes_.end() && !is_failure(status)) return std::nullopt;
        if (known != nodes_.end()) known->second.finished = true;
    } else if (!announced) {
        return std::nullopt;
    }
    json::object state{{"unique_id", node.unique_id},
                       {"name", node.name},
                       {"resource_type", node.resource_type},
                       {"status", announced ? std::string("started") : status},
                       {"index", nullptr},
                       {"total", nullptr},
                       {"execution_time", value_or_null(event.execution_time_s)},
                       {"started_at", text_or_null(node.started_at)},
                       {"finished_at", text_or_null(node.finished_at)},
                       {"message", text_or_null(node.message)}};
    if (announced && relations_ == Relations::told && !node.relation.empty())
        state["relation"] = node.relation;
    if (known != nodes_.end()) {
        state["index"] = value_or_null(known->second.index);
        state["total"] = value_or_null(known->second.total);
    }
    return state;
}

void NodeTracker::note_failure(const dbt::NodeInfo& node) {
    if (++failures_ > 1) return;
    auto words = first_words(node.message);
    first_failure_ = fmt::format("{} {}", node.resource_type, node.name);
    if (words.contains(" in " + first_failure_))
        first_failure_ = words;
    else if (!words.empty())
        first_failure_ += ": " + words;
}

std::vector<json::object> NodeTracker::close_open(std::string_view message) {
    std::vector<json::object> states;
    for (auto& [unique_id, open] : nodes_) {
        if (open.finished) continue;
        open.finished = true;
        states.push_back({{"unique_id", unique_id},
                          {"name", open.node.name},
                          {"resource_type", open.node.resource_type},
                          {"status", "skipped"},
                          {"index", value_or_null(open.index)},
                          {"total", value_or_null(open.total)},
                          {"execution_time", nullptr},
                          {"started_at", text_or_null(open.node.started_at)},
                          {"finished_at", nullptr},
                          {"message", message}});
    }
    return states;
}

std::string NodeTracker::headline(const std::optional<std::string>& error) const {
    if (failures_ == 1) return first_failure_;
    if (failures_ > 1) {
        auto of = total_ > 0 ? fmt::format(" of {}", total_) : std::string();
        return fmt::format("{}{} nodes failed, first {}", failures_, of, first_failure_);
    }
    if (error && !error->empty()) return first_words(*error);
    return first_words(last_error_);
}

}  // namespace mw::runner
