#include "features/discovery/account_fields.hpp"

#include <fmt/format.h>

#include <map>

#include "base/json_optional.hpp"
#include "base/json_text.hpp"
#include "features/project_state/project_summary_store.hpp"
#include "features/project_state/public_model_store.hpp"

namespace mw::discovery {
namespace {

using graphql::Asked;
using project_state::PublicModel;

// Of the projects of which the caller may read the metadata.
std::optional<std::vector<Id>> readable_projects(const Lookup& lookup) {
    auto projects = lookup.call().caller.grants.projects(api::reads(api::Area::metadata));
    if (projects.all) return std::nullopt;
    return projects.ids;
}

std::vector<Id> ids_of(const json::object& object, std::string_view name) {
    std::vector<Id> ids;
    const auto* value = object.if_contains(name);
    if (!value || !value->is_array()) return ids;
    for (const auto& entry : value->get_array())
        if (entry.is_number()) ids.push_back(entry.to_number<Id>());
    return ids;
}

Answer account(const Asked& asked) {
    auto& lookup = dynamic_cast<Lookup&>(asked.context);
    auto id = asked.arguments.at("id").to_number<Id>();
    if (id != lookup.call().account_id)
        co_return fail(Errc::not_found,
                       "There is no account with this id that this token may see.");
    co_return json::value{{"id", id}};
}

// "17:model.shop.orders"
std::string cursor_of(const PublicModel& model) {
    return fmt::format("{}:{}", model.environment_id, model.unique_id);
}
result<project_state::PublicModelPage> page_after(const std::string& cursor) {
    project_state::PublicModelPage page;
    if (cursor.empty()) return page;
    auto colon = cursor.find(':');
    auto id = colon == cursor.npos ? std::nullopt : parse_id(cursor.substr(0, colon));
    if (!id) return fail(Errc::invalid_argument, "\"after\" is not a cursor of these models.");
    page.environment_id = *id;
    page.unique_id = cursor.substr(colon + 1);
    return page;
}

project_state::PublicModelFilter filter_of(const json::object& arguments, const Lookup& lookup) {
    project_state::PublicModelFilter filter{.project_ids = readable_projects(lookup)};
    const auto* given = arguments.if_contains("filter");
    if (!given || !given->is_object()) return filter;
    const auto& object = given->get_object();
    filter.environment_ids = ids_of(object, "environmentIds");
    filter.dbt_project = text_of(object, "dbtCoreProjectName");
    filter.unique_ids = texts_of(object, "uniqueIds");
    const auto* project = object.if_contains("projectId");
    if (!project || !project->is_number()) return filter;
    auto id = project->to_number<Id>();
    bool may = !filter.project_ids ||
               std::ranges::find(*filter.project_ids, id) != filter.project_ids->end();
    filter.project_ids = may ? std::vector<Id>{id} : std::vector<Id>{};
    return filter;
}

json::object model_json(const PublicModel& model, Id account_id) {
    auto fact = [&](const char* path) { return shown_fact(model.facts, path); };
    auto columns = fact("columns");
    return {{"accountId", account_id},
            {"projectId", model.project_id},
            {"environmentId", model.environment_id},
            {"environmentDeploymentType", or_null(model.deployment_type)},
            {"isDefaultEnv", model.deployment_type == "production"},
            {"dbtCoreProject", model.dbt_project},
            {"uniqueId", model.unique_id},
            {"name", model.name},
            {"description", fact("description")},
            {"database", fact("database")},
            {"schema", fact("schema")},
            {"identifier", fact("alias")},
            {"relationName", fact("relation_name")},
            {"packageName", fact("package_name")},
            {"materializationType", fact("config.materialized")},
            {"group", fact("group")},
            {"fqn", fact("fqn")},
            {"latestVersion", fact("latest_version")},
            {"deprecationDate", fact("deprecation_date")},
            {"columnCount", columns.is_object() ? columns.get_object().size() : 0},
            {"lastRunStatus", or_null(model.last_status)},
            {"runGeneratedAt", time_or_null(model.generated_at)},
            {"healthIssues", json::array{}},
            {"dependentProjects", json::array{}},
            {"publicAncestors", json::array{}}};
}

Answer public_models(const Asked& asked) {
    auto& lookup = dynamic_cast<Lookup&>(asked.context);
    MW_CO_TRY(auto most, page_size_of(asked.arguments));
    MW_CO_TRY(auto page, page_after(text_of(asked.arguments, "after")));
    page.limit = most + 1;
    auto account_id = lookup.call().account_id;
    MW_CO_TRY(auto connection, co_await lookup.connection());
    MW_CO_TRY(auto models, co_await project_state::list_public_models(
                               *connection, account_id, filter_of(asked.arguments, lookup), page));
    bool more = models.size() > static_cast<std::size_t>(most);
    if (more) models.pop_back();
    json::array edges;
    for (const auto& model : models)
        edges.push_back({{"cursor", cursor_of(model)}, {"node", model_json(model, account_id)}});
    auto info = page_info(edges, more, page.environment_id != 0);
    co_return json::value{{"edges", std::move(edges)}, {"pageInfo", std::move(info)}};
}

json::object summary_of(const std::vector<project_state::TypeCount>& counts,
                        std::int64_t public_models) {
    std::map<std::string, std::int64_t> by_type;
    std::int64_t all = 0;
    for (const auto& count : counts) {
        by_type[count.resource_type] = count.count;
        all += count.count;
    }
    return {{"totalNodes", all},
            {"totalModels", by_type["model"]},
            {"publicModels", public_models},
            {"sources", by_type["source"]},
            {"metrics", by_type["metric"]},
            {"semanticModels", by_type["semantic_model"]},
            {"tests", by_type["test"]},
            {"snapshots", by_type["snapshot"]},
            {"exposures", by_type["exposure"]},
            {"macros", by_type["macro"]},
            {"seeds", by_type["seed"]}};
}

Answer mesh_projects(const Asked& asked) {
    auto& lookup = dynamic_cast<Lookup&>(asked.context);
    MW_CO_TRY(auto connection, co_await lookup.connection());
    MW_CO_TRY(auto projects, co_await project_state::list_project_states(
                                 *connection, lookup.call().account_id, readable_projects(lookup)));
    json::array shown;
    for (const auto& project : projects) {
        MW_CO_TRY(auto counts,
                  co_await project_state::count_types(*connection, project.environment_id));
        shown.push_back({{"dbtCoreProject", project.dbt_project},
                         {"dbtCloudProject", project.name},
                         {"projectId", project.project_id},
                         {"defaultEnvironmentId", project.environment_id},
                         {"isProducer", project.public_models > 0},
                         // References between projects are not resolved by the appliance.
                         {"isConsumer", false},
                         {"projectSummary", summary_of(counts, project.public_models)},
                         {"dependentProjects", json::array{}}});
    }
    co_return shown;
}

void add_public_models(graphql::Schema& schema) {
    schema.input("PublicModelsFilter")
        .input("dbtCoreProjectName", "String")
        .input("environmentIds", "[BigInt!]")
        .input("projectId", "BigInt")
        .input("uniqueIds", "[String!]");
    schema.object("DependentProject")
        .field("dbtCoreProject", "String")
        .field("defaultEnvironmentId", "BigInt")
        .field("dependentModelsCount", "Int")
        .field("environmentId", "BigInt")
        .field("projectId", "BigInt");
    auto& model = schema.object("PublicModel");
    for (const auto* id : {"accountId", "projectId", "environmentId"})
        model.field(id, "BigInt!");
    for (const auto* text :
         {"environmentDeploymentType", "dbtCoreProject", "uniqueId", "name", "description",
          "database", "schema", "identifier", "relationName", "packageName", "materializationType",
          "group", "latestVersion", "deprecationDate", "lastRunStatus"})
        model.field(text, "String");
    model.field("isDefaultEnv", "Boolean!")
        .field("fqn", "[String!]")
        .field("columnCount", "Int!")
        .field("runGeneratedAt", "DateTime")
        .field("healthIssues", "[String!]!")
        .field("dependentProjects", "[DependentProject!]!")
        .field("publicAncestors", "[PublicModel!]!");
    schema.object("PublicModelEdge").field("cursor", "String").field("node", "PublicModel!");
    schema.object("PublicModelConnection")
        .field("edges", "[PublicModelEdge!]!")
        .field("pageInfo", "PageInfo!");
}

void add_mesh_projects(graphql::Schema& schema) {
    auto& summary = schema.object("ProjectSummary");
    for (const auto* count :
         {"totalNodes", "totalModels", "publicModels", "sources", "metrics", "semanticModels",
          "tests", "snapshots", "exposures", "macros", "seeds"})
        summary.field(count, "Int!");
    schema.object("MeshProject")
        .field("dbtCoreProject", "String")
        .field("dbtCloudProject", "String")
        .field("projectId", "BigInt!")
        .field("defaultEnvironmentId", "BigInt")
        .field("isProducer", "Boolean!")
        .field("isConsumer", "Boolean!")
        .field("projectSummary", "ProjectSummary")
        .field("dependentProjects", "[MeshProject!]!");
}

}  // namespace

void add_account_fields(graphql::Schema& schema, graphql::NamedType& query) {
    add_public_models(schema);
    add_mesh_projects(schema);
    auto& type = schema.object("Account").field("id", "BigInt!");
    type.field("publicModels", "PublicModelConnection!")
        .argument("first", "Int", kPageMost)
        .argument("after", "String")
        .argument("filter", "PublicModelsFilter")
        .resolve(public_models);
    type.field("meshProjects", "[MeshProject!]!").resolve(mesh_projects);
    query.field("account", "Account").argument("id", "BigInt!").resolve(account);
}

}  // namespace mw::discovery
