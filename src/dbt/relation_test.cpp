#include "dbt/relation.hpp"

#include <gtest/gtest.h>

namespace mw::dbt {
namespace {

std::string parsed(std::string_view text) {
    auto relation = parse_relation(text);
    return relation ? relation->database + "|" + relation->schema + "|" + relation->name : "none";
}

TEST(Relation, IsReadInEachAdaptersQuotes) {
    EXPECT_EQ(parsed(R"("db"."main"."orders")"), "db|main|orders");
    EXPECT_EQ(parsed("`my-project`.`main`.`orders`"), "my-project|main|orders");
    EXPECT_EQ(parsed("[db].[main].[orders]"), "db|main|orders");
    EXPECT_EQ(parsed("db.main.orders"), "db|main|orders");
    EXPECT_EQ(parsed("main.orders"), "|main|orders");
    EXPECT_EQ(parsed(R"("d.b"."m""n"."o")"), "d.b|m\"n|o");
}

TEST(Relation, IsNothingElse) {
    for (auto text : {"", "orders", "a.b.c.d", "a..b", "\"a", "\"a\"x.b", "a.b.", ".a.b"})
        EXPECT_EQ(parsed(text), "none") << text;
}

TEST(SchemaOf, IsTheTargetOrOneBehindIt) {
    EXPECT_TRUE(is_schema_of("dbt_cloud_pr_4_12", "dbt_cloud_pr_4_12"));
    EXPECT_TRUE(is_schema_of("DBT_CLOUD_PR_4_12_MARKETING", "dbt_cloud_pr_4_12"));
    EXPECT_FALSE(is_schema_of("dbt_cloud_pr_4_123", "dbt_cloud_pr_4_12"));
    EXPECT_FALSE(is_schema_of("dbt_cloud_pr_4_1", "dbt_cloud_pr_4_12"));
    EXPECT_FALSE(is_schema_of("analytics", "dbt_cloud_pr_4_12"));
    EXPECT_FALSE(is_schema_of("analytics", ""));
}

}  // namespace
}  // namespace mw::dbt
