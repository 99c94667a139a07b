// Cron expressions: five fields, UTC, minutes are the finest step. Pure.
//
//   minute hour day-of-month month day-of-week
//
// Each field: `*`, values, ranges `a-b`, steps `*/n`, `a-b/n`, `a/n`, and lists of these. Months
// and days of the week may be named (JAN, FRI), 7 is Sunday too, `L` is the month's last day.
// `@hourly`, `@daily`, `@midnight`, `@weekly`, `@monthly`, `@yearly`, `@annually` are short for
// the usual five fields.
//
// When both day fields are restricted, a day that fits either of them fires; a field that begins
// with `*` is not a restriction (so with `*/2` the day has to fit both). Thus every cron has it.
//
// Errors: invalid_argument whose message names the field. An expression that no date ever fits
// (31 February) is refused.
#pragma once

#include <array>
#include <bitset>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "base/time.hpp"

namespace mw::schedules {

class Cron {
  public:
    static result<Cron> parse(std::string_view text);

    // The first firing later than `at`. Empty only past the end of the calendar.
    std::optional<Timestamp> next_after(Timestamp at) const;
    // The last firing at or before `at`, but not before `least`.
    std::optional<Timestamp> latest_until(Timestamp at, Timestamp least) const;

    // As it was written, aliases too; one blank between fields.
    const std::string& text() const { return text_; }
    // The five fields as they were written; an alias' are those that it is short for.
    const std::array<std::string, 5>& fields() const { return fields_; }

  private:
    friend class CronParser;
    Cron() = default;
    bool fits(std::chrono::year_month_day day) const;

    std::string text_;
    std::array<std::string, 5> fields_;
    std::bitset<60> minutes_;
    std::bitset<24> hours_;
    std::bitset<32> days_of_month_;
    std::bitset<13> months_;
    std::bitset<7> days_of_week_;  // 0 is Sunday
    bool last_day_of_month_ = false;
    bool any_day_of_month_ = false;  // the field began with `*`
    bool any_day_of_week_ = false;
};

}  // namespace mw::schedules
