#include "base/time.hpp"

#include <fmt/format.h>

#include <array>

namespace mw {
namespace {

using namespace std::chrono;

struct Parts {
    year_month_day date;
    hh_mm_ss<microseconds> time;
};

Parts split(Timestamp at) {
    auto day = floor<days>(at);
    return {year_month_day{day}, hh_mm_ss<microseconds>{at - day}};
}

// As lists of runs have a dozen of each run, without a format string to read each time.
void append_digits(std::string& text, std::int64_t value, int width) {
    auto end = text.size() + static_cast<std::size_t>(width);
    text.resize(end);
    for (int i = 0; i < width; ++i, value /= 10)
        text[--end] = static_cast<char>('0' + value % 10);
}

std::string format_parts(Timestamp at, char separator, bool with_micros, std::string_view zone) {
    auto [date, time] = split(at);
    std::string text;
    text.reserve(32);
    append_digits(text, int(date.year()), 4);
    text += '-';
    append_digits(text, unsigned(date.month()), 2);
    text += '-';
    append_digits(text, unsigned(date.day()), 2);
    text += separator;
    append_digits(text, time.hours().count(), 2);
    text += ':';
    append_digits(text, time.minutes().count(), 2);
    text += ':';
    append_digits(text, time.seconds().count(), 2);
    if (with_micros) {
        text += '.';
        append_digits(text, time.subseconds().count(), 6);
    }
    text += zone;
    return text;
}

// Reads exactly `width` digits at `pos`, which it moves on.
std::optional<int> digits(std::string_view text, std::size_t& pos, std::size_t width) {
    if (pos + width > text.size()) return std::nullopt;
    int value = 0;
    for (std::size_t i = 0; i < width; ++i) {
        char c = text[pos + i];
        if (c < '0' || c > '9') return std::nullopt;
        value = value * 10 + (c - '0');
    }
    pos += width;
    return value;
}

bool literal(std::string_view text, std::size_t& pos, char expected) {
    if (pos >= text.size() || text[pos] != expected) return false;
    ++pos;
    return true;
}

// ".179903", any number of digits, cut to microseconds.
microseconds fraction(std::string_view text, std::size_t& pos) {
    if (pos >= text.size() || text[pos] != '.') return microseconds{0};
    ++pos;
    std::int64_t value = 0;
    int taken = 0;
    while (pos < text.size() && text[pos] >= '0' && text[pos] <= '9') {
        if (taken < 6) {
            value = value * 10 + (text[pos] - '0');
            ++taken;
        }
        ++pos;
    }
    for (; taken < 6; ++taken)
        value *= 10;
    return microseconds{value};
}

// "", "Z", "+00", "+0130", "-01:30".
std::optional<minutes> zone_offset(std::string_view text, std::size_t& pos) {
    if (pos == text.size()) return minutes{0};
    if (text[pos] == 'Z' || text[pos] == 'z') {
        ++pos;
        return minutes{0};
    }
    if (text[pos] != '+' && text[pos] != '-') return std::nullopt;
    int sign = text[pos++] == '-' ? -1 : 1;
    auto hour = digits(text, pos, 2);
    if (!hour) return std::nullopt;
    int minute = 0;
    if (pos < text.size()) {
        literal(text, pos, ':');
        auto read = digits(text, pos, 2);
        if (!read) return std::nullopt;
        minute = *read;
    }
    return minutes{sign * (*hour * 60 + minute)};
}

}  // namespace

Timestamp now() {
    return floor<microseconds>(Clock::now());
}

std::string format_rfc3339(Timestamp at) {
    return format_parts(at, 'T', true, "Z");
}

std::string format_run_time(Timestamp at) {
    return format_parts(at, ' ', true, "+00:00");
}

std::string format_iso(Timestamp at) {
    return format_parts(at, 'T', true, "+00:00");
}

std::string format_iso_seconds(Timestamp at) {
    return format_parts(at, 'T', false, "+00:00");
}

std::string format_clock(Timestamp at) {
    auto time = split(at).time;
    return fmt::format("{:02}:{:02}:{:02}", time.hours().count(), time.minutes().count(),
                       time.seconds().count());
}

std::optional<Timestamp> parse_time(std::string_view text) {
    std::size_t pos = 0;
    auto y = digits(text, pos, 4);
    if (!y || !literal(text, pos, '-')) return std::nullopt;
    auto mo = digits(text, pos, 2);
    if (!mo || !literal(text, pos, '-')) return std::nullopt;
    auto d = digits(text, pos, 2);
    if (!d) return std::nullopt;
    year_month_day date{year{*y}, month{unsigned(*mo)}, day{unsigned(*d)}};
    if (!date.ok()) return std::nullopt;
    if (pos == text.size()) return Timestamp{sys_days{date}};

    if (text[pos] != 'T' && text[pos] != ' ') return std::nullopt;
    ++pos;
    auto h = digits(text, pos, 2);
    if (!h || !literal(text, pos, ':')) return std::nullopt;
    auto mi = digits(text, pos, 2);
    if (!mi) return std::nullopt;
    int s = 0;
    if (literal(text, pos, ':')) {
        auto read = digits(text, pos, 2);
        if (!read) return std::nullopt;
        s = *read;
    }
    auto micros = fraction(text, pos);
    auto offset = zone_offset(text, pos);
    if (!offset || pos != text.size() || *h > 23 || *mi > 59 || s > 60) return std::nullopt;
    return Timestamp{sys_days{date}} + hours{*h} + minutes{*mi} + seconds{s} + micros - *offset;
}

std::string format_duration(seconds length) {
    auto total = length.count() < 0 ? 0 : length.count();
    return fmt::format("{:02}:{:02}:{:02}", total / 3600, total / 60 % 60, total % 60);
}

std::string humanize_duration(seconds length) {
    auto total = length.count() < 0 ? 0 : length.count();
    struct Unit {
        std::int64_t size;
        const char* name;
    };
    static constexpr std::array<Unit, 5> kUnits{
        {{7 * 86400, "week"}, {86400, "day"}, {3600, "hour"}, {60, "minute"}, {1, "second"}}};
    // Two adjacent units at most, as dbt Cloud has it: "56 minutes, 48 seconds", "1 day".
    auto spell = [](std::int64_t count, const char* name) {
        return fmt::format("{} {}{}", count, name, count == 1 ? "" : "s");
    };
    for (std::size_t i = 0; i < kUnits.size(); ++i) {
        auto count = total / kUnits[i].size;
        if (count == 0) continue;
        auto text = spell(count, kUnits[i].name);
        if (i + 1 < kUnits.size()) {
            auto rest = total % kUnits[i].size / kUnits[i + 1].size;
            if (rest > 0) text += ", " + spell(rest, kUnits[i + 1].name);
        }
        return text;
    }
    return "0 minutes";
}

}  // namespace mw
