#include "base/served_names.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mw {
namespace {

using testing::ElementsAre;

std::vector<std::string> names_of(std::string hostname) {
    auto settings = Settings::load().value();
    settings.set("HOSTNAME", std::move(hostname));
    return served_names(settings);
}

TEST(ServedNames, AHostHasItsMetadataName) {
    EXPECT_THAT(names_of("dbt.bank.example"),
                ElementsAre("dbt.bank.example", "metadata.dbt.bank.example"));
    EXPECT_THAT(names_of("localhost"), ElementsAre("localhost", "metadata.localhost"));
    EXPECT_THAT(names_of("node-7"), ElementsAre("node-7", "metadata.node-7"));
}

TEST(ServedNames, AnAddressIsItself) {
    EXPECT_THAT(names_of("10.0.0.7"), ElementsAre("10.0.0.7"));
    EXPECT_THAT(names_of("fd00::7"), ElementsAre("fd00::7"));
}

}  // namespace
}  // namespace mw
