#include "features/discovery/absent_fields.hpp"

namespace mw::discovery {
namespace {

using graphql::Asked;

// Of an environment that the caller may see.
Answer of_environment(const Asked& asked) {
    auto& lookup = dynamic_cast<Lookup&>(asked.context);
    MW_CO_TRY(auto environment,
              co_await lookup.environment(asked.arguments.at("environmentId").to_number<Id>()));
    co_return json::value{{"environmentId", environment.environment_id},
                          {"metrics", json::array{}}};
}

Answer nothing(const Asked&) {
    co_return json::array{};
}

Answer empty_page(const Asked&) {
    co_return json::value{
        {"edges", json::array{}}, {"pageInfo", page_info({}, false, false)}, {"totalCount", 0}};
}

void add_column_lineage(graphql::Schema& schema, graphql::NamedType& query) {
    schema.input("ColumnLineageFilter")
        .input("maxDepth", "Int")
        .input("columnName", "String")
        .input("isError", "Boolean");
    auto& node = schema.object("ColumnLineageNode");
    for (const auto* id : {"accountId", "projectId", "environmentId", "runId"})
        node.field(id, "BigInt");
    for (const auto* text :
         {"nodeUniqueId", "uniqueId", "name", "relationship", "error", "errorCategory"})
        node.field(text, "String");
    node.field("parentColumns", "[String!]")
        .field("childColumns", "[String!]")
        .field("isError", "Boolean");
    schema.object("Column")
        .field("environmentId", "BigInt!")
        .field("lineage", "[ColumnLineageNode!]!")
        .argument("nodeUniqueId", "String!")
        .argument("filters", "ColumnLineageFilter")
        .resolve(nothing);
    query.field("column", "Column").argument("environmentId", "BigInt!").resolve(of_environment);
}

void add_recommendations(graphql::Schema& schema, graphql::NamedType& query) {
    schema.input("RuleFilter")
        .input("severity", "[String!]")
        .input("categories", "[String!]")
        .input("ruleNames", "[String!]")
        .input("uniqueIds", "[String!]");
    auto& rule = schema.object("Recommendation");
    for (const auto* text :
         {"name", "category", "severity", "uniqueId", "violationId", "description"})
        rule.field(text, "String");
    schema.object("RecommendationEdge").field("cursor", "String").field("node", "Recommendation!");
    schema.object("RecommendationConnection")
        .field("edges", "[RecommendationEdge!]!")
        .field("pageInfo", "PageInfo!")
        .field("totalCount", "Int!");
    schema.object("RecommendationMetric").field("name", "String").field("value", "Float");
    schema.object("Recommendations")
        .field("environmentId", "BigInt!")
        .field("metrics", "[RecommendationMetric!]!")
        .field("rules", "RecommendationConnection!")
        .argument("first", "Int", kPageMost)
        .argument("after", "String")
        .argument("filter", "RuleFilter")
        .resolve(empty_page);
    query.field("recommendations", "Recommendations")
        .argument("environmentId", "BigInt!")
        .resolve(of_environment);
}

}  // namespace

void add_absent_fields(graphql::Schema& schema, graphql::NamedType& query) {
    add_column_lineage(schema, query);
    add_recommendations(schema, query);
}

}  // namespace mw::discovery
