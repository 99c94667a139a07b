#include "dbt/manifest_nodes.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json/serialize.hpp>

namespace mw::dbt {
namespace {

using testing::ElementsAre;
using testing::Key;

constexpr std::string_view kManifest = R"({
  "metadata": {"dbt_version": "1.11.16", "nodes": {"model.shop.decoy": {"a": 1}}},
  "nodes": {
    "model.shop.total": {"name": "total", "columns": {"id": {"n": -1, "u": 18446744073709551615,
        "f": 1.5, "yes": true, "none": null}}, "list": [[1], {"nodes": {}}], "sql": "a\n\"b\""},
    "model.shop.other": {"name": "other"},
    "test.shop.unique_total_id.1": {"column_name": "id"}
  },
  "sources": {"model.shop.source": {"name": "source"}},
  "parent_map": {"model.shop.total": ["model.shop.other"]}
})";

TEST(ManifestNodes, PicksWhatIsWantedAndNothingElse) {
    auto nodes = pick_nodes(kManifest, [](auto id) { return id != "model.shop.other"; });
    ASSERT_TRUE(nodes);
    EXPECT_THAT(*nodes, ElementsAre(Key("model.shop.total"), Key("test.shop.unique_total_id.1")));
    EXPECT_EQ(boost::json::serialize(nodes->at("model.shop.total")),
              R"({"name":"total","columns":{"id":{"n":-1,"u":18446744073709551615,"f":1.5E0,)"
              R"("yes":true,"none":null}},"list":[[1],{"nodes":{}}],"sql":"a\n\"b\""})");
}

TEST(ManifestNodes, AnOddManifestHasNone) {
    EXPECT_TRUE(pick_nodes(R"({"nodes": [{"a": {}}]})", [](auto) { return true; })->empty());
    EXPECT_TRUE(pick_nodes(R"({"nodes": {"a": 1}})", [](auto) { return true; })->empty());
    EXPECT_TRUE(pick_nodes("[]", [](auto) { return true; })->empty());
}

TEST(ManifestNodes, WhatIsNoJsonIsAnError) {
    EXPECT_EQ(pick_nodes("{\"nodes\": {", [](auto) { return true; }).error().code,
              Errc::upstream_failed);
    EXPECT_EQ(pick_nodes("", [](auto) { return true; }).error().code, Errc::upstream_failed);
}

}  // namespace
}  // namespace mw::dbt
