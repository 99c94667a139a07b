#include "features/schedules/schedule.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace mw::schedules {
namespace {

boost::json::object object(std::string_view text) {
    return boost::json::parse(text).as_object();
}

struct Case {
    std::string given;
    std::string cron;
    std::string shown;
};

class Resolved : public testing::TestWithParam<Case> {};

TEST_P(Resolved, GivesCronAndShownForm) {
    auto resolved = resolve_schedule(object(GetParam().given));
    ASSERT_TRUE(resolved) << resolved.error().message;
    EXPECT_EQ(resolved->cron, GetParam().cron);
    EXPECT_EQ(resolved->schedule, object(GetParam().shown))
        << boost::json::serialize(resolved->schedule);

    auto again = resolve_schedule(resolved->schedule);
    ASSERT_TRUE(again);
    EXPECT_EQ(again->cron, resolved->cron);
    EXPECT_EQ(again->schedule, resolved->schedule);
}

INSTANTIATE_TEST_SUITE_P(
    Table, Resolved,
    testing::Values(
        Case{R"({})", "0 * * * *",
             R"({"cron":"0 * * * *","date":{"type":"every_day"},
                 "time":{"type":"every_hour","interval":1}})"},
        Case{R"({"date":null,"time":null,"cron":null})", "0 * * * *",
             R"({"cron":"0 * * * *","date":{"type":"every_day"},
                 "time":{"type":"every_hour","interval":1}})"},
        Case{R"({"date":{"type":"every_day"},"time":{"type":"every_hour","interval":6}})",
             "0 */6 * * *",
             R"({"cron":"0 */6 * * *","date":{"type":"every_day"},
                 "time":{"type":"every_hour","interval":6}})"},
        // What else a client sends along is not what the type asks for.
        Case{R"({"date":{"type":"every_day","days":[0],"cron":"string"},
                 "time":{"type":"at_exact_hours","hours":[20,0,20],"interval":0},
                 "cron":"string"})",
             "0 0,20 * * *",
             R"({"cron":"0 0,20 * * *","date":{"type":"every_day"},
                 "time":{"type":"at_exact_hours","hours":[0,20]}})"},
        Case{R"({"date":{"type":"days_of_week","days":[5,1]},"time":{"type":"every_hour"}})",
             "0 * * * 1,5",
             R"({"cron":"0 * * * 1,5","date":{"type":"days_of_week","days":[1,5]},
                 "time":{"type":"every_hour","interval":1}})"},
        Case{R"({"date":{"type":"days_of_week","days":[0,1,2,3,4,5,6]},
                 "time":{"type":"at_exact_hours","hours":[9]}})",
             "0 9 * * 0,1,2,3,4,5,6",
             R"({"cron":"0 9 * * 0,1,2,3,4,5,6",
                 "date":{"type":"days_of_week","days":[0,1,2,3,4,5,6]},
                 "time":{"type":"at_exact_hours","hours":[9]}})"},
        Case{R"({"date":{"type":"custom_cron","cron":" 30 4 L  * *"}})", "30 4 L * *",
             R"({"cron":"30 4 L * *","date":{"type":"custom_cron","cron":"30 4 L * *"},
                 "time":{"type":"every_hour","interval":1}})"},
        Case{R"({"date":{"type":"interval_cron","days":[0,1,2,3,4,5,6],
                         "cron":"6 */12 * * 0,1,2,3,4,5,6"},
                 "time":{"type":"every_hour","interval":12}})",
             "6 */12 * * 0,1,2,3,4,5,6",
             R"({"cron":"6 */12 * * 0,1,2,3,4,5,6",
                 "date":{"type":"interval_cron","days":[0,1,2,3,4,5,6],
                         "cron":"6 */12 * * 0,1,2,3,4,5,6"},
                 "time":{"type":"every_hour","interval":12}})"},
        Case{R"({"date":{"type":"interval_cron","days":[1,3]},
                 "time":{"type":"every_hour","interval":8}})",
             "0 */8 * * 1,3",
             R"({"cron":"0 */8 * * 1,3",
                 "date":{"type":"interval_cron","days":[1,3],"cron":"0 */8 * * 1,3"},
                 "time":{"type":"every_hour","interval":8}})"},
        // Only the answer's own field: read back as the plainest schedule that means it.
        Case{R"({"cron":"0 */4 * * *"})", "0 */4 * * *",
             R"({"cron":"0 */4 * * *","date":{"type":"every_day"},
                 "time":{"type":"every_hour","interval":4}})"}));

struct BadCase {
    std::string given;
    std::string message;
};

class Refused : public testing::TestWithParam<BadCase> {};

TEST_P(Refused, NamesTheField) {
    auto resolved = resolve_schedule(object(GetParam().given));
    ASSERT_FALSE(resolved);
    EXPECT_EQ(resolved.error().code, Errc::invalid_argument);
    EXPECT_THAT(resolved.error().message, testing::StartsWith(GetParam().message));
    ASSERT_EQ(resolved.error().fields.size(), 1U);
    EXPECT_THAT(GetParam().message, testing::StartsWith(resolved.error().fields[0].field));
}

INSTANTIATE_TEST_SUITE_P(
    Table, Refused,
    testing::Values(
        BadCase{R"({"date":"every_day"})", "schedule.date: must be an object"},
        BadCase{R"({"time":7})", "schedule.time: must be an object"},
        BadCase{R"({"date":{"type":"weekly"}})", "schedule.date.type: must be every_day, days_of"},
        BadCase{R"({"date":{"type":3}})", "schedule.date.type: must be a string"},
        BadCase{R"({"date":{"type":"days_of_week"}})",
                "schedule.date.days: must name at least one day"},
        BadCase{R"({"date":{"type":"days_of_week","days":[]}})",
                "schedule.date.days: must name at least one day"},
        BadCase{R"({"date":{"type":"days_of_week","days":[7]}})",
                "schedule.date.days: must be a whole number from 0 to 6, not 7"},
        BadCase{R"({"date":{"type":"days_of_week","days":["MON"]}})",
                "schedule.date.days: must be a whole number from 0 to 6, not \"MON\""},
        BadCase{R"({"date":{"type":"days_of_week","days":5}})",
                "schedule.date.days: must be a list of whole numbers"},
        BadCase{R"({"date":{"type":"custom_cron"}})", "schedule.date.cron: must be given"},
        BadCase{R"({"date":{"type":"custom_cron","cron":""}})",
                "schedule.date.cron: must be given"},
        BadCase{R"({"date":{"type":"custom_cron","cron":5}})", "schedule.date.cron: must be a str"},
        BadCase{R"({"date":{"type":"custom_cron","cron":"61 * * * *"}})",
                "schedule.date.cron: minute \"61\": must be from 0 to 59"},
        BadCase{R"({"date":{"type":"interval_cron","cron":"0 0 31 2 *"}})",
                "schedule.date.cron: day of month \"31\": no such day"},
        BadCase{R"({"time":{"type":"daily"}})", "schedule.time.type: must be every_hour or"},
        BadCase{R"({"time":{"type":"every_hour","interval":0}})",
                "schedule.time.interval: must be a whole number from 1 to 23, not 0"},
        BadCase{R"({"time":{"type":"every_hour","interval":24}})", "schedule.time.interval: must"},
        BadCase{R"({"time":{"type":"every_hour","interval":1.5}})", "schedule.time.interval: must"},
        BadCase{R"({"time":{"type":"at_exact_hours"}})",
                "schedule.time.hours: must name at least one hour"},
        BadCase{R"({"time":{"type":"at_exact_hours","hours":[24]}})",
                "schedule.time.hours: must be a whole number from 0 to 23, not 24"},
        BadCase{R"({"cron":"nonsense"})", "schedule.cron: must have 5 fields"},
        BadCase{R"({"cron":5})", "schedule.cron: must be a string"}));

TEST(ScheduleOfCron, PrefersThePlainSpellings) {
    auto shown = [](std::string_view cron) {
        return boost::json::serialize(schedule_of_cron(cron).value().at("date"));
    };
    EXPECT_EQ(shown("0 * * * *"), R"({"type":"every_day"})");
    EXPECT_EQ(shown("0 1,13 * * 2,4"), R"({"type":"days_of_week","days":[2,4]})");
    EXPECT_EQ(shown("0 13,1 * * *"), R"({"type":"custom_cron","cron":"0 13,1 * * *"})");
    EXPECT_EQ(shown("0 */1 * * *"), R"({"type":"custom_cron","cron":"0 */1 * * *"})");
    EXPECT_EQ(shown("5 * * * *"), R"({"type":"custom_cron","cron":"5 * * * *"})");
    EXPECT_EQ(shown("0 * * * 7"), R"({"type":"custom_cron","cron":"0 * * * 7"})");
    EXPECT_EQ(shown("@daily"), R"({"type":"custom_cron","cron":"@daily"})");
    EXPECT_EQ(shown("0 5 1 * *"), R"({"type":"custom_cron","cron":"0 5 1 * *"})");
    EXPECT_FALSE(schedule_of_cron("0 * * *"));
}

TEST(NextRun, IsEmptyForWhatIsNoCron) {
    auto after = parse_time("2024-05-27 10:42:16").value();
    EXPECT_EQ(next_run("0 12 * * *", after), parse_time("2024-05-27 12:00:00"));
    EXPECT_EQ(next_run("", after), std::nullopt);
}

}  // namespace
}  // namespace mw::schedules
