#include "roles/runner/compare/comparison_plan.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fmt/format.h>
#include <boost/json/parse.hpp>

namespace mw::runner {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr const char* kTotal = "model.shop.total";

dbt::ManifestNodes nodes(std::string_view json) {
    dbt::ManifestNodes nodes;
    for (auto& [id, node] : boost::json::parse(json).as_object())
        nodes.emplace(id, node.as_object());
    return nodes;
}

std::string test_of_total(std::string_view id, std::string_view name, std::string_view column,
                          std::string_view more = "") {
    return fmt::format(
        R"(,"test.shop.{}": {{"attached_node": "model.shop.total", "column_name": "{}",
            "test_metadata": {{"name": "{}", "kwargs": {{"column_name": "{}"}}}} {}}})",
        id, column, name, column, more);
}

std::vector<std::string> key(std::string_view node, const std::string& tests = "") {
    return primary_key_of(kTotal, nodes(fmt::format(R"({{"{}": {}{}}})", kTotal, node, tests)));
}

TEST(PrimaryKey, IsWhatTheModelSays) {
    EXPECT_THAT(key(R"({"config": {"primary_key": "id"}})"), ElementsAre("id"));
    EXPECT_THAT(key(R"({"config": {"meta": {"primary_key": ["a", "b"]}}})"), ElementsAre("a", "b"));
    EXPECT_THAT(key(R"({"meta": {"primary-key": "id"}})"), ElementsAre("id"));
    EXPECT_THAT(key(R"({"config": {"primary_key": "id"},
                        "constraints": [{"type": "primary_key", "columns": ["other"]}]})"),
                ElementsAre("id"));
}

TEST(PrimaryKey, IsAConstraintOfTheModelOrOfColumns) {
    EXPECT_THAT(key(R"({"constraints": [{"type": "check"},
                                        {"type": "primary_key", "columns": ["a", "b"]}]})"),
                ElementsAre("a", "b"));
    EXPECT_THAT(key(R"({"columns": {"x": {"constraints": [{"type": "not_null"}]},
                                    "id": {"constraints": [{"type": "primary_key"}]}}})"),
                ElementsAre("id"));
}

TEST(PrimaryKey, IsAColumnThatIsTestedToBeUnique) {
    constexpr std::string_view kColumns = R"({"columns": {"x": {}, "b": {}, "a": {}}})";
    EXPECT_THAT(key(kColumns, test_of_total("1", "not_null", "x")), IsEmpty());
    EXPECT_THAT(key(kColumns, test_of_total("1", "unique", "a")), ElementsAre("a"));
    // Both tests outdo one, and the order is the model's.
    auto tests = test_of_total("1", "unique", "x") + test_of_total("2", "unique", "a") +
                 test_of_total("3", "not_null", "a") + test_of_total("4", "unique", "b") +
                 test_of_total("5", "not_null", "b");
    EXPECT_THAT(key(kColumns, tests), ElementsAre("b"));
    EXPECT_THAT(
        key(kColumns, test_of_total("1", "unique", "a", R"(,"config": {"where": "a > 1"})")),
        IsEmpty());
}

TEST(PrimaryKey, IsACombinationOfColumns) {
    auto tests = std::string(R"(,"test.shop.c": {"depends_on": {"nodes": ["model.shop.total"]},
        "test_metadata": {"name": "unique_combination_of_columns", "namespace": "dbt_utils",
                          "kwargs": {"combination_of_columns": ["day", "shop"]}}})");
    EXPECT_THAT(key("{}", tests + test_of_total("1", "unique", "x")), ElementsAre("day", "shop"));
    // Of another model.
    EXPECT_THAT(
        primary_key_of("model.shop.other", nodes(R"({"model.shop.other": {})" + tests + "}")),
        IsEmpty());
}

BuiltModels built(std::vector<std::string> names, std::string relation = "") {
    BuiltModels models;
    for (const auto& name : names)
        for (const char* what : {"LogStartLine", "NodeFinished"}) {
            dbt::Event event;
            event.name = what;
            event.node = dbt::NodeInfo{.unique_id = "model.shop." + name,
                                       .resource_type = "model",
                                       .name = name,
                                       .relation = relation,
                                       .materialized = {},
                                       .status = "success",
                                       .started_at = {},
                                       .finished_at = {},
                                       .message = {}};
            models.take(event);
        }
    return models;
}

TEST(ComparisonPlan, HasBothPlacesOfAModel) {
    auto ours = nodes(R"({"model.shop.total": {"name": "total", "relation_name":
                              "\"w\".\"pr\".\"total\"", "config": {"primary_key": "id"}},
                          "model.shop.fresh": {"name": "fresh", "relation_name":
                              "\"w\".\"pr\".\"fresh\""}})");
    auto production =
        nodes(R"({"model.shop.total": {"relation_name": "\"w\".\"prod\".\"total\""}})");
    auto plan =
        plan_comparison({kTotal, "model.shop.fresh"}, built({"total", "fresh"}), ours, production);
    ASSERT_EQ(plan.models.size(), 2u);
    EXPECT_EQ(plan.models[0].unique_id, "model.shop.fresh");
    EXPECT_EQ(plan.models[0].before, std::nullopt);
    EXPECT_EQ(plan.models[1].before->schema, "prod");
    EXPECT_EQ(plan.models[1].after->schema, "pr");
    EXPECT_THAT(plan.models[1].key, ElementsAre("id"));
    EXPECT_TRUE(plan.quotes_database && plan.quotes_schema && plan.quotes_identifier);
}

TEST(ComparisonPlan, WhereTheRunHasBuiltItOutdoesTheManifest) {
    auto ours = nodes(R"({"model.shop.total": {"relation_name": "w.pr.total"}})");
    auto plan = plan_comparison({kTotal}, built({"total"}, "w.pr.renamed"), ours, {});
    EXPECT_EQ(plan.models[0].after->name, "renamed");
    EXPECT_FALSE(plan.quotes_database || plan.quotes_schema || plan.quotes_identifier);
}

TEST(ComparisonPlan, SaysWhyAModelIsNotCompared) {
    auto ours = nodes(R"({"model.shop.total": {"relation_name": "w.pr.total"},
                          "model.shop.thin": {"config": {"materialized": "ephemeral"}}})");
    auto plan = plan_comparison({kTotal, "model.shop.thin", "model.shop.gone"}, {}, ours, {});
    EXPECT_THAT(plan.models[0].skipped, HasSubstr("does not have it"));
    EXPECT_THAT(plan.models[1].skipped, HasSubstr("ephemeral"));
    EXPECT_THAT(plan.models[2].skipped, HasSubstr("has not built it"));
}

}  // namespace
}  // namespace mw::runner
