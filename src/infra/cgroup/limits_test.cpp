#include "infra/cgroup/limits.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

namespace mw::cgroup {
namespace {

using testing::HasSubstr;

TEST(Limits, NoneIsZero) {
    auto limits = parse_limits("0", "0", "0");
    ASSERT_TRUE(limits) << limits.error().message;
    EXPECT_EQ(limits->memory_bytes, 0U);
    EXPECT_EQ(limits->cpus, 0);
    EXPECT_EQ(limits->processes, 0U);
}

TEST(Limits, AreReadFromSettings) {
    auto limits = parse_limits("512", "1.5", "64");
    ASSERT_TRUE(limits) << limits.error().message;
    EXPECT_EQ(limits->memory_bytes, 536'870'912U);
    EXPECT_EQ(limits->cpus, 1.5);
    EXPECT_EQ(limits->processes, 64U);
}

TEST(Limits, NameTheSettingThatCannotWork) {
    for (const char* text : {"", "much", "64", "-1", "1.5", "99999999999"}) {
        auto refused = parse_limits(text, "0", "0");
        ASSERT_FALSE(refused) << text;
        EXPECT_THAT(refused.error().message, HasSubstr("MILLWRIGHT_RUN_MEMORY_MB: must be"));
    }
    for (const char* text : {"", "half", "0.05", "-1", "nan", "5000"})
        EXPECT_THAT(parse_limits("0", text, "0").error().message,
                    HasSubstr("MILLWRIGHT_RUN_CPUS: must be"))
            << text;
    for (const char* text : {"", "few", "31", "-1", "2000000"})
        EXPECT_THAT(parse_limits("0", "0", text).error().message,
                    HasSubstr("MILLWRIGHT_RUN_PROCESSES: must be"))
            << text;
    EXPECT_EQ(problem_with_memory_mb(64), "must be 0 (no limit) or from 128 to 16777216");
    EXPECT_TRUE(problem_with_cpus(std::numeric_limits<double>::quiet_NaN()));
}

}  // namespace
}  // namespace mw::cgroup
