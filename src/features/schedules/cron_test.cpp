#include "features/schedules/cron.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mw::schedules {
namespace {

Timestamp at(std::string_view text) {
    return parse_time(text).value();
}

std::string shown(std::optional<Timestamp> firing) {
    return firing ? format_rfc3339(*firing).substr(0, 16) : "never";
}

struct NextCase {
    std::string cron;
    std::string after;
    std::vector<std::string> firings;
};

class CronNext : public testing::TestWithParam<NextCase> {};

TEST_P(CronNext, FiresInThisOrder) {
    auto cron = Cron::parse(GetParam().cron);
    ASSERT_TRUE(cron) << cron.error().message;
    auto time = at(GetParam().after);
    for (const auto& expected : GetParam().firings) {
        auto next = cron->next_after(time);
        ASSERT_EQ(shown(next), expected);
        EXPECT_EQ(cron->latest_until(*next, *next), next);
        EXPECT_EQ(cron->latest_until(*next + std::chrono::seconds(59), time), next);
        EXPECT_EQ(cron->latest_until(*next - std::chrono::microseconds(1),
                                     time + std::chrono::microseconds(1)),
                  std::nullopt);
        time = *next;
    }
}

INSTANTIATE_TEST_SUITE_P(
    Table, CronNext,
    testing::Values(
        NextCase{
            "* * * * *", "2024-05-27 10:42:16.179903", {"2024-05-27T10:43", "2024-05-27T10:44"}},
        NextCase{"* * * * *", "2024-05-27 10:42:00", {"2024-05-27T10:43"}},
        NextCase{"0 * * * *", "2024-12-31 23:30:00", {"2025-01-01T00:00", "2025-01-01T01:00"}},
        NextCase{"0 */6 * * *",
                 "2024-05-27 05:59:59",
                 {"2024-05-27T06:00", "2024-05-27T12:00", "2024-05-27T18:00", "2024-05-28T00:00"}},
        NextCase{"*/20 9-17/4 * * *",
                 "2024-05-27 09:41:00",
                 {"2024-05-27T13:00", "2024-05-27T13:20", "2024-05-27T13:40", "2024-05-27T17:00"}},
        NextCase{"50/5 0 * * *", "2024-05-27 00:51:00", {"2024-05-27T00:55", "2024-05-28T00:50"}},
        NextCase{"5,10-12 1 * * *",
                 "2024-05-27 01:00:00",
                 {"2024-05-27T01:05", "2024-05-27T01:10", "2024-05-27T01:11", "2024-05-27T01:12",
                  "2024-05-28T01:05"}},
        // Weekdays: 2024-05-27 is a Monday.
        NextCase{"0 0 * * FRI,SAT",
                 "2024-05-27 00:00:00",
                 {"2024-05-31T00:00", "2024-06-01T00:00", "2024-06-07T00:00"}},
        NextCase{"0 0 * * 7", "2024-05-27 00:00:00", {"2024-06-02T00:00", "2024-06-09T00:00"}},
        NextCase{"0 0 * * 0", "2024-05-27 00:00:00", {"2024-06-02T00:00"}},
        NextCase{"0 0 * * 5-7",
                 "2024-05-27 00:00:00",
                 {"2024-05-31T00:00", "2024-06-01T00:00", "2024-06-02T00:00", "2024-06-07T00:00"}},
        NextCase{
            "0 0 * * fri-Sun", "2024-06-01 00:00:00", {"2024-06-02T00:00", "2024-06-07T00:00"}},
        NextCase{
            "0 0 * * SUN-TUE", "2024-05-27 00:00:00", {"2024-05-28T00:00", "2024-06-02T00:00"}},
        NextCase{"0 0 * * 4/2",
                 "2024-05-27 00:00:00",
                 {"2024-05-30T00:00", "2024-06-01T00:00", "2024-06-06T00:00"}},
        NextCase{"0 0 * * 7/3",
                 "2024-05-27 00:00:00",
                 {"2024-05-29T00:00", "2024-06-01T00:00", "2024-06-02T00:00"}},
        NextCase{"6 */12 * * 0,1,2,3,4,5,6", "2024-05-27 00:06:00", {"2024-05-27T12:06"}},
        // Days of the month, leap years, the last day.
        NextCase{"0 0 29 2 *", "2023-03-01 00:00:00", {"2024-02-29T00:00", "2028-02-29T00:00"}},
        NextCase{"0 0 29 FEB *", "2096-03-01 00:00:00", {"2104-02-29T00:00"}},
        NextCase{"0 0 29 2 */7", "2072-01-01 00:00:00", {"2088-02-29T00:00", "2128-02-29T00:00"}},
        NextCase{"0 0 31 * *", "2024-01-31 00:00:00", {"2024-03-31T00:00", "2024-05-31T00:00"}},
        NextCase{"30 4 L * *",
                 "2024-01-31 04:30:00",
                 {"2024-02-29T04:30", "2024-03-31T04:30", "2024-04-30T04:30"}},
        NextCase{"0 0 L 2 *",
                 "2099-01-01 00:00:00",
                 {"2099-02-28T00:00", "2100-02-28T00:00", "2101-02-28T00:00"}},
        NextCase{"0 0 15,l * *",
                 "2023-02-01 00:00:00",
                 {"2023-02-15T00:00", "2023-02-28T00:00", "2023-03-15T00:00", "2023-03-31T00:00"}},
        NextCase{"0 0 31,30 2,4 *", "2024-01-01 00:00:00", {"2024-04-30T00:00"}},
        // Both day fields: either is enough …
        NextCase{"0 0 13 * FRI",
                 "2024-09-01 00:00:00",
                 {"2024-09-06T00:00", "2024-09-13T00:00", "2024-09-20T00:00"}},
        NextCase{"0 0 31 2 MON", "2024-02-01 00:00:00", {"2024-02-05T00:00"}},
        // … unless one of them begins with `*`.
        NextCase{"0 0 */2 * MON", "2024-05-27 00:00:00", {"2024-06-03T00:00", "2024-06-17T00:00"}},
        NextCase{
            "0 0 1 JAN-MAR *", "2024-02-01 00:00:00", {"2024-03-01T00:00", "2025-01-01T00:00"}},
        NextCase{"  0\t5   *  * * ", "2024-05-27 05:00:00", {"2024-05-28T05:00"}},
        NextCase{"@hourly", "2024-05-27 05:00:00", {"2024-05-27T06:00"}},
        NextCase{"@Daily", "2024-05-27 05:00:00", {"2024-05-28T00:00"}},
        NextCase{"@weekly", "2024-05-27 05:00:00", {"2024-06-02T00:00"}},
        NextCase{"@monthly", "2024-05-27 05:00:00", {"2024-06-01T00:00"}},
        NextCase{"@yearly", "2024-05-27 05:00:00", {"2025-01-01T00:00"}}));

struct BadCase {
    std::string cron;
    std::string message;
};

class CronRefused : public testing::TestWithParam<BadCase> {};

TEST_P(CronRefused, SaysWhichFieldAndWhy) {
    auto cron = Cron::parse(GetParam().cron);
    ASSERT_FALSE(cron);
    EXPECT_EQ(cron.error().code, Errc::invalid_argument);
    EXPECT_THAT(cron.error().message, testing::HasSubstr(GetParam().message));
}

INSTANTIATE_TEST_SUITE_P(
    Table, CronRefused,
    testing::Values(
        BadCase{"", "must have 5 fields (minute, hour, day of month, month, day of week), not 0"},
        BadCase{"* * * *", "not 4"}, BadCase{"0 0 * * * *", "not 6"},
        BadCase{"@reboot", "\"@reboot\" is not a known short form"},
        BadCase{"60 * * * *", "minute \"60\": must be from 0 to 59"},
        BadCase{"-1 * * * *", "minute \"-1\": must be from 0 to 59"},
        BadCase{"99999999999 * * * *", "minute \"99999999999\""},
        BadCase{"1.5 * * * *", "minute \"1.5\""}, BadCase{"+1 * * * *", "minute \"+1\""},
        BadCase{"* 24 * * *", "hour \"24\": must be from 0 to 23"},
        BadCase{"* MON * * *", "hour \"MON\""},
        BadCase{"* 5-3 * * *", "hour \"5-3\": the range runs"},
        BadCase{"* 1-2-3 * * *", "hour \"1-2-3\""}, BadCase{"* * 0 * *", "day of month \"0\""},
        BadCase{"* * 32 * *", "from 1 to 31 or L (the last day of the month)"},
        BadCase{"* * L-3 * *", "day of month \"L-3\""}, BadCase{"* * * 13 *", "month \"13\""},
        BadCase{"* * * JUNE *", "month \"JUNE\": must be from 1 to 12 or a name (JAN to DEC)"},
        BadCase{"* * * * 8", "day of week \"8\""}, BadCase{"* * * * L", "day of week \"L\""},
        BadCase{"* * * * SAT-MON", "day of week \"SAT-MON\": the range runs backwards"},
        BadCase{"*/0 * * * *", "minute \"*/0\": the step must be a whole number from 1 to 59"},
        BadCase{"*/60 * * * *", "the step must be"}, BadCase{"*/x * * * *", "the step must be"},
        BadCase{"*/ * * * *", "the step must be"}, BadCase{"1,,2 * * * *", "a value is missing"},
        BadCase{", * * * *", "minute \",\": a value is missing"},
        BadCase{"** * * * *", "minute \"**\""},
        BadCase{"0 0 31 2 *", "day of month \"31\": no such day ever comes in month \"2\""},
        BadCase{"0 0 30,31 FEB *", "no such day ever comes in month \"FEB\""},
        BadCase{"0 0 31 4,6,9,11 *", "no such day ever comes"},
        BadCase{std::string(1001, '*'), "is longer than 1000 characters"}));

TEST(Cron, KeepsItsTextWithSingleBlanks) {
    EXPECT_EQ(Cron::parse(" 0  5 * *\tFRI ")->text(), "0 5 * * FRI");
    EXPECT_EQ(Cron::parse("@daily")->text(), "@daily");
}

TEST(Cron, FindsTheLatestFiringOfAYearAgo) {
    auto cron = Cron::parse("15 3 29 2 *").value();
    EXPECT_EQ(shown(cron.latest_until(at("2027-12-01 00:00:00"), at("2020-01-01 00:00:00"))),
              "2024-02-29T03:15");
    EXPECT_EQ(cron.latest_until(at("2027-12-01 00:00:00"), at("2024-03-01 00:00:00")),
              std::nullopt);
}

// The bitmaps against the plain reading of the definition, minute by minute.
TEST(Cron, NextAfterAgreesWithAMinuteByMinuteSearch) {
    auto cron = Cron::parse("7-50/13 3,22 1-7 2,12 WED").value();
    auto expected = cron.next_after(at("2024-01-25 00:00:00"));
    for (auto time = at("2024-01-25 00:00:00"); time < at("2024-02-12 00:00:00");
         time += std::chrono::minutes(1)) {
        ASSERT_EQ(cron.next_after(time - std::chrono::minutes(1)) == time,
                  cron.latest_until(time, time) == time);
        if (time == expected) expected = cron.next_after(time);
        ASSERT_TRUE(expected > time);
    }
}

}  // namespace
}  // namespace mw::schedules
