#include "dbt/comparison.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json/parse.hpp>

namespace mw::dbt {
namespace {

using testing::ElementsAre;
using testing::Pair;

// As the worker writes it (roles/runner/compare/comparison_result_test.cpp).
constexpr std::string_view kText = R"({"models": [
  {"unique_id": "model.shop.total", "name": "total", "status": "changed", "primary_key": ["id"],
   "rows": {"added": 2, "removed": 1, "changed": 2, "unchanged": 7, "before": 10, "after": 11},
   "columns": {"added": ["extra"], "removed": [], "retyped": ["amount"], "changed": {"note": 2}},
   "message": ""},
  {"unique_id": "model.shop.fresh", "name": "fresh", "status": "new", "primary_key": [],
   "rows": {"added": null, "removed": null, "changed": null, "unchanged": null, "before": null,
            "after": 5},
   "columns": {"added": [], "removed": [], "retyped": [], "changed": {}},
   "message": ""}]})";

TEST(Comparison, IsReadAndWrittenAsItWas) {
    auto read = read_comparison(kText);
    ASSERT_TRUE(read) << read.error().detail;
    ASSERT_EQ(read->models.size(), 2u);
    const auto& total = read->models[0];
    EXPECT_EQ(total.status, ChangeStatus::changed);
    EXPECT_EQ(total.rows.unchanged, 7);
    EXPECT_THAT(total.columns.retyped, ElementsAre("amount"));
    EXPECT_THAT(total.columns.changed, ElementsAre(Pair("note", 2)));
    EXPECT_EQ(read->models[1].rows.before, std::nullopt);
    EXPECT_EQ(boost::json::value(to_json(*read)), boost::json::parse(kText));
}

TEST(Comparison, IsSummedUp) {
    EXPECT_EQ(summary_of(*read_comparison(kText)), "2 models: 1 new, 1 changed");
    EXPECT_EQ(summary_of({}), "0 models");
    EXPECT_EQ(read_comparison(kText)->count(ChangeStatus::skipped), 0);
}

TEST(Comparison, OnlyItsFieldsAreGivenOn) {
    auto read = read_comparison(
        R"({"rows": [["secret"]], "models": [{"unique_id": "a", "name": "a", "status": "skipped",
            "sample": "secret", "columns": {"changed": {"x": "secret", "y": -1}}}]})");
    ASSERT_TRUE(read);
    EXPECT_TRUE(read->models[0].columns.changed.empty());
    EXPECT_FALSE(to_json(*read).at("models").at(0).as_object().contains("sample"));
}

TEST(Comparison, WhatIsNoneIsAnError) {
    for (
        const char* text :
        {"", "[]", "{}", R"({"models": {}})", R"({"models": [1]})",
         R"({"models": [{"unique_id": "a", "name": "a", "status": "broken"}]})",
         R"({"models": [{"unique_id": "a", "name": "a", "status": "new", "rows": {"after": -1}}]})"})
        EXPECT_FALSE(read_comparison(text)) << text;
}

}  // namespace
}  // namespace mw::dbt
