#include "dbt/native_event.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <charconv>

namespace mw::dbt {
namespace {

namespace json = boost::json;

// Written to a terminal without a time stamp, whatever the log level: the command's own output.
constexpr std::array<std::string_view, 2> kOutputs{"PrintEvent", "CompiledNode"};

// Each takes a value.
constexpr std::array<std::string_view, 5> kLogOptions{"--log-format", "--log-format-file",
                                                      "--log-level-file", "--otel-file-name",
                                                      "--otel-parquet-file-name"};

const json::object& object_in(const json::object& object, std::string_view name) {
    static const json::object kNone;
    const auto* value = object.if_contains(name);
    const auto* nested = value ? value->if_object() : nullptr;
    return nested ? *nested : kNone;
}

std::string text_in(const json::object& object, std::string_view name) {
    const auto* value = object.if_contains(name);
    const auto* text = value ? value->if_string() : nullptr;
    return text ? std::string(*text) : std::string();
}

std::optional<std::int64_t> integer_in(const json::object& object, std::string_view name) {
    const auto* value = object.if_contains(name);
    boost::system::error_code error;
    auto number = value && value->is_number() ? value->to_number<std::int64_t>(error) : 0;
    if (!value || !value->is_number() || error) return std::nullopt;
    return number;
}

std::optional<double> number_in(const json::object& object, std::string_view name) {
    const auto* value = object.if_contains(name);
    if (!value || !value->is_number()) return std::nullopt;
    return value->to_number<double>();
}

Level level_of(std::string_view word) {
    if (word == "error") return Level::error;
    if (word == "warn") return Level::warn;
    return word == "debug" ? Level::debug : Level::info;
}

NodeInfo node_of(const json::object& info, const json::object& data) {
    NodeInfo node{.unique_id = text_in(info, "unique_id"),
                  .resource_type = text_in(info, "resource_type"),
                  .name = text_in(info, "node_name"),
                  .relation = text_in(object_in(info, "node_relation"), "relation_name"),
                  .materialized = text_in(info, "materialized"),
                  .status = text_in(info, "node_status"),
                  .started_at = text_in(info, "node_started_at"),
                  .finished_at = text_in(info, "node_finished_at"),
                  .message = text_in(object_in(data, "run_result"), "message")};
    // "model.shop.orders"
    if (node.name.empty()) node.name = node.unique_id.substr(node.unique_id.rfind('.') + 1);
    return node;
}

bool has_failed(const NodeInfo& node) {
    return node.status == "error" || node.status == "fail";
}

// "[error] [DbDriverFailed (dbt1308)]: Database Error in model b (…)": the words after the code.
std::string_view without_code(std::string_view message) {
    auto end = message.find("]: ");
    return message.starts_with('[') && end != message.npos ? message.substr(end + 3) : message;
}

// Of what `dbt show` prints: a list in JSON, or a table that ends in "5 rows.".
std::optional<std::int64_t> count_rows(std::string_view preview) {
    json::error_code bad;
    if (auto value = json::parse(preview, bad); !bad && value.is_array())
        return static_cast<std::int64_t>(value.get_array().size());
    constexpr std::string_view kEnd = " rows.";
    if (!preview.ends_with(kEnd)) return std::nullopt;
    preview.remove_suffix(kEnd.size());
    auto digits = preview.substr(preview.find_last_of('\n') + 1);
    std::int64_t count = 0;
    auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), count);
    if (error != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
    return count;
}

}  // namespace

std::vector<std::string> without_log_options(std::vector<std::string> argv) {
    for (std::size_t i = 0; i < argv.size() && argv[i] != "--";) {
        std::string_view word = argv[i];
        auto name = word.substr(0, word.find('='));
        if (std::ranges::find(kLogOptions, name) == kLogOptions.end()) {
            ++i;
            continue;
        }
        auto words = std::min<std::size_t>(name.size() == word.size() ? 2 : 1, argv.size() - i);
        auto at = argv.begin() + static_cast<std::ptrdiff_t>(i);
        argv.erase(at, at + static_cast<std::ptrdiff_t>(words));
    }
    return argv;
}

std::optional<std::variant<Event, Output, Rows>> NativeEvents::read(std::string_view line) {
    json::error_code bad;
    auto value = json::parse(line, bad);
    const auto* object = bad ? nullptr : value.if_object();
    const auto* info = object ? object->if_contains("info") : nullptr;
    const auto* data = object ? object->if_contains("data") : nullptr;
    if (!info || !info->is_object() || !data || !data->is_object()) {
        if (line.empty()) return std::nullopt;
        return Output{id_, std::string(line)};
    }
    const auto& about = info->get_object();
    const auto& fields = data->get_object();
    Event event;
    event.id = id_;
    event.name = text_in(about, "name");
    event.message = text_in(about, "msg");
    if (event.name == "ShowNode")
        return Rows{.id = id_,
                    .about = {},
                    .text = std::move(event.message),
                    .count = count_rows(text_in(fields, "preview"))};
    if (std::ranges::find(kOutputs, event.name) != kOutputs.end())
        return Output{id_, std::move(event.message)};
    event.level = level_of(text_in(about, "level"));
    event.at = parse_time(text_in(about, "ts")).value_or(now());
    event.thread = text_in(about, "thread");
    event.console = event.level != Level::debug;
    event.index = integer_in(fields, "index");
    event.execution_time_s = number_in(fields, "execution_time");
    if (!event.execution_time_s)
        event.execution_time_s = number_in(object_in(fields, "run_result"), "execution_time");
    const auto& node = object_in(fields, "node_info");
    if (!text_in(node, "unique_id").empty()) {
        event.node = node_of(node, fields);
        if (auto failures = integer_in(fields, "num_failures"); failures.value_or(0) > 0)
            errors_.try_emplace(event.node->unique_id,
                                fmt::format("Got {} result{}, configured to fail if != 0",
                                            *failures, *failures == 1 ? "" : "s"));
        complete_node(event);
    }
    return event;
}

void NativeEvents::complete_node(Event& event) {
    auto& node = *event.node;
    if (node.status.empty()) {
        // It is about a node without being one of its states.
        if (event.level == Level::error)
            errors_.try_emplace(node.unique_id, without_code(event.message));
        event.node.reset();
        return;
    }
    if (!has_failed(node)) return;
    if (auto known = errors_.find(node.unique_id); node.message.empty() && known != errors_.end())
        node.message = known->second;
    // The line that tells how a node ended; the engine gives it no level of its own.
    if (event.level == Level::info) event.level = Level::error;
}

}  // namespace mw::dbt
