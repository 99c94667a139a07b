#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engines/catalogue.hpp"

namespace mw::engines {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

// The catalogue that the product ships.
class ShippedCatalogue : public ::testing::Test {
  protected:
    ShippedCatalogue() {
        auto loaded = Catalogue::load(MILLWRIGHT_SOURCE_DIR "/engines");
        EXPECT_TRUE(loaded) << loaded.error().message << loaded.error().detail;
        if (loaded) catalogue_ = std::move(*loaded);
    }

    std::string name_of(std::string_view version) const {
        auto entry = catalogue_.resolve_installable(version);
        return entry ? (*entry)->name : entry.error().message;
    }

    Catalogue catalogue_;
};

TEST_F(ShippedCatalogue, HasAnEntryForEveryVersionOfDbtCloud) {
    for (std::string_view version : {"latest", "versionless", "compatible", "extended", "1.11"})
        EXPECT_EQ(name_of(version), "1.11.0-latest") << version;
    for (std::string_view line : {"1.7", "1.8", "1.9", "1.10", "1.11"})
        EXPECT_EQ(name_of(std::string(line) + ".0-latest"), std::string(line) + ".0-latest");
    EXPECT_EQ(name_of("2.0.0-latest"), "2.0.0-latest");
    EXPECT_EQ(name_of("latest-fusion"), "2.0.0-fusion");
    auto newer = catalogue_.resolve_installable("1.12.0-latest");
    ASSERT_FALSE(newer);
    EXPECT_THAT(newer.error().message, HasSubstr("downloads a prebuilt file"));
    EXPECT_THAT(newer.error().message, Not(HasSubstr("\n")));
}

TEST_F(ShippedCatalogue, NamesTheOldestFirst) {
    std::vector<std::string> names;
    for (const auto& entry : catalogue_.entries())
        names.push_back(entry.name);
    EXPECT_THAT(names, ElementsAre("1.7.0-latest", "1.8.0-latest", "1.9.0-latest", "1.10.0-latest",
                                   "1.11.0-latest", "1.12.0-latest", "2.0.0-latest", "2.0.0-fusion",
                                   "sqlfluff"));
}

TEST_F(ShippedCatalogue, OnlyFusionAsksForItsLicence) {
    for (const auto& entry : catalogue_.entries()) {
        bool is_fusion = entry.family == Family::fusion;
        EXPECT_EQ(entry.accept, is_fusion ? "dbt-fusion" : "") << entry.name;
        bool is_dbt = entry.family != Family::linter;
        if (!is_fusion) EXPECT_EQ(entry.licence, is_dbt ? "Apache-2.0" : "MIT") << entry.name;
        if (is_fusion) EXPECT_TRUE(entry.line.empty());
    }
}

TEST_F(ShippedCatalogue, EveryCoreOneHasTheAdaptersOfDbtCloud) {
    for (const auto& entry : catalogue_.entries()) {
        if (entry.family != Family::core1 || !entry.installable) continue;
        for (std::string_view adapter :
             {"athena", "bigquery", "clickhouse", "databricks", "duckdb", "fabric", "postgres",
              "redshift", "snowflake", "spark", "synapse", "teradata", "trino"}) {
            auto set = entry.set_with(adapter);
            ASSERT_TRUE(set) << entry.name << " " << adapter;
            EXPECT_TRUE((*set)->dbt_version.starts_with(entry.line + ".")) << entry.name;
            // Debian 12's.
            EXPECT_TRUE((*set)->python.contains(3, 11)) << entry.name << " " << adapter;
        }
    }
}

TEST_F(ShippedCatalogue, TheLinterIsNoVersionOfDbt) {
    auto linter = Catalogue::load_linter(MILLWRIGHT_SOURCE_DIR "/engines");
    ASSERT_TRUE(linter) << linter.error().message;
    EXPECT_EQ(linter->family, Family::linter);
    EXPECT_TRUE(linter->base().adapters.empty());
    // Installed and removed by its name, but nothing that an environment could run.
    EXPECT_EQ(name_of("sqlfluff"), "sqlfluff");
    auto run = Catalogue::load_entry(MILLWRIGHT_SOURCE_DIR "/engines", "sqlfluff");
    ASSERT_FALSE(run);
    EXPECT_THAT(run.error().message, HasSubstr("There is no dbt engine for version `sqlfluff`"));
    EXPECT_THAT(run.error().message, Not(HasSubstr("sqlfluff (")));
}

// A file that one of them writes can be read by the others.
TEST_F(ShippedCatalogue, AllHaveTheSameDuckDB) {
    for (const auto& entry : catalogue_.entries()) {
        if (!entry.installable) continue;
        const auto& base = entry.base();
        if (entry.family == Family::core1)
            EXPECT_THAT(base.packages, ::testing::Contains("duckdb==1.5.6")) << entry.name;
        for (const auto& driver : base.drivers)
            EXPECT_EQ(driver.version, "1.5.6") << entry.name;
    }
}

}  // namespace
}  // namespace mw::engines
