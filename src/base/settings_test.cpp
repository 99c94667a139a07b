#include "base/settings.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>

namespace mw {
namespace {

std::filesystem::path write_config(std::string_view text) {
    // Of this process alone: another user's file of that name could not be written.
    auto path = std::filesystem::path(testing::TempDir()) /
                ("settings_test-" + std::to_string(::getpid()) + ".conf");
    std::ofstream(path) << text;
    return path;
}

TEST(Settings, FileThenEnvironmentThenFlag) {
    auto file = write_config("# comment\nMILLWRIGHT_PORT=9443\nMILLWRIGHT_HOSTNAME = \"a b\"\n");
    auto settings = Settings::load(file);
    ASSERT_TRUE(settings) << settings.error().message;
    EXPECT_EQ(settings->get("PORT"), "9443");
    EXPECT_EQ(settings->get("HOSTNAME"), "a b");

    ::setenv("MILLWRIGHT_PORT", "9444", 1);
    settings = Settings::load(file);
    ::unsetenv("MILLWRIGHT_PORT");
    EXPECT_EQ(settings->get("PORT"), "9444");
    settings->set("PORT", "9445");
    EXPECT_EQ(settings->as_environment().at("MILLWRIGHT_PORT"), "9445");
}

TEST(Settings, UnknownKeyNamesTheLine) {
    auto settings = Settings::load(write_config("MILLWRIGHT_PORT=1\nMILLWRIGHT_PROT=2\n"));
    ASSERT_FALSE(settings);
    EXPECT_NE(settings.error().message.find("line 2"), std::string::npos);
    EXPECT_NE(settings.error().message.find("MILLWRIGHT_PROT"), std::string::npos);
}

TEST(Settings, MissingFileIsSaid) {
    auto settings = Settings::load("/nonexistent/millwright.conf");
    ASSERT_FALSE(settings);
    EXPECT_NE(settings.error().message.find("cannot be read"), std::string::npos);
}

TEST(Settings, NumbersHaveBounds) {
    auto settings = Settings::load(write_config("MILLWRIGHT_MAX_RUNS=lots\n"));
    ASSERT_TRUE(settings);
    auto read = settings->get_int("MAX_RUNS", 1, 1000);
    ASSERT_FALSE(read);
    EXPECT_NE(read.error().message.find("MILLWRIGHT_MAX_RUNS"), std::string::npos);
    EXPECT_EQ(settings->get_int("LEASE_SECONDS", 5, 3600), 30);
}

}  // namespace
}  // namespace mw
