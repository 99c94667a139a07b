#include "features/discovery/project_fields.hpp"

#include <cctype>
#include <charconv>

#include "base/json_optional.hpp"
#include "base/json_text.hpp"
#include "features/project_state/project_summary_store.hpp"

namespace mw::discovery {
namespace {

using graphql::Asked;

constexpr std::size_t kSearchBytesMost = 200;

const json::object& filter_in(const json::object& arguments) {
    static const json::object kNone;
    const auto* filter = arguments.if_contains("filter");
    return filter && filter->is_object() ? filter->get_object() : kNone;
}

// The environment of a state that may be seen, with a connection.
struct Place {
    project_state::EnvironmentState environment;
    pg::Pool::Lease connection;
};
Awaitable<Place> place_of(const Asked& asked) {
    auto& lookup = dynamic_cast<Lookup&>(asked.context);
    MW_CO_TRY(auto environment, co_await lookup.environment(environment_of(asked.parent)));
    MW_CO_TRY(auto connection, co_await lookup.connection());
    co_return Place{std::move(environment), std::move(connection)};
}

json::object lineage_node(const project_state::LineageNode& node, const Kind& kind,
                          const project_state::EnvironmentState& environment) {
    return {{"__typename", std::string(kind.type_prefix) + "LineageNode"},
            {"uniqueId", node.unique_id},
            {"name", node.name},
            {"resourceType", node.resource_type},
            {"accountId", environment.account_id},
            {"projectId", environment.project_id},
            {"environmentId", environment.environment_id},
            {"description", or_null(node.description)},
            {"filePath", or_null(node.file_path)},
            {"materializationType", or_null(node.materialized)},
            {"database", or_null(node.database)},
            {"schema", or_null(node.schema)},
            {"alias", or_null(node.alias)},
            {"sourceName", or_null(node.source_name)},
            {"fqn", node.fqn},
            {"access", or_null(node.access)},
            {"group", or_null(node.group_name)},
            {"lastRunStatus", or_null(node.last_status)},
            // Nodes are chosen by their types and ids alone, not by a selector's methods.
            {"matchesMethod", true},
            {"publicParentIds", json::array{}},
            {"parentIds", json::array(node.parents.begin(), node.parents.end())},
            {"tags", node.tags}};
}

Answer lineage(const Asked& asked) {
    const auto& filter = filter_in(asked.arguments);
    MW_CO_TRY(auto place, co_await place_of(asked));
    auto id = place.environment.environment_id;
    MW_CO_TRY(auto nodes,
              co_await project_state::list_lineage(*place.connection, id, types_of(filter, "types"),
                                                   texts_of(filter, "uniqueIds")));
    json::array shown;
    for (const auto& node : nodes)
        if (const auto* kind = kind_of(node.resource_type))
            shown.push_back(lineage_node(node, *kind, place.environment));
    co_return shown;
}

// dbt's name of a type, whichever way it is spelled: "model", "Model", "semanticModel".
std::string type_named(const json::object& arguments, std::string_view name) {
    auto text = text_of(arguments, name);
    if (text.empty()) return text;
    auto upper = text;
    upper[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(upper[0])));
    const auto* kind = kind_named(upper);
    return kind ? kind->resource_type : text;
}

Answer packages(const Asked& asked) {
    MW_CO_TRY(auto place, co_await place_of(asked));
    MW_CO_TRY(auto names, co_await project_state::list_packages(
                              *place.connection, place.environment.environment_id,
                              type_named(asked.arguments, "resource")));
    co_return json::value(json::array(names.begin(), names.end()));
}

Answer tags(const Asked& asked) {
    MW_CO_TRY(auto place, co_await place_of(asked));
    MW_CO_TRY(auto names, co_await project_state::list_tags(*place.connection,
                                                            place.environment.environment_id));
    json::array shown;
    for (const auto& name : names)
        shown.push_back(json::object{{"name", name}});
    co_return shown;
}

// Models are owned by their groups.
Answer owners(const Asked& asked) {
    auto type = type_named(asked.arguments, "resource");
    MW_CO_TRY(auto place, co_await place_of(asked));
    MW_CO_TRY(auto found, co_await project_state::list_owners(
                              *place.connection, place.environment.environment_id,
                              type.empty() || type == "exposure" ? type : std::string("group")));
    json::array shown;
    for (const auto& owner : found)
        shown.push_back({{"name", or_null(owner.name)}, {"email", or_null(owner.email)}});
    co_return shown;
}

Answer resource_counts(const Asked& asked) {
    MW_CO_TRY(auto place, co_await place_of(asked));
    MW_CO_TRY(auto counts, co_await project_state::count_types(*place.connection,
                                                               place.environment.environment_id));
    json::object shown;
    for (const auto& count : counts)
        shown[count.resource_type] = count.count;
    co_return json::value(std::move(shown));
}

// A cursor is how many came before.
result<int> offset_of(const json::object& arguments) {
    auto after = text_of(arguments, "after");
    if (after.empty()) return 0;
    int offset = 0;
    auto [end, error] = std::from_chars(after.data(), after.data() + after.size(), offset);
    if (error != std::errc{} || end != after.data() + after.size() || offset < 0)
        return fail(Errc::invalid_argument, "\"after\" is not a cursor of these results.");
    return offset;
}

result<project_state::SearchFilter> search_filter(const json::object& given) {
    project_state::SearchFilter filter{.text = text_of(given, "query"),
                                       .fields = texts_of(given, "fields")};
    if (filter.text.empty() || filter.text.size() > kSearchBytesMost)
        return fail(Errc::invalid_argument, "\"query\" must have from 1 to 200 characters.");
    filter.resource_types = types_of(given, "resourceTypes");
    filter.access_levels = texts_of(given, "accessLevels");
    filter.materialized = texts_of(given, "materializationTypes");
    filter.tags = texts_of(given, "tags");
    return filter;
}

Answer search(State state, const Asked& asked) {
    auto& lookup = dynamic_cast<Lookup&>(asked.context);
    MW_CO_TRY(auto filter, search_filter(filter_in(asked.arguments)));
    MW_CO_TRY(auto most, page_size_of(asked.arguments));
    MW_CO_TRY(auto offset, offset_of(asked.arguments));
    std::vector<project_state::Hit> hits;
    MW_CO_TRY(auto environment, co_await lookup.environment(environment_of(asked.parent)));
    {
        MW_CO_TRY(auto connection, co_await lookup.connection());
        MW_CO_TRY(hits, co_await project_state::search_nodes(
                            *connection, environment.environment_id, filter, offset, most + 1));
    }
    bool more = hits.size() > static_cast<std::size_t>(most);
    if (more) hits.pop_back();
    Ids ids;
    for (const auto& hit : hits)
        ids.push_back(hit.unique_id);
    MW_CO_TRY(auto nodes, co_await lookup.nodes(environment.environment_id, ids));
    json::array edges;
    for (std::size_t i = 0; i < nodes.size() && i < hits.size(); ++i) {
        const auto* kind = kind_of(nodes[i]->resource_type);
        if (!kind) continue;
        edges.push_back({{"cursor", std::to_string(offset + static_cast<int>(i) + 1)},
                         {"node",
                          {{"matchedField", hits[i].matched_field},
                           {"highlight", hits[i].found_in},
                           {"hit", to_json(environment, *nodes[i], *kind, state)}}}});
    }
    auto page = page_info(edges, more, offset > 0);
    co_return json::value{{"edges", std::move(edges)}, {"pageInfo", std::move(page)}};
}

// Every kind has a type of its own, with the same fields: requests name these types.
void add_lineage_types(graphql::Schema& schema) {
    schema.input("LineageFilter")
        .input("types", "[ResourceNodeType!]")
        .input("uniqueIds", "[String!]");
    schema.interface("LineageNodeWithParents").field("parentIds", "[String!]!");
    auto add_fields = [](graphql::NamedType& type) {
        for (const auto* must : {"uniqueId", "resourceType"})
            type.field(must, "String!");
        for (const auto* id : {"accountId", "projectId", "environmentId"})
            type.field(id, "BigInt!");
        for (const auto* text :
             {"name", "description", "filePath", "materializationType", "database", "schema",
              "alias", "sourceName", "access", "group", "lastRunStatus"})
            type.field(text, "String");
        for (const auto* list : {"fqn", "publicParentIds", "parentIds", "tags"})
            type.field(list, "[String!]!");
        type.field("matchesMethod", "Boolean!");
    };
    add_fields(schema.interface("LineageNode"));
    for (const auto& kind : kinds())
        add_fields(schema.object(std::string(kind.type_prefix) + "LineageNode")
                       .implements({"LineageNode", "LineageNodeWithParents"}));
}

}  // namespace

void add_project_types(graphql::Schema& schema) {
    std::vector<std::string> types;
    for (const auto& kind : kinds())
        types.emplace_back(kind.type_prefix);
    schema.enumeration("ResourceNodeType").values(types);
    schema.enumeration("AccessLevel").values({"private", "protected", "public"});
    schema.enumeration("OwnerResourceType")
        .values({"exposure", "group", "metric", "model", "seed", "snapshot", "source", "test"});
    schema.object("Tag").field("name", "String!");
    schema.object("Owner").field("name", "String").field("email", "String");
    add_lineage_types(schema);
    schema.enumeration("SearchField").values({"code", "column", "description", "name", "relation"});
    schema.input("SearchQueryFilter")
        .input("query", "String!")
        .input("fields", "[SearchField!]")
        .input("resourceTypes", "[ResourceNodeType!]")
        .input("accessLevels", "[AccessLevel!]")
        .input("materializationTypes", "[String!]")
        .input("modelingLayers", "[String!]")
        .input("tags", "[String!]");
    for (auto state : {State::applied, State::defined}) {
        auto name = std::string(state == State::applied ? "Applied" : "Definition");
        schema.object(name + "SearchResult")
            .field("matchedField", "String!")
            .field("highlight", "String", "Around what was looked for")
            .field("hit", node_interface(state) + "!");
        schema.object(name + "SearchResultEdge")
            .field("cursor", "String")
            .field("node", name + "SearchResult!");
        schema.object(name + "SearchResultConnection")
            .field("edges", "[" + name + "SearchResultEdge!]!")
            .field("pageInfo", "PageInfo!");
    }
}

void add_project_fields(graphql::NamedType& type, State state) {
    type.field("lineage", "[LineageNode!]!", "All nodes, each with those that it depends on")
        .argument("filter", "LineageFilter")
        .resolve(lineage);
    type.field("packages", "[String!]!").argument("resource", "String").resolve(packages);
    type.field("tags", "[Tag!]!").resolve(tags);
    type.field("owners", "[Owner!]!").argument("resource", "OwnerResourceType").resolve(owners);
    type.field("resourceCounts", "JSONObject", "By dbt's resource type").resolve(resource_counts);
    type.field("searchResults", std::string(state == State::applied ? "Applied" : "Definition") +
                                    "SearchResultConnection!")
        .argument("filter", "SearchQueryFilter!")
        .argument("first", "Int", kPageMost)
        .argument("after", "String")
        .resolve([state](const Asked& asked) { return search(state, asked); });
}

}  // namespace mw::discovery
