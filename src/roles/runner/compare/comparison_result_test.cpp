#include "roles/runner/compare/comparison_result.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace mw::runner {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

ModelToCompare model(std::vector<std::string> key = {"id"}) {
    return {.unique_id = "model.shop.total",
            .name = "total",
            .before = dbt::Relation{"w", "prod", "total"},
            .after = dbt::Relation{"w", "pr", "total"},
            .key = std::move(key)};
}

ComparedModel judged(std::string_view facts, const ModelToCompare& of = model()) {
    return judge(of, boost::json::parse(facts).as_object());
}

TEST(ComparisonResult, ReadsTheAnswersAmongOtherWords) {
    EXPECT_EQ(read_answer("Running with dbt=1.11"), std::nullopt);
    EXPECT_EQ(read_answer("MILLWRIGHT_COMPARED {broken"), std::nullopt);
    EXPECT_EQ(read_answer("MILLWRIGHT_COMPARED {}"), std::nullopt);
    auto answer = read_answer(R"(MILLWRIGHT_COMPARED {"unique_id": "model.a.b", "status": "new"})");
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->unique_id, "model.a.b");
}

TEST(ComparisonResult, CountsWhatChanged) {
    auto found = judged(R"({"status": "compared", "added": ["x"], "removed": [], "retyped": ["y"],
        "rows": {"before": 10, "after": 11, "added": 2, "removed": 1, "changed": 2, "unchanged": 7,
                 "columns": {"amount": 2, "note": 0}}})");
    EXPECT_EQ(found.status, ChangeStatus::changed);
    EXPECT_EQ(found.rows.changed, 2);
    EXPECT_THAT(found.columns.changed, ElementsAre(Pair("amount", 2)));
    EXPECT_EQ(found.message, "");
    EXPECT_EQ(line_of(found),
              "total: changed; 10 rows before, 11 now: 2 added, 1 removed, 2 changed, 7 unchanged; "
              "columns added: x; types changed: y; rows changed by column: amount (2)");
}

TEST(ComparisonResult, TheSameIsUnchanged) {
    auto found = judged(R"({"status": "compared", "added": [], "removed": [], "retyped": [],
        "rows": {"before": 3, "after": 3, "added": 0, "removed": 0, "changed": 0, "unchanged": 3,
                 "columns": {}}})");
    EXPECT_EQ(found.status, ChangeStatus::unchanged);
}

TEST(ComparisonResult, WithoutAUsableKeyRowsAreCounted) {
    constexpr const char* kCounted = R"({"status": "compared", "rows": {"before": 3, "after": 4}})";
    auto found = judged(kCounted, model({}));
    EXPECT_EQ(found.status, ChangeStatus::changed);
    EXPECT_EQ(found.rows.added, std::nullopt);
    EXPECT_THAT(found.message, HasSubstr("No primary key is known"));
    found = judged(
        R"({"status": "compared", "rows": {"before": 3, "after": 3, "unusable_key": true}})");
    EXPECT_EQ(found.status, ChangeStatus::unchanged);
    EXPECT_THAT(found.message, HasSubstr("(id) is not there, of one type"));
    // Two rows of one key on both sides meet four times.
    found = judged(R"({"status": "compared", "rows": {"before": 2, "after": 2, "added": 0,
        "removed": 0, "changed": 0, "unchanged": 4, "columns": {"amount": 2}}})");
    EXPECT_EQ(found.rows.unchanged, std::nullopt);
    EXPECT_TRUE(found.columns.changed.empty());
    EXPECT_THAT(found.message, HasSubstr("(id) is not unique"));
}

TEST(ComparisonResult, WhatProductionDoesNotHaveIsNew) {
    auto fresh = model();
    fresh.before.reset();
    auto found = judged(R"({"status": "new", "after": 5})", fresh);
    EXPECT_EQ(found.status, ChangeStatus::added);
    EXPECT_EQ(line_of(found), "total: new; 5 rows");
    EXPECT_THAT(judged(R"({"status": "new", "after": 5})").message, HasSubstr("is not there"));
}

TEST(ComparisonResult, AsJson) {
    auto found = dbt::to_json({{skipped(model(), "This run has not built it.")}});
    EXPECT_EQ(boost::json::serialize(found),
              R"({"models":[{"unique_id":"model.shop.total","name":"total","status":"skipped",)"
              R"("primary_key":["id"],"rows":{"added":null,"removed":null,"changed":null,)"
              R"("unchanged":null,"before":null,"after":null},"columns":{"added":[],"removed":[],)"
              R"("retyped":[],"changed":{}},"message":"This run has not built it."}]})");
}

TEST(ComparisonResult, IsSummedUp) {
    auto found = skipped(model(), "");
    auto fresh = found;
    fresh.status = ChangeStatus::added;
    EXPECT_EQ(dbt::summary_of({{found, fresh, found}}), "3 models: 1 new, 2 skipped");
    EXPECT_EQ(dbt::summary_of({{fresh}}), "1 model: 1 new");
}

}  // namespace
}  // namespace mw::runner
