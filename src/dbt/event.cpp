#include "dbt/event.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <utility>

namespace mw::dbt {
namespace {

namespace json = boost::json;

constexpr auto kLevels = std::to_array<std::pair<std::string_view, Level>>({
    {"debug", Level::debug},
    {"info", Level::info},
    {"warn", Level::warn},
    {"error", Level::error},
});

// Reads the fields of one message; the first one that is missing or mistyped is the error.
class Fields {
  public:
    explicit Fields(const json::object& object) : object_(object) {}

    std::string text(std::string_view name) {
        const auto* value = object_.if_contains(name);
        if (const auto* string = value ? value->if_string() : nullptr) return std::string(*string);
        miss(name);
        return {};
    }

    // Absent and null are the empty text.
    std::string text_or_empty(std::string_view name) {
        return present(name) ? text(name) : std::string();
    }

    std::optional<std::string> optional_text(std::string_view name) {
        if (!present(name)) return std::nullopt;
        return text(name);
    }

    std::int64_t integer(std::string_view name) {
        const auto* value = object_.if_contains(name);
        boost::system::error_code error;
        auto number = value && value->is_number() ? value->to_number<std::int64_t>(error) : 0;
        if (!value || !value->is_number() || error) miss(name);
        return number;
    }

    std::optional<std::int64_t> optional_integer(std::string_view name) {
        if (!present(name)) return std::nullopt;
        return integer(name);
    }

    std::optional<double> optional_number(std::string_view name) {
        if (!present(name)) return std::nullopt;
        const auto& value = object_.at(name);
        if (value.is_number()) return value.to_number<double>();
        miss(name);
        return std::nullopt;
    }

    bool flag_or(std::string_view name, bool otherwise) {
        const auto* value = object_.if_contains(name);
        return value && value->is_bool() ? value->get_bool() : otherwise;
    }

    const json::object* optional_object(std::string_view name) {
        if (!present(name)) return nullptr;
        const auto* nested = object_.at(name).if_object();
        if (!nested) miss(name);
        return nested;
    }

    void miss(std::string_view name) {
        if (missing_.empty()) missing_ = name;
    }
    const std::string& missing() const { return missing_; }

  private:
    bool present(std::string_view name) const {
        const auto* value = object_.if_contains(name);
        return value && !value->is_null();
    }

    const json::object& object_;
    std::string missing_;
};

HostReady read_ready(Fields& in) {
    HostReady ready{
        .dbt_version = in.text("dbt_version"), .adapters = {}, .pid = in.integer("pid")};
    if (const auto* adapters = in.optional_object("adapters")) {
        for (const auto& [name, version] : *adapters) {
            if (const auto* text = version.if_string()) ready.adapters.emplace(name, *text);
        }
    }
    return ready;
}

NodeInfo read_node(Fields& event, const json::object& object) {
    Fields in(object);
    NodeInfo node{
        .unique_id = in.text("unique_id"),
        .resource_type = in.text_or_empty("resource_type"),
        .name = in.text_or_empty("name"),
        .relation = in.text_or_empty("relation"),
        .materialized = in.text_or_empty("materialized"),
        .status = in.text_or_empty("status"),
        .started_at = in.text_or_empty("started_at"),
        .finished_at = in.text_or_empty("finished_at"),
        .message = in.text_or_empty("message"),
    };
    if (!in.missing().empty()) event.miss("node." + in.missing());
    return node;
}

Event read_event(Fields& in) {
    Event event;
    event.id = in.text("id");
    event.name = in.text("name");
    event.thread = in.text_or_empty("thread");
    event.message = in.text("msg");
    event.console = in.flag_or("console", true);
    event.index = in.optional_integer("index");
    event.total = in.optional_integer("total");
    event.execution_time_s = in.optional_number("execution_time");
    if (auto at = parse_time(in.text("ts"))) {
        event.at = *at;
    } else {
        in.miss("ts");
    }
    std::string level = in.text("level");
    const auto* known = std::ranges::find(kLevels, level, &decltype(kLevels)::value_type::first);
    if (known == kLevels.end()) {
        in.miss("level");
    } else {
        event.level = known->second;
    }
    if (const auto* node = in.optional_object("node")) event.node = read_node(in, *node);
    return event;
}

Rows read_rows(Fields& in) {
    return {.id = in.text("id"),
            .about = in.text_or_empty("about"),
            .text = in.text("text"),
            .count = in.optional_integer("count")};
}

InvocationFinished read_finished(Fields& in) {
    InvocationFinished finished;
    finished.id = in.text("id");
    finished.exit_code = static_cast<int>(in.integer("exit_code"));
    finished.error = in.optional_text("error");
    if (auto signal = in.optional_integer("signal")) finished.signal = static_cast<int>(*signal);
    return finished;
}

std::optional<HostMessage> read_message(std::string_view type, Fields& in) {
    if (type == "event") return read_event(in);
    if (type == "output") return Output{.id = in.text("id"), .text = in.text("text")};
    if (type == "rows") return read_rows(in);
    if (type == "started") return InvocationStarted{.id = in.text("id"), .pid = in.integer("pid")};
    if (type == "finished") return read_finished(in);
    if (type == "ready") return read_ready(in);
    if (type == "confined") return HostConfined{.pid = in.integer("pid")};
    if (type == "error")
        return CommandRefused{.id = in.text_or_empty("id"), .error = in.text("error")};
    return std::nullopt;
}

}  // namespace

std::string_view level_name(Level level) {
    return std::ranges::find(kLevels, level, &decltype(kLevels)::value_type::second)->first;
}

result<HostMessage> parse_host_message(std::string_view line) {
    boost::system::error_code error;
    json::value value = json::parse(line, error);
    const auto* object = error ? nullptr : value.if_object();
    const auto* type = object ? object->if_contains("type") : nullptr;
    if (!type || !type->is_string())
        return fail(Errc::upstream_failed, "The dbt engine sent something that is no message.",
                    fmt::format("{} bytes: {}", line.size(), error ? error.message() : "no type"));
    Fields in(*object);
    auto message = read_message(type->get_string(), in);
    if (!message)
        return fail(Errc::upstream_failed, "The dbt engine sent a message of an unknown type.",
                    std::string(type->get_string()));
    if (!in.missing().empty())
        return fail(Errc::upstream_failed, "The dbt engine sent an incomplete message.",
                    fmt::format("{}: {}", std::string_view(type->get_string()), in.missing()));
    return std::move(*message);
}

std::string console_line(const Event& event) {
    return fmt::format("{}  {}", format_clock(event.at), event.message);
}

std::string debug_line(const Event& event) {
    auto of_second = event.at - std::chrono::floor<std::chrono::seconds>(event.at);
    // dbt's own columns: the level in five characters, the thread in ten.
    return fmt::format("{}.{:06} [{:<5}] [{:<10.10}]: {}", format_clock(event.at),
                       of_second.count(), level_name(event.level), event.thread, event.message);
}

std::string kept_for_rows(std::optional<std::int64_t> count) {
    auto rows =
        !count ? std::string("rows") : fmt::format("{} {}", *count, *count == 1 ? "row" : "rows");
    return fmt::format("({} shown live; rows are not kept)", rows);
}

std::string cancel_command(std::string_view id) {
    return json::serialize(json::object{{"type", "cancel"}, {"id", id}}) + "\n";
}

}  // namespace mw::dbt
