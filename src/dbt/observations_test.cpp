#include "dbt/observations.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mw::dbt {
namespace {

using testing::HasSubstr;

TEST(Observations, SourcesByTheirIds) {
    auto seen = parse_sources(R"({"metadata": {"generated_at": "2026-01-01T00:00:00Z"},
        "results": [{"unique_id": "source.shop.app.events", "status": "warn",
                     "max_loaded_at": "2025-12-31T00:00:00Z"}]})");
    ASSERT_TRUE(seen);
    EXPECT_EQ(seen->generated_at, "2026-01-01T00:00:00Z");
    ASSERT_EQ(seen->nodes.size(), 1U);
    EXPECT_EQ(seen->nodes[0].first, "source.shop.app.events");
    EXPECT_EQ(seen->nodes[0].second.at("status"), "warn");
}

TEST(Observations, RelationsByTheirIds) {
    auto seen = parse_catalog(R"({"metadata": {"generated_at": "2026-01-01T00:00:00Z"},
        "nodes": {"model.shop.a": {"columns": {"id": {"type": "INTEGER"}}}},
        "sources": {"source.shop.app.events": {"columns": {}}}})");
    ASSERT_TRUE(seen);
    ASSERT_EQ(seen->nodes.size(), 2U);
    EXPECT_EQ(seen->nodes[0].second.at("columns").at("id").at("type"), "INTEGER");
    EXPECT_EQ(seen->nodes[1].first, "source.shop.app.events");
}

TEST(Observations, WhatDbtDoesNotWriteIsRefused) {
    auto why = [](const result<Observations>& seen) {
        return seen ? std::string("it was read") : seen.error().detail;
    };
    EXPECT_THAT(why(parse_sources("{")), HasSubstr("incomplete"));
    EXPECT_THAT(why(parse_sources("[]")), HasSubstr("no metadata"));
    EXPECT_THAT(why(parse_sources(R"({"metadata": {}})")), HasSubstr("no list"));
    EXPECT_THAT(why(parse_sources(R"({"metadata": {}, "results": [{}]})")),
                HasSubstr("no unique_id"));
    EXPECT_THAT(why(parse_catalog(R"({"metadata": {}})")), HasSubstr("no nodes"));
    EXPECT_THAT(why(parse_catalog(R"({"metadata": {}, "nodes": {}})")), HasSubstr("no sources"));
    EXPECT_THAT(why(parse_catalog(R"({"metadata": {}, "nodes": {"a": 1}})")),
                HasSubstr("not an object"));
}

}  // namespace
}  // namespace mw::dbt
