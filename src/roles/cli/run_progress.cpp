#include "roles/cli/run_progress.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace mw::cli {
namespace {

std::string text(const boost::json::object& object, std::string_view key) {
    const auto* value = object.if_contains(key);
    return value && value->is_string() ? std::string(value->get_string()) : "";
}

std::int64_t number(const boost::json::object& object, std::string_view key) {
    const auto* value = object.if_contains(key);
    return value && value->is_int64() ? value->get_int64() : 0;
}

double seconds(const boost::json::object& object, std::string_view key) {
    const auto* value = object.if_contains(key);
    if (!value) return 0;
    if (value->is_double()) return value->get_double();
    return value->is_int64() ? static_cast<double>(value->get_int64()) : 0;
}

bool is_bad(std::string_view status) {
    return status == "error" || status == "fail" || status == "runtime error";
}

bool is_over(std::string_view status) {
    return status != "started" && !status.empty();
}

Colour node_colour(std::string_view status) {
    if (is_bad(status)) return Colour::red;
    if (status == "warn") return Colour::yellow;
    if (status == "skipped") return Colour::grey;
    return Colour::green;
}

const char* node_mark(std::string_view status) {
    if (is_bad(status)) return "✗";
    if (status == "warn") return "!";
    if (status == "skipped") return "-";
    return "✓";
}

// The first line of a message, cut to a width.
std::string first_line(std::string message, std::size_t width) {
    message = message.substr(0, message.find('\n'));
    if (message.size() > width) message = message.substr(0, width - 1) + "…";
    return message;
}

}  // namespace

void RunProgress::update(const boost::json::object& run, const boost::json::array& nodes) {
    if (const auto* steps = run.if_contains("run_steps"); steps && steps->is_array())
        show_steps(steps->get_array());
    show_nodes(nodes);
    draw_bar(run, nodes);
}

void RunProgress::show_steps(const boost::json::array& steps) {
    for (const auto& item : steps) {
        const auto& step = item.as_object();
        auto index = number(step, "index");
        auto status = number(step, "status");
        auto& known = step_status_[index];
        if (status == known) continue;
        auto name = text(step, "name");
        // A short step may have begun and ended between two looks.
        bool begun = status == 3 || status == 10 || status == 20;
        if (begun && known != 3) {
            current_step_ = name;
            current_index_ = index;
            terminal_.line(fmt::format("{} {}", terminal_.paint(Colour::blue, "▶"), name));
        }
        if (status == 20)
            terminal_.line(fmt::format("{} {}", terminal_.paint(Colour::red, "✗"), name));
        known = status;
    }
}

void RunProgress::show_nodes(const boost::json::array& nodes) {
    for (const auto& item : nodes) {
        const auto& node = item.as_object();
        auto status = text(node, "status");
        if (!is_over(status)) continue;
        auto key = fmt::format("{}/{}", number(node, "step"), text(node, "unique_id"));
        if (!nodes_shown_.insert(key).second) continue;
        auto line = fmt::format("  {} {:>3}/{:<3} {:<9} {}",
                                terminal_.paint(node_colour(status), node_mark(status)),
                                number(node, "index"), number(node, "total"),
                                text(node, "resource_type"), text(node, "name"));
        line += terminal_.paint(Colour::grey,
                                fmt::format("  {:.2f}s", seconds(node, "execution_time")));
        if (is_bad(status) || status == "warn")
            line +=
                "  " + terminal_.paint(node_colour(status), first_line(text(node, "message"), 160));
        terminal_.line(line);
    }
}

void RunProgress::draw_bar(const boost::json::object& run, const boost::json::array& nodes) {
    if (!terminal_.interactive()) return;
    std::int64_t done = 0;
    std::int64_t total = 0;
    for (const auto& item : nodes) {
        const auto& node = item.as_object();
        if (number(node, "step") != current_index_) continue;
        total = std::max(total, number(node, "total"));
        if (is_over(text(node, "status"))) ++done;
    }
    auto elapsed = std::chrono::duration_cast<std::chrono::seconds>(
                       std::chrono::steady_clock::now() - started_)
                       .count();
    auto label = current_step_.empty() ? text(run, "status_humanized") : current_step_;
    auto width = std::clamp(terminal_.width() - 50, 10, 40);
    auto filled = total > 0 ? static_cast<int>(done * width / total) : 0;
    std::string bar;
    for (int i = 0; i < width; ++i)
        bar += i < filled ? "█" : "░";
    terminal_.status(fmt::format("{} {}/{}  {}s  {}", terminal_.paint(Colour::blue, bar), done,
                                 total, elapsed, first_line(label, 30)));
}

void RunProgress::finish(const boost::json::object& run, const boost::json::array& nodes) {
    show_nodes(nodes);
    terminal_.clear_status();
    auto status = number(run, "status");
    auto colour = status == 10 ? Colour::green : status == 20 ? Colour::red : Colour::yellow;
    std::int64_t bad = 0;
    std::int64_t warned = 0;
    for (const auto& item : nodes) {
        auto node_status = text(item.as_object(), "status");
        bad += is_bad(node_status) ? 1 : 0;
        warned += node_status == "warn" ? 1 : 0;
    }
    terminal_.line(fmt::format("{} run {}: {} nodes, {} failed, {} warned, {} queued, {} running",
                               terminal_.paint(colour, text(run, "status_humanized")),
                               number(run, "id"), nodes.size(), bad, warned,
                               text(run, "queued_duration"), text(run, "run_duration")));
    auto message = text(run, "status_message");
    if (status != 10 && !message.empty()) terminal_.line(terminal_.paint(colour, message));
    terminal_.line(text(run, "href"));
}

}  // namespace mw::cli
