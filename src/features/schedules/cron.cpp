#include "features/schedules/cron.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <span>
#include <vector>

#include "features/schedules/cron_text.hpp"

namespace mw::schedules {
namespace {

using namespace std::chrono;

// The rarest date that cron can ask for, a 29 February on a given weekday, comes back after 40
// years at the latest.
constexpr int kSearchYears = 41;
constexpr std::size_t kTextMax = 1000;

struct Field {
    std::string_view name;
    int least;
    int most;
    std::span<const std::string_view> names;  // of the values from `least` on
    bool takes_last_day = false;
};

constexpr std::array<std::string_view, 12> kMonthNames{"JAN", "FEB", "MAR", "APR", "MAY", "JUN",
                                                       "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"};
constexpr std::array<std::string_view, 7> kDayNames{"SUN", "MON", "TUE", "WED",
                                                    "THU", "FRI", "SAT"};

constexpr Field kMinute{"minute", 0, 59, {}};
constexpr Field kHour{"hour", 0, 23, {}};
constexpr Field kDayOfMonth{"day of month", 1, 31, {}, true};
constexpr Field kMonth{"month", 1, 12, kMonthNames};
constexpr Field kDayOfWeek{"day of week", 0, 7, kDayNames};

struct Alias {
    std::string_view name;
    std::string_view fields;
};
constexpr std::array<Alias, 7> kAliases{{{"@yearly", "0 0 1 1 *"},
                                         {"@annually", "0 0 1 1 *"},
                                         {"@monthly", "0 0 1 * *"},
                                         {"@weekly", "0 0 * * 0"},
                                         {"@daily", "0 0 * * *"},
                                         {"@midnight", "0 0 * * *"},
                                         {"@hourly", "0 * * * *"}}};

char upper(char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}

bool same_word(std::string_view left, std::string_view right) {
    return std::ranges::equal(left, right, {}, upper, upper);
}

std::vector<std::string_view> words(std::string_view text) {
    constexpr std::string_view kBlanks = " \t\r\n";
    std::vector<std::string_view> found;
    for (;;) {
        auto begin = text.find_first_not_of(kBlanks);
        if (begin == text.npos) return found;
        text.remove_prefix(begin);
        auto end = std::min(text.find_first_of(kBlanks), text.size());
        found.push_back(text.substr(0, end));
        text.remove_prefix(end);
    }
}

std::unexpected<Error> refuse(const Field& field, std::string_view text, std::string_view why) {
    return fail(Errc::invalid_argument, fmt::format("{} \"{}\": {}", field.name, text, why));
}

std::optional<int> to_number(std::string_view text) {
    int value = 0;
    auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || text.front() == '-' || error != std::errc{} ||
        end != text.data() + text.size())
        return std::nullopt;
    return value;
}

std::string what_fits(const Field& field) {
    auto fits = fmt::format("must be from {} to {}", field.least, field.most);
    if (!field.names.empty())
        fits += fmt::format(" or a name ({} to {})", field.names.front(), field.names.back());
    if (field.takes_last_day) fits += " or L (the last day of the month)";
    return fits;
}

// `item` is what the value is part of, for the error.
result<int> read_value(const Field& field, std::string_view text, std::string_view item) {
    for (std::size_t i = 0; i < field.names.size(); ++i)
        if (same_word(text, field.names[i])) return field.least + static_cast<int>(i);
    auto value = to_number(text);
    if (!value || *value < field.least || *value > field.most)
        return refuse(field, item, what_fits(field));
    return *value;
}

struct Steps {
    int first;
    int last;
    int step = 1;
};

// `*`, `5`, `5-9`, each with or without `/n`; `5/n` runs to the end of the field.
result<Steps> read_steps(const Field& field, std::string_view text) {
    auto slash = text.find('/');
    auto base = text.substr(0, slash);
    Steps steps{field.least, &field == &kDayOfWeek ? 6 : field.most};
    if (base != "*") {
        auto dash = base.find('-');
        MW_TRY(steps.first, read_value(field, base.substr(0, dash), text));
        if (dash != base.npos) {
            MW_TRY(steps.last, read_value(field, base.substr(dash + 1), text));
            // A week may also be said to end with Sunday.
            if (&field == &kDayOfWeek && steps.last == 0 && steps.first > 0) steps.last = 7;
            if (steps.last < steps.first) return refuse(field, text, "the range runs backwards");
        } else {
            if (&field == &kDayOfWeek && steps.first == 7) steps.first = 0;
            if (slash == text.npos) steps.last = steps.first;
        }
    }
    if (slash == text.npos) return steps;
    auto step = to_number(text.substr(slash + 1));
    if (!step || *step < 1 || *step > field.most)
        return refuse(field, text,
                      fmt::format("the step must be a whole number from 1 to {}", field.most));
    steps.step = *step;
    return steps;
}

template <std::size_t N>
result<> read_field(const Field& field, std::string_view text, std::bitset<N>& out,
                    bool* last_day = nullptr) {
    for (auto item : split(text, ',')) {
        if (item.empty()) return refuse(field, text, "a value is missing");
        if (last_day && same_word(item, "L")) {
            *last_day = true;
            continue;
        }
        MW_TRY(auto steps, read_steps(field, item));
        for (int value = steps.first; value <= steps.last; value += steps.step)
            out.set(static_cast<std::size_t>(value) % N);
    }
    return {};
}

}  // namespace

class CronParser {
  public:
    static result<Cron> parse(std::string_view text) {
        if (text.size() > kTextMax)
            return fail(Errc::invalid_argument,
                        fmt::format("is longer than {} characters", kTextMax));
        Cron cron;
        auto fields = words(text);
        cron.text_ = fmt::format("{}", fmt::join(fields, " "));
        if (fields.size() == 1 && fields.front().starts_with('@')) {
            auto alias = std::ranges::find_if(kAliases, [&](const Alias& known) {
                return same_word(known.name, fields.front());
            });
            if (alias == kAliases.end())
                return fail(Errc::invalid_argument,
                            fmt::format("\"{}\" is not a known short form", fields.front()));
            fields = words(alias->fields);
        }
        if (fields.size() != 5)
            return fail(Errc::invalid_argument,
                        fmt::format("must have 5 fields (minute, hour, day of month, month, day "
                                    "of week), not {}",
                                    fields.size()));
        MW_CHECK(fill(cron, fields));
        std::ranges::copy(fields, cron.fields_.begin());
        // From any date in a cycle of the calendar, the bounded search sees the rarest one too.
        if (!cron.next_after(Timestamp{sys_days{2000y / January / 1}}))
            return refuse(kDayOfMonth, fields[2],
                          fmt::format("no such day ever comes in month \"{}\"", fields[3]));
        return cron;
    }

  private:
    static result<> fill(Cron& cron, const std::vector<std::string_view>& fields) {
        MW_CHECK(read_field(kMinute, fields[0], cron.minutes_));
        MW_CHECK(read_field(kHour, fields[1], cron.hours_));
        MW_CHECK(read_field(kDayOfMonth, fields[2], cron.days_of_month_, &cron.last_day_of_month_));
        MW_CHECK(read_field(kMonth, fields[3], cron.months_));
        MW_CHECK(read_field(kDayOfWeek, fields[4], cron.days_of_week_));
        cron.any_day_of_month_ = fields[2].starts_with('*');
        cron.any_day_of_week_ = fields[4].starts_with('*');
        return {};
    }
};

result<Cron> Cron::parse(std::string_view text) {
    return CronParser::parse(text);
}

bool Cron::fits(year_month_day day) const {
    if (!months_.test(unsigned{day.month()})) return false;
    bool last = day == year_month_day{day.year() / day.month() / std::chrono::last};
    bool by_month = days_of_month_.test(unsigned{day.day()}) || (last_day_of_month_ && last);
    bool by_week = days_of_week_.test(weekday{sys_days{day}}.c_encoding());
    if (any_day_of_month_ || any_day_of_week_) return by_month && by_week;
    return by_month || by_week;
}

std::optional<Timestamp> Cron::next_after(Timestamp at) const {
    // The first minute that may be it.
    auto from = floor<minutes>(at) + minutes{1};
    auto first_day = floor<days>(from);
    auto last_day = first_day + days{366 * kSearchYears};
    for (auto day = first_day; day <= last_day; day += days{1}) {
        if (!fits(year_month_day{day})) continue;
        for (std::size_t hour = 0; hour < hours_.size(); ++hour) {
            if (!hours_.test(hour)) continue;
            for (std::size_t minute = 0; minute < minutes_.size(); ++minute) {
                auto firing = day + hours{hour} + minutes{minute};
                if (minutes_.test(minute) && firing >= from) return Timestamp{firing};
            }
        }
    }
    return std::nullopt;
}

std::optional<Timestamp> Cron::latest_until(Timestamp at, Timestamp least) const {
    auto first_day = floor<days>(least);
    for (auto day = floor<days>(at); day >= first_day; day -= days{1}) {
        if (!fits(year_month_day{day})) continue;
        for (std::size_t hour = hours_.size(); hour-- > 0;) {
            if (!hours_.test(hour)) continue;
            for (std::size_t minute = minutes_.size(); minute-- > 0;) {
                auto firing = day + hours{hour} + minutes{minute};
                if (!minutes_.test(minute) || firing > at) continue;
                if (firing < least) return std::nullopt;
                return Timestamp{firing};
            }
        }
    }
    return std::nullopt;
}

}  // namespace mw::schedules
