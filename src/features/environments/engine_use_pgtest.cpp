#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "features/environments/engine_use_store.hpp"
#include "test_support/world.hpp"

namespace mw::environments {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class EngineUseTest : public ::testing::Test {
  protected:
    std::vector<std::string> uses() {
        std::vector<std::string> words;
        for (const auto& use : world_.get(list_engine_uses(world_.pool())))
            words.push_back(fmt::format("{} {}/{}/{} {} {}", use.kind, use.project, use.environment,
                                        use.name, use.dbt_version, use.adapter()));
        return words;
    }

    test::World world_;
    Id account_ = world_.account();
};

TEST_F(EngineUseTest, NamesEnvironmentsJobsAndRunsThatHaveNotEnded) {
    EXPECT_THAT(uses(), IsEmpty());
    auto job = world_.job(account_);
    world_.sql("UPDATE environments SET dbt_version = '1.10.0-latest'");
    EXPECT_THAT(uses(), ElementsAre("environment p/e/e 1.10.0-latest "));

    world_.sql(
        "WITH c AS (INSERT INTO connections (account_id, name, adapter_version) VALUES "
        "($1, 'w', 'snowflake_v0') RETURNING id) UPDATE projects SET connection_id = c.id FROM c",
        account_);
    world_.sql("UPDATE jobs SET name = 'j', dbt_version = 'fusion' WHERE id = $1", job);
    EXPECT_THAT(uses(), ElementsAre("environment p/e/e 1.10.0-latest snowflake",
                                    "job p/e/j fusion snowflake"));

    // The environment's own connection comes first.
    world_.sql(
        "WITH c AS (INSERT INTO connections (account_id, name, adapter_version) VALUES "
        "($1, 'w', 'duckdb_v0') RETURNING id) UPDATE environments SET connection_id = c.id FROM c",
        account_);
    world_.sql("UPDATE jobs SET state = 2 WHERE id = $1", job);
    EXPECT_THAT(uses(), ElementsAre("environment p/e/e 1.10.0-latest duckdb"));
}

TEST_F(EngineUseTest, ARunCountsUntilItHasEnded) {
    auto job = world_.job(account_);
    auto run = world_.value<Id>(
        "INSERT INTO runs (account_id, project_id, environment_id, job_id, trigger, dbt_version) "
        "SELECT account_id, project_id, environment_id, id, '{}', '1.9.0-latest' FROM jobs "
        "WHERE id = $1 RETURNING id AS v",
        job);
    // It goes on even if its environment has been deleted meanwhile.
    world_.sql("UPDATE environments SET state = 2");
    EXPECT_THAT(uses(), ElementsAre("run p/e/ 1.9.0-latest "));
    for (int ended : {10, 20, 30}) {
        world_.sql("UPDATE runs SET status = $2, finished_at = now() WHERE id = $1", run, ended);
        EXPECT_THAT(uses(), IsEmpty()) << ended;
    }
}

}  // namespace
}  // namespace mw::environments
