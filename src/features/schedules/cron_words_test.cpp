#include "features/schedules/cron_words.hpp"

#include <gtest/gtest.h>

#include <string>

namespace mw::schedules {
namespace {

struct Case {
    std::string cron;
    std::string words;
};
// Test names are made of it.
void PrintTo(const Case& each, std::ostream* out) {
    *out << each.cron;
}

class CronWords : public testing::TestWithParam<Case> {};

TEST_P(CronWords, SayWhatTheCronMeans) {
    EXPECT_EQ(cron_in_words(GetParam().cron), GetParam().words);
}

INSTANTIATE_TEST_SUITE_P(
    Hours, CronWords,
    testing::Values(Case{"0 * * * *", "Every hour"}, Case{"0 */1 * * *", "Every hour"},
                    Case{"@hourly", "Every hour"}, Case{"0 */6 * * *", "Every 6 hours"},
                    Case{"0 2/4 * * *", "Every 4 hours, starting at 02:00 AM"},
                    Case{"0 8-18/2 * * *", "Every 2 hours, between 08:00 AM and 06:59 PM"},
                    Case{"30 * * * *", "At 30 minutes past the hour"},
                    Case{"30 */6 * * *", "At 30 minutes past the hour, every 6 hours"},
                    Case{"7 3-5 * * *",
                         "At 7 minutes past the hour, between 03:00 AM and 05:59 AM"},
                    Case{"0 6-8,12 * * *",
                         "At 0 minutes past the hour, at 06:00 AM through 08:59 AM and 12:00 PM"}));

INSTANTIATE_TEST_SUITE_P(
    Minutes, CronWords,
    testing::Values(Case{"* * * * *", "Every minute"}, Case{"*/15 * * * *", "Every 15 minutes"},
                    Case{"0/15 * * * *", "Every 15 minutes"},
                    Case{"5/10 * * * *", "Every 10 minutes, starting at 5 minutes past the hour"},
                    Case{"5,35 * * * *", "At 5 and 35 minutes past the hour"},
                    Case{"10-20 * * * *", "Minutes 10 through 20 past the hour"},
                    Case{"* 4 * * *", "Every minute, between 04:00 AM and 04:59 AM"},
                    Case{"0-10 4 * * *", "Every minute between 04:00 AM and 04:10 AM"},
                    Case{"*/5 4 * * *", "Every 5 minutes, between 04:00 AM and 04:59 AM"},
                    Case{
                        "*/15 9-17 * * 1-5",
                        "Every 15 minutes, between 09:00 AM and 05:59 PM, Monday through Friday"}));

INSTANTIATE_TEST_SUITE_P(
    Times, CronWords,
    testing::Values(Case{"0 4 * * *", "At 04:00 AM"}, Case{"0 0 * * *", "At 12:00 AM"},
                    Case{"@daily", "At 12:00 AM"}, Case{"15 16 * * *", "At 04:15 PM"},
                    Case{"0 12 * * *", "At 12:00 PM"},
                    Case{"0 6,14 * * *", "At 06:00 AM and 02:00 PM"},
                    Case{"30 6,14,22 * * *", "At 06:30 AM, 02:30 PM and 10:30 PM"}));

INSTANTIATE_TEST_SUITE_P(
    Days, CronWords,
    testing::Values(
        Case{"0 4 * * 0", "At 04:00 AM, only on Sunday"},
        Case{"0 4 * * 7", "At 04:00 AM, only on Sunday"},
        Case{"0 4 * * sun", "At 04:00 AM, only on Sunday"},
        Case{"@weekly", "At 12:00 AM, only on Sunday"},
        Case{"0 4 * * 1,3,5", "At 04:00 AM, only on Monday, Wednesday and Friday"},
        Case{"0 4 * * MON-FRI", "At 04:00 AM, Monday through Friday"},
        Case{"0 4 * * 1-5,0", "At 04:00 AM, only on Monday through Friday and Sunday"},
        Case{"0 4 1 * *", "At 04:00 AM, on day 1 of the month"},
        Case{"0 4 1,15 * *", "At 04:00 AM, on day 1 and 15 of the month"},
        Case{"0 4 1-7 * *", "At 04:00 AM, between day 1 and 7 of the month"},
        Case{"0 4 L * *", "At 04:00 AM, on the last day of the month"},
        Case{"0 4 1,L * *", "At 04:00 AM, on day 1 and the last of the month"},
        Case{"0 4 */2 * *", "At 04:00 AM, every 2 days"},
        Case{"0 4 1-10/3 * *", "At 04:00 AM, every 3 days, between day 1 and 10 of the month"},
        // Either of them is enough, unless one begins with a star.
        Case{"0 4 1 * 1", "At 04:00 AM, on day 1 of the month, or on Monday"},
        Case{"0 4 1 * 1-5", "At 04:00 AM, on day 1 of the month, or Monday through Friday"},
        Case{"0 4 */2 * 1", "At 04:00 AM, every 2 days, only on Monday"}));

INSTANTIATE_TEST_SUITE_P(
    Months, CronWords,
    testing::Values(Case{"0 4 * 1 *", "At 04:00 AM, only in January"},
                    Case{"0 4 * JAN-MAR *", "At 04:00 AM, January through March"},
                    Case{"0 4 * */3 *", "At 04:00 AM, every 3 months"},
                    Case{"0 4 * 1,dec MON-FRI",
                         "At 04:00 AM, Monday through Friday, only in January and December"},
                    Case{"@yearly", "At 12:00 AM, on day 1 of the month, only in January"}));

TEST(CronInWords, NothingIsSaidOfWhatIsNoCron) {
    EXPECT_FALSE(cron_in_words(""));
    EXPECT_FALSE(cron_in_words("* * *"));
    EXPECT_FALSE(cron_in_words("0 4 31 2 *"));
}

}  // namespace
}  // namespace mw::schedules
