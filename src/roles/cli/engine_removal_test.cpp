#include "roles/cli/engine_removal.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mw::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class UsersOfAnEngine : public ::testing::Test {
  protected:
    UsersOfAnEngine() : catalogue_(*engines::Catalogue::load(MILLWRIGHT_SOURCE_DIR "/engines")) {}

    std::vector<std::string> users(std::string_view version, std::string_view adapter) {
        const auto* entry = *catalogue_.resolve(version);
        return users_of(catalogue_, *entry, **entry->set_with(adapter), uses_);
    }

    void use(const std::string& kind, const std::string& dbt_version,
             const std::string& adapter_version) {
        uses_.push_back({.kind = kind,
                         .id = static_cast<Id>(uses_.size()) + 1,
                         .name = "N",
                         .environment = "E",
                         .project = "P",
                         .dbt_version = dbt_version,
                         .adapter_version = adapter_version});
    }

    engines::Catalogue catalogue_;
    std::vector<environments::EngineUse> uses_;
};

TEST_F(UsersOfAnEngine, AreThoseWhoseVersionAndAdapterItServes) {
    use("environment", "versionless", "postgres_v0");
    use("job", "1.11.4", "duckdb_v0");
    use("run", "1.11.0-latest", "");
    use("environment", "1.11.0-latest", "snowflake_v0");
    use("environment", "1.10.0-latest", "postgres_v0");
    EXPECT_THAT(users("latest", ""),
                ElementsAre("environment \"N\" (1) of project \"P\"",
                            "job \"N\" (2) in environment \"E\" of project \"P\"",
                            "run 3 in environment \"E\" of project \"P\""));
    EXPECT_THAT(users("latest", "snowflake"),
                ElementsAre("environment \"N\" (4) of project \"P\""));
    EXPECT_THAT(users("1.10", ""), ElementsAre("environment \"N\" (5) of project \"P\""));
    EXPECT_THAT(users("1.10", "snowflake"), IsEmpty());
}

TEST_F(UsersOfAnEngine, AreNotThoseWhoAskForWhatThereIsNot) {
    use("environment", "0.21.0", "postgres_v0");
    use("environment", "1.12.0-latest", "postgres_v0");
    use("environment", "latest", "oracle_v0");
    EXPECT_THAT(users("latest", ""), IsEmpty());
    EXPECT_THAT(users("fusion", ""), IsEmpty());
}

}  // namespace
}  // namespace mw::cli
