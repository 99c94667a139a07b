#include "base/time.hpp"

#include <gtest/gtest.h>

namespace mw {
namespace {

using namespace std::chrono_literals;

TEST(Time, SpellsTheContractsFormats) {
    auto at = parse_time("2024-05-27T10:42:16.179903Z");
    ASSERT_TRUE(at);
    EXPECT_EQ(format_run_time(*at), "2024-05-27 10:42:16.179903+00:00");
    EXPECT_EQ(format_iso(*at), "2024-05-27T10:42:16.179903+00:00");
    EXPECT_EQ(format_iso_seconds(*at), "2024-05-27T10:42:16+00:00");
    EXPECT_EQ(format_rfc3339(*at), "2024-05-27T10:42:16.179903Z");
    EXPECT_EQ(format_clock(*at), "10:42:16");
}

TEST(Time, ReadsWhatPostgresAndClientsWrite) {
    auto expected = parse_time("2024-05-27T08:00:00Z");
    EXPECT_EQ(parse_time("2024-05-27 08:00:00+00"), expected);
    EXPECT_EQ(parse_time("2024-05-27 10:00:00+02:00"), expected);
    EXPECT_EQ(parse_time("2024-05-27T08:00:00"), expected);
    EXPECT_EQ(parse_time("2024-05-27T08:00"), expected);
    EXPECT_EQ(parse_time("2024-05-27"), parse_time("2024-05-27T00:00:00Z"));
    EXPECT_EQ(*parse_time("2024-05-27 08:00:00.5+00") - *expected, 500000us);
}

TEST(Time, HoldsDatesFarAway) {
    auto far = parse_time("2999-01-01T00:00:00Z");
    ASSERT_TRUE(far);
    EXPECT_EQ(format_rfc3339(*far), "2999-01-01T00:00:00.000000Z");
}

TEST(Time, RefusesWhatIsNoTime) {
    for (auto text : {"", "yesterday", "2024-13-01", "2024-02-30", "2024-05-27T25:00:00Z",
                      "2024-05-27T08:00:00Q", "2024-05-27T08:00:00+"})
        EXPECT_FALSE(parse_time(text)) << text;
}

TEST(Time, DurationsMayPassADay) {
    EXPECT_EQ(format_duration(24h + 36s), "24:00:36");
    EXPECT_EQ(format_duration(-5s), "00:00:00");
}

TEST(Time, HumanizesAsTheContractsSamples) {
    EXPECT_EQ(humanize_duration(51s), "51 seconds");
    EXPECT_EQ(humanize_duration(56min + 48s), "56 minutes, 48 seconds");
    EXPECT_EQ(humanize_duration(24h), "1 day");
    EXPECT_EQ(humanize_duration(17 * 24h), "2 weeks, 3 days");
    EXPECT_EQ(humanize_duration(0s), "0 minutes");
    EXPECT_EQ(humanize_duration(1min), "1 minute");
}

}  // namespace
}  // namespace mw
