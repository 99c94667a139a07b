#include "roles/runner/drop_schemas.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/files.hpp"
#include "test_support/temp_dir.hpp"

namespace mw::runner {
namespace {

RunSpec spec(std::string_view json) {
    return *parse_connection_test_spec(boost::json::parse(json));
}

constexpr std::string_view kSpec =
    R"({"id": 3, "dbt_version": "latest", "environment_variables": {},
    "profile": {"adapter": "duckdb", "connection_name": "w", "connection": {}, "credentials": {},
    "schema": "s"}, "drop_schemas": [{"database": "db", "schema": "dbt_cloud_pr_4_12"},
    {"database": "", "schema": "it's \"q\""}]})";

TEST(DropSchemas, NamesTheSchemasAsDataAndNotAsCode) {
    EXPECT_THAT(
        drop_command(spec(kSpec)),
        testing::ElementsAre("run-operation", "millwright_drop_schemas", "--args",
                             R"({"schemas":[{"database":"db","schema":"dbt_cloud_pr_4_12"},)"
                             R"({"database":"","schema":"it's \"q\""}]})"));
}

TEST(DropSchemas, WritesItsMacroOnlyForThatErrand) {
    test::TempDir folder;
    ASSERT_TRUE(write_drop_macro(RunSpec{}, folder.path()));
    EXPECT_FALSE(std::filesystem::exists(folder.path() / "macros"));
    ASSERT_TRUE(write_drop_macro(spec(kSpec), folder.path()));
    auto macro = read_file(folder.path() / "macros" / "drop_schemas.sql", 4096);
    ASSERT_TRUE(macro);
    EXPECT_THAT(*macro, testing::HasSubstr("adapter.drop_schema"));
}

}  // namespace
}  // namespace mw::runner
