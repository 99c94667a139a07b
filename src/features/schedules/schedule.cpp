#include "features/schedules/schedule.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <charconv>
#include <vector>

#include "features/schedules/cron.hpp"

namespace mw::schedules {
namespace {

namespace json = boost::json;

// Reads one nested object; every error names the field with its path.
class Part {
  public:
    static result<Part> of(const json::object& parent, const char* key, std::string path) {
        const auto* value = parent.if_contains(key);
        if (!value || value->is_null()) return Part(nullptr, std::move(path));
        if (!value->is_object()) return fail_field(std::move(path), "must be an object");
        return Part(&value->as_object(), std::move(path));
    }

    bool given() const { return object_ != nullptr; }
    std::string field(std::string_view key) const { return fmt::format("{}.{}", path_, key); }

    // Null and absent are the same: clients send both for "not set".
    const json::value* find(std::string_view key) const {
        const auto* value = object_ ? object_->if_contains(key) : nullptr;
        return value && !value->is_null() ? value : nullptr;
    }

    result<std::string> text(std::string_view key, std::string fallback) const {
        const auto* value = find(key);
        if (!value) return fallback;
        if (!value->is_string()) return fail_field(field(key), "must be a string");
        return std::string(value->as_string());
    }

    result<std::int64_t> number(std::string_view key, std::int64_t fallback, std::int64_t least,
                                std::int64_t most) const {
        const auto* value = find(key);
        if (!value) return fallback;
        return check(key, *value, least, most);
    }

    // Sorted and without repeats.
    result<std::vector<std::int64_t>> numbers(std::string_view key, std::int64_t least,
                                              std::int64_t most) const {
        std::vector<std::int64_t> all;
        const auto* value = find(key);
        if (!value) return all;
        if (!value->is_array()) return fail_field(field(key), "must be a list of whole numbers");
        for (const auto& item : value->as_array()) {
            MW_TRY(auto number, check(key, item, least, most));
            all.push_back(number);
        }
        std::ranges::sort(all);
        all.erase(std::ranges::unique(all).begin(), all.end());
        return all;
    }

  private:
    Part(const json::object* object, std::string path) : object_(object), path_(std::move(path)) {}

    result<std::int64_t> check(std::string_view key, const json::value& value, std::int64_t least,
                               std::int64_t most) const {
        if (!value.is_int64() || value.as_int64() < least || value.as_int64() > most)
            return fail_field(
                field(key), fmt::format("must be a whole number from {} to {}, not {}", least, most,
                                        json::serialize(value)));
        return value.as_int64();
    }

    const json::object* object_;
    std::string path_;
};

std::string join(const std::vector<std::int64_t>& numbers) {
    return fmt::format("{}", fmt::join(numbers, ","));
}

result<Cron> parse_cron(const std::string& field, const std::string& text) {
    auto cron = Cron::parse(text);
    if (!cron) return fail_field(field, cron.error().message);
    return cron;
}

// The time of day: what it adds to the cron expression ("0 */6") and how it is shown.
struct TimeOfDay {
    std::string minute_and_hour;
    json::object shown;
};

result<TimeOfDay> read_time(const Part& time) {
    MW_TRY(auto type, time.text("type", "every_hour"));
    if (type == "every_hour") {
        MW_TRY(auto interval, time.number("interval", 1, 1, 23));
        return TimeOfDay{interval == 1 ? "0 *" : fmt::format("0 */{}", interval),
                         {{"type", type}, {"interval", interval}}};
    }
    if (type == "at_exact_hours") {
        MW_TRY(auto hours, time.numbers("hours", 0, 23));
        if (hours.empty())
            return fail_field(time.field("hours"), "must name at least one hour from 0 to 23");
        return TimeOfDay{"0 " + join(hours), {{"type", type}, {"hours", json::value_from(hours)}}};
    }
    return fail_field(time.field("type"), "must be every_hour or at_exact_hours");
}

result<std::vector<std::int64_t>> read_days(const Part& date, bool required) {
    MW_TRY(auto days, date.numbers("days", 0, 6));
    if (required && days.empty())
        return fail_field(date.field("days"),
                          "must name at least one day from 0 (Sunday) to 6 (Saturday)");
    return days;
}

ResolvedSchedule resolved(std::string cron, json::object date, json::object time) {
    json::object shown{{"cron", cron}, {"date", std::move(date)}, {"time", std::move(time)}};
    return {std::move(cron), std::move(shown)};
}

// custom_cron and interval_cron: the expression is given; an interval's may also be derived.
result<ResolvedSchedule> resolve_cron(const std::string& type, const Part& date, TimeOfDay time) {
    bool interval = type == "interval_cron";
    MW_TRY(auto days, read_days(date, false));
    MW_TRY(auto text, date.text("cron", ""));
    if (text.empty()) {
        if (!interval) return fail_field(date.field("cron"), "must be given for type custom_cron");
        text = fmt::format("{} * * {}", time.minute_and_hour, days.empty() ? "*" : join(days));
    }
    MW_TRY(auto cron, parse_cron(date.field("cron"), text));
    json::object shown{{"type", type}};
    if (interval && !days.empty()) shown["days"] = json::value_from(days);
    shown["cron"] = cron.text();
    return resolved(cron.text(), std::move(shown), std::move(time.shown));
}

bool is_list_of_numbers(std::string_view text) {
    return !text.empty() && text.find_first_not_of("0123456789,") == text.npos;
}

json::array numbers_in(std::string_view list) {
    std::vector<std::int64_t> numbers;
    const char* pos = list.data();
    const char* end = list.data() + list.size();
    while (pos < end) {
        std::int64_t number = 0;
        pos = std::from_chars(pos, end, number).ptr + 1;
        numbers.push_back(number);
    }
    return json::value_from(numbers).as_array();
}

}  // namespace

result<ResolvedSchedule> resolve_schedule(const json::object& schedule) {
    MW_TRY(auto date, Part::of(schedule, "date", "schedule.date"));
    MW_TRY(auto time, Part::of(schedule, "time", "schedule.time"));
    if (const auto* cron = schedule.if_contains("cron");
        !date.given() && cron && !cron->is_null()) {
        if (!cron->is_string()) return fail_field("schedule.cron", "must be a string");
        MW_TRY(auto parsed, parse_cron("schedule.cron", std::string(cron->as_string())));
        MW_TRY(auto shown, schedule_of_cron(parsed.text()));
        return ResolvedSchedule{parsed.text(), std::move(shown)};
    }
    MW_TRY(auto time_of_day, read_time(time));
    MW_TRY(auto type, date.text("type", "every_day"));
    if (type == "every_day")
        return resolved(time_of_day.minute_and_hour + " * * *", {{"type", type}},
                        std::move(time_of_day.shown));
    if (type == "days_of_week") {
        MW_TRY(auto days, read_days(date, true));
        return resolved(fmt::format("{} * * {}", time_of_day.minute_and_hour, join(days)),
                        {{"type", type}, {"days", json::value_from(days)}},
                        std::move(time_of_day.shown));
    }
    if (type == "custom_cron" || type == "interval_cron")
        return resolve_cron(type, date, std::move(time_of_day));
    return fail_field(date.field("type"),
                      "must be every_day, days_of_week, custom_cron or interval_cron");
}

result<json::object> schedule_of_cron(std::string_view text) {
    MW_TRY(auto cron, Cron::parse(text));
    const auto& written = cron.text();
    // Whether one of the plain spellings means it: try it, and see what comes out.
    std::vector<std::string_view> fields;
    for (std::size_t begin = 0; begin < written.size();) {
        auto end = std::min(written.find(' ', begin), written.size());
        fields.push_back(std::string_view(written).substr(begin, end - begin));
        begin = end + 1;
    }
    if (fields.size() == 5) {
        auto hour = fields[1];
        auto week = fields[4];
        json::object time{{"type", "every_hour"}, {"interval", 1}};
        if (is_list_of_numbers(hour))
            time = {{"type", "at_exact_hours"}, {"hours", numbers_in(hour)}};
        else if (hour.starts_with("*/") && is_list_of_numbers(hour.substr(2)))
            time["interval"] = numbers_in(hour.substr(2)).front();
        json::object date{{"type", "every_day"}};
        if (is_list_of_numbers(week)) date = {{"type", "days_of_week"}, {"days", numbers_in(week)}};
        auto plain = resolve_schedule({{"date", std::move(date)}, {"time", std::move(time)}});
        if (plain && plain->cron == written) return plain->schedule;
    }
    return json::object{{"cron", written},
                        {"date", {{"type", "custom_cron"}, {"cron", written}}},
                        {"time", {{"type", "every_hour"}, {"interval", 1}}}};
}

std::optional<Timestamp> next_run(std::string_view cron, Timestamp after) {
    auto parsed = Cron::parse(cron);
    return parsed ? parsed->next_after(after) : std::nullopt;
}

}  // namespace mw::schedules
