#include "dbt/manifest.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mw::dbt {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr std::string_view kFile = R"({
  "metadata": {"dbt_schema_version": "https://schemas.getdbt.com/dbt/manifest/v12.json",
               "dbt_version": "1.11.16", "generated_at": "2026-01-01T00:00:00.1Z",
               "invocation_id": "e9f3cfb0", "project_name": "shop", "adapter_type": "duckdb"},
  "nodes": {
    "test.shop.not_null_orders_id.cf6c17": {
      "resource_type": "test", "name": "not_null_orders_id", "column_name": "id",
      "depends_on": {"macros": ["macro.dbt.test_not_null"], "nodes": ["model.shop.orders"]}},
    "model.shop.orders": {
      "resource_type": "model", "name": "orders", "raw_code": "select 1", "created_at": 1.5,
      "unrendered_config": {"materialized": "table"}, "config": {"materialized": "table"},
      "depends_on": {"macros": [],
                     "nodes": ["source.shop.raw.b", "source.shop.raw.a", "source.shop.raw.b"]}}},
  "sources": {"source.shop.raw.a": {"resource_type": "source", "name": "a", "source_name": "raw"}},
  "exposures": {"exposure.shop.board": {"resource_type": "exposure", "name": "board",
                                        "depends_on": {"nodes": ["model.shop.orders"]}}},
  "macros": {"macro.shop.cents": {"name": "cents", "depends_on": {"macros": []}}},
  "disabled": {"model.shop.old": [{"resource_type": "model", "name": "old"}]},
  "parent_map": {}, "child_map": {}
})";

std::vector<std::string> ids_of(const Manifest& manifest) {
    std::vector<std::string> ids;
    for (const auto& node : manifest.nodes)
        ids.push_back(node.unique_id);
    return ids;
}

TEST(Manifest, SaysWhatTheProjectIsMadeOf) {
    auto manifest = parse_manifest(kFile);
    ASSERT_TRUE(manifest);
    EXPECT_EQ(manifest->dbt_version, "1.11.16");
    EXPECT_EQ(manifest->project_name, "shop");
    EXPECT_EQ(manifest->adapter_type, "duckdb");
    EXPECT_EQ(manifest->generated_at, "2026-01-01T00:00:00.1Z");
    EXPECT_THAT(ids_of(*manifest),
                ElementsAre("exposure.shop.board", "macro.shop.cents", "model.shop.orders",
                            "source.shop.raw.a", "test.shop.not_null_orders_id.cf6c17"));
}

TEST(Manifest, KnowsParentsAndKinds) {
    auto manifest = parse_manifest(kFile);
    ASSERT_TRUE(manifest);
    EXPECT_THAT(manifest->nodes[0].parents, ElementsAre("model.shop.orders"));
    EXPECT_THAT(manifest->nodes[2].parents, ElementsAre("source.shop.raw.a", "source.shop.raw.b"));
    EXPECT_THAT(manifest->nodes[3].parents, IsEmpty());
    EXPECT_THAT(manifest->nodes[4].parents, ElementsAre("model.shop.orders"));
    EXPECT_EQ(manifest->nodes[1].resource_type, "macro");
    EXPECT_EQ(manifest->nodes[3].resource_type, "source");
}

TEST(Manifest, KeepsFactsUnderTheirNames) {
    auto manifest = parse_manifest(kFile);
    ASSERT_TRUE(manifest);
    const auto& orders = manifest->nodes[2].facts;
    EXPECT_EQ(orders.at("raw_code"), "select 1");
    EXPECT_EQ(orders.at("config").at("materialized"), "table");
    EXPECT_FALSE(orders.contains("unrendered_config"));
    EXPECT_FALSE(orders.contains("created_at"));
}

TEST(Manifest, TakesWhatAnOlderDbtDoesNotKnow) {
    auto manifest = parse_manifest(R"({"metadata": {}, "nodes": {}})");
    ASSERT_TRUE(manifest);
    EXPECT_THAT(manifest->nodes, IsEmpty());
    EXPECT_EQ(manifest->adapter_type, "");
}

TEST(Manifest, RefusesWhatDbtDoesNotWrite) {
    const std::pair<std::string_view, std::string_view> kCases[] = {
        {"{", "incomplete"},
        {"[]", "no metadata"},
        {R"({"metadata": []})", "no metadata"},
        {R"({"metadata": {}})", "no nodes"},
        {R"({"metadata": {}, "nodes": []})", "not an object"},
        {R"({"metadata": {}, "nodes": {"model.a.b": 1}})", "not an object"},
        {R"({"metadata": {}, "nodes": {"model.a.b": {"resource_type": "model"}}})", "no name"},
    };
    for (auto [text, why] : kCases) {
        auto manifest = parse_manifest(text);
        ASSERT_FALSE(manifest) << text;
        EXPECT_EQ(manifest.error().code, Errc::upstream_failed);
        EXPECT_THAT(manifest.error().detail, HasSubstr(why)) << text;
    }
}

}  // namespace
}  // namespace mw::dbt
