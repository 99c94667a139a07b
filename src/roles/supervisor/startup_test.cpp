#include "roles/supervisor/startup.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mw::supervisor {
namespace {

using testing::Contains;
using testing::Key;
using testing::Not;
using testing::Pair;

TEST(RoleEnvironment, HasTheSettingsAndNothingOfTheOperators) {
    auto settings = *Settings::load();
    settings.set("DATA_DIR", "/srv/millwright");
    settings.set("PORT", "9443");
    auto layout = *Layout::from(settings);
    auto environment = role_environment(settings, {"millwright", 1, 1}, layout,
                                        {{"PATH", "/opt/bin:/bin"},
                                         {"HOME", "/home/ann"},
                                         {"AWS_SECRET_ACCESS_KEY", "x"},
                                         {"LD_PRELOAD", "/tmp/x.so"},
                                         {"LC_TIME", "C"},
                                         {"HTTPS_PROXY", "http://proxy:3128"}});
    EXPECT_THAT(environment, Contains(Pair("PATH", "/opt/bin:/bin")));
    EXPECT_THAT(environment, Contains(Pair("HOME", layout.data_dir.string())));
    EXPECT_THAT(environment, Contains(Pair("USER", "millwright")));
    EXPECT_THAT(environment, Contains(Pair("LC_TIME", "C")));
    EXPECT_THAT(environment, Contains(Pair("HTTPS_PROXY", "http://proxy:3128")));
    EXPECT_THAT(environment, Contains(Pair("MILLWRIGHT_PORT", "9443")));
    EXPECT_THAT(environment, Not(Contains(Key("AWS_SECRET_ACCESS_KEY"))));
    EXPECT_THAT(environment, Not(Contains(Key("LD_PRELOAD"))));
}

TEST(RoleEnvironment, ThereIsAlwaysAPath) {
    auto settings = *Settings::load();
    auto environment = role_environment(settings, {"x", 1, 1}, *Layout::from(settings), {});
    EXPECT_THAT(environment, Contains(Key("PATH")));
}

}  // namespace
}  // namespace mw::supervisor
