#include "features/schedules/cron_words.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <span>
#include <vector>

#include "features/schedules/cron.hpp"
#include "features/schedules/cron_text.hpp"

namespace mw::schedules {
namespace {

constexpr std::array<std::string_view, 7> kDays{"Sunday",   "Monday", "Tuesday", "Wednesday",
                                                "Thursday", "Friday", "Saturday"};
constexpr std::array<std::string_view, 12> kMonths{"January",   "February", "March",    "April",
                                                   "May",       "June",     "July",     "August",
                                                   "September", "October",  "November", "December"};

// One of a field's items: `*`, `5`, `5-9`, each with or without a step; L is the last day.
struct Item {
    bool every = false;
    bool last_day = false;
    int first = 0;
    std::optional<int> last;
    int step = 1;

    bool is_single() const { return !every && !last && !last_day && step == 1; }
};
using Field = std::vector<Item>;

int to_number(std::string_view text) {
    int number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

// A number, or the first three letters of one of `names`, which begin at `least`.
int to_value(std::string_view text, std::span<const std::string_view> names, int least) {
    for (std::size_t i = 0; i < names.size(); ++i) {
        auto short_name = names[i].substr(0, 3);
        if (std::ranges::equal(
                text, short_name, {}, [](char c) { return std::tolower(c); },
                [](char c) { return std::tolower(c); }))
            return least + static_cast<int>(i);
    }
    return to_number(text);
}

// `text` has been checked.
Field read_field(std::string_view text, std::span<const std::string_view> names = {},
                 int least = 0) {
    Field field;
    for (auto part : split(text, ',')) {
        Item item;
        auto slash = part.find('/');
        auto base = part.substr(0, slash);
        if (slash != part.npos) item.step = to_number(part.substr(slash + 1));
        if (base == "*") {
            item.every = true;
        } else if (base == "L" || base == "l") {
            item.last_day = true;
        } else {
            auto dash = base.find('-');
            item.first = to_value(base.substr(0, dash), names, least);
            if (dash != base.npos) item.last = to_value(base.substr(dash + 1), names, least);
        }
        field.push_back(item);
    }
    return field;
}

bool is_every(const Field& field) {
    return field.size() == 1 && field[0].every && field[0].step == 1;
}

bool all_single(const Field& field) {
    return std::ranges::all_of(field, &Item::is_single);
}

std::string clock(int hour, int minute) {
    int shown = hour % 12 == 0 ? 12 : hour % 12;
    return fmt::format("{:02}:{:02} {}", shown, minute, hour < 12 ? "AM" : "PM");
}

// "a", "a and b", "a, b and c"
std::string enumerate(const std::vector<std::string>& parts) {
    if (parts.size() == 1) return parts.front();
    std::span all(parts);
    return fmt::format("{} and {}", fmt::join(all.first(all.size() - 1), ", "), parts.back());
}

// How a kind of field says things. {0} and {1} are values as `name` spells them.
struct Words {
    std::string (*name)(int value);
    std::string_view unit;                         // "every 3 <unit>"
    std::string_view single;                       // "at {0} minutes past the hour"
    std::string_view between;                      // "minutes {0} through {1} past the hour"
    std::string (*end_name)(int value) = nullptr;  // of a range's end, when it differs
    int first = 0;                                 // the field's least value
};

std::string end_of(const Words& words, int value) {
    return words.end_name ? words.end_name(value) : words.name(value);
}

std::string item_in_words(const Words& words, const Item& item) {
    if (item.last)
        return fmt::format(fmt::runtime(words.between), words.name(item.first),
                           end_of(words, *item.last));
    return fmt::format(fmt::runtime(words.single), words.name(item.first));
}

// "every 3 hours, between 08:00 AM and 06:59 PM", "every 10 minutes, starting at 5 minutes past …"
std::string steps_in_words(const Words& words, const Item& item) {
    auto text = fmt::format("every {} {}", item.step, words.unit);
    if (item.last) return text + ", " + item_in_words(words, item);
    if (item.every || item.first == words.first) return text;
    return text + ", starting " + item_in_words(words, item);
}

// A field that is not `*`.
std::string field_in_words(const Words& words, const Field& field) {
    if (field.size() == 1)
        return field[0].step > 1 ? steps_in_words(words, field[0]) : item_in_words(words, field[0]);
    std::vector<std::string> parts;
    for (const auto& item : field) {
        if (item.every)
            parts.push_back(fmt::format("every {} {}", item.step, words.unit));
        else if (item.last_day)
            parts.emplace_back("the last");
        else if (item.last && item.step > 1)
            parts.push_back(fmt::format("every {} {} from {} through {}", item.step, words.unit,
                                        words.name(item.first), end_of(words, *item.last)));
        else if (item.last)
            parts.push_back(
                fmt::format("{} through {}", words.name(item.first), end_of(words, *item.last)));
        else if (item.step > 1)
            parts.push_back(
                fmt::format("every {} {} from {}", item.step, words.unit, words.name(item.first)));
        else
            parts.push_back(words.name(item.first));
    }
    return fmt::format(fmt::runtime(words.single), enumerate(parts));
}

std::string number(int value) {
    return std::to_string(value);
}

constexpr Words kMinuteWords{number, "minutes", "at {0} minutes past the hour",
                             "minutes {0} through {1} past the hour"};
constexpr Words kHourWords{[](int hour) { return clock(hour, 0); }, "hours", "at {0}",
                           "between {0} and {1}", [](int hour) { return clock(hour, 59); }};
constexpr Words kDayWords{
    number, "days", "on day {0} of the month", "between day {0} and {1} of the month", nullptr, 1};
constexpr Words kMonthWords{[](int month) { return std::string(kMonths[(month - 1) % 12]); },
                            "months",
                            "only in {0}",
                            "{0} through {1}",
                            nullptr,
                            1};
constexpr auto kDayName = [](int day) { return std::string(kDays[day % 7]); };
constexpr Words kWeekWords{kDayName, "days of the week", "only on {0}", "{0} through {1}"};
// Beside a day of the month: either of them is enough.
constexpr Words kOrWeekWords{kDayName, "days of the week", "or on {0}", "or {0} through {1}"};

std::string time_in_words(const Field& minutes, const Field& hours) {
    bool one_minute = minutes.size() == 1 && minutes[0].is_single();
    if (one_minute && all_single(hours)) {
        std::vector<std::string> times;
        for (const auto& hour : hours)
            times.push_back(clock(hour.first, minutes[0].first));
        return "at " + enumerate(times);
    }
    bool one_hour = hours.size() == 1 && hours[0].is_single();
    if (one_hour && minutes.size() == 1 && minutes[0].last && minutes[0].step == 1)
        return fmt::format("every minute between {} and {}",
                           clock(hours[0].first, minutes[0].first),
                           clock(hours[0].first, *minutes[0].last));
    if (is_every(minutes) && is_every(hours)) return "every minute";

    // That it is the full hour goes without saying, unless hours alone would read as all minutes.
    bool full_hour = one_minute && minutes[0].first == 0;
    bool needs_minutes = hours.size() > 1 || (hours[0].last && hours[0].step == 1);
    std::vector<std::string> parts;
    if (is_every(minutes))
        parts.emplace_back("every minute");
    else if (!full_hour || needs_minutes)
        parts.push_back(field_in_words(kMinuteWords, minutes));
    if (is_every(hours)) {
        if (parts.empty()) parts.emplace_back("every hour");
    } else if (one_hour) {
        parts.push_back(
            fmt::format("between {} and {}", clock(hours[0].first, 0), clock(hours[0].first, 59)));
    } else {
        parts.push_back(field_in_words(kHourWords, hours));
    }
    return fmt::format("{}", fmt::join(parts, ", "));
}

std::string day_in_words(const Field& days) {
    if (days.size() == 1 && days[0].last_day) return "on the last day of the month";
    return field_in_words(kDayWords, days);
}

}  // namespace

std::optional<std::string> cron_in_words(std::string_view cron) {
    auto parsed = Cron::parse(cron);
    if (!parsed) return std::nullopt;
    const auto& fields = parsed->fields();
    auto days = read_field(fields[2]);
    auto months = read_field(fields[3], kMonths, 1);
    auto week = read_field(fields[4], kDays);
    auto words = time_in_words(read_field(fields[0]), read_field(fields[1]));
    if (!is_every(days)) words += ", " + day_in_words(days);
    // A field that begins with `*` restricts the other; else a day that fits either of them fires.
    bool either = !fields[2].starts_with('*') && !fields[4].starts_with('*');
    if (!is_every(week)) words += ", " + field_in_words(either ? kOrWeekWords : kWeekWords, week);
    if (!is_every(months)) words += ", " + field_in_words(kMonthWords, months);
    words[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(words[0])));
    return words;
}

}  // namespace mw::schedules
