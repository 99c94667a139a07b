#include "dbt/variable.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mw::dbt {
namespace {

using testing::HasSubstr;

TEST(Variable, NamesAreKeptInCapitals) {
    for (std::string_view name : {"DBT_A", "DBT_ENV_SECRET_TOKEN", "DBT_ENV_CUSTOM_ENV_TEAM",
                                  "DBT_1", "DBT_CLOUD_API_TOKEN", "DBT_ENV_", "DBT_TARGET_PATH"})
        EXPECT_EQ(variable_name(name), name);
    EXPECT_EQ(variable_name("dbt_Env_secret_x"), "DBT_ENV_SECRET_X");
}

TEST(Variable, RefusesOtherNames) {
    auto error = [](std::string_view name) { return variable_name(name).error().message; };
    for (std::string_view name : {"", "PATH", "DBT_", "XDBT_A", "DBTA", " DBT_A"})
        EXPECT_THAT(error(name), HasSubstr("begin with DBT_")) << name;
    for (std::string_view name : {"DBT_A B", "DBT_A=1", "DBT_Ä", "DBT_A-B"})
        EXPECT_THAT(error(name), HasSubstr("letters, digits")) << name;
    for (std::string_view name : {"DBT_ENV", "dbt_cloud_run_id", "DBT_PROFILES_DIR"})
        EXPECT_THAT(error(name), HasSubstr("set by the run itself")) << name;
    EXPECT_THAT(error("DBT_" + std::string(300, 'A')), HasSubstr("at most 255"));
}

TEST(Variable, KnowsSecretsByTheirNames) {
    EXPECT_TRUE(is_secret_variable("DBT_ENV_SECRET_TOKEN"));
    EXPECT_TRUE(is_secret_variable("DBT_ENV_SECRET"));
    EXPECT_FALSE(is_secret_variable("DBT_SECRET_TOKEN"));
    EXPECT_FALSE(is_secret_variable("DBT_ENV_CUSTOM_ENV_SECRET"));
}

}  // namespace
}  // namespace mw::dbt
