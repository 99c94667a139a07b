#include "features/discovery/node_lists.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json/serialize.hpp>

#include "base/json_text.hpp"

namespace mw::discovery {
namespace {

using graphql::Asked;
using project_state::NodeFilter;

NodeFilter filter_of(const json::object& arguments, const Kind* kind, State state) {
    NodeFilter filter{.executed = state == State::applied && kind && kind->executes};
    if (kind) filter.resource_types = {kind->resource_type};
    if (!kind)
        for (const auto& each : kinds())
            if (each.has_lineage) filter.resource_types.emplace_back(each.resource_type);
    const auto* given = arguments.if_contains("filter");
    if (!given || !given->is_object()) return filter;
    const auto& object = given->get_object();
    if (auto types = types_of(object, "types"); !types.empty()) filter.resource_types = types;
    filter.unique_ids = texts_of(object, "uniqueIds");
    filter.tags = texts_of(object, "tags");
    filter.package_name = text_of(object, "packageName");
    filter.database = text_of(object, "database");
    filter.schema = text_of(object, "schema");
    filter.identifier = text_of(object, "identifier");
    filter.access = text_of(object, "access");
    filter.group = text_of(object, "group");
    filter.freshness_status = text_of(object, "freshnessStatus");
    filter.source_names = texts_of(object, "sourceNames");
    filter.modeling_layer = text_of(object, "modelingLayer");
    filter.materialized = text_of(object, "materializationType");
    if (const auto* checked = object.if_contains("freshnessChecked"); checked && checked->is_bool())
        filter.freshness_checked = checked->get_bool();
    filter.last_status = text_of(object, object.contains("status") ? "status" : "lastRunStatus");
    return filter;
}

// What totalCount needs, should it be asked for.
json::object asked_of(const Asked& asked, const Kind* kind, State state) {
    json::object kept{{"environmentId", environment_of(asked.parent)},
                      {"kind", kind ? kind->resource_type : ""},
                      {"applied", state == State::applied}};
    if (const auto* filter = asked.arguments.if_contains("filter")) kept["filter"] = *filter;
    return kept;
}

// Of one kind, or of all that have a place in the graph.
Answer list_page(const Kind* kind, State state, const Asked& asked) {
    auto& lookup = dynamic_cast<Lookup&>(asked.context);
    MW_CO_TRY(auto most, page_size_of(asked.arguments));
    MW_CO_TRY(auto environment, co_await lookup.environment(environment_of(asked.parent)));
    auto after = text_of(asked.arguments, "after");
    MW_CO_TRY(auto nodes, co_await lookup.page(environment.environment_id,
                                               filter_of(asked.arguments, kind, state),
                                               {.after = after, .limit = most + 1}));
    bool more = nodes.size() > static_cast<std::size_t>(most);
    if (more) nodes.pop_back();
    json::array edges;
    for (const auto& node : nodes)
        if (const auto* own = kind ? kind : kind_of(node.resource_type))
            edges.push_back(
                {{"cursor", node.unique_id}, {"node", to_json(environment, node, *own, state)}});
    auto page = page_info(edges, more, !after.empty());
    co_return json::value{{"edges", std::move(edges)},
                          {"pageInfo", std::move(page)},
                          {"asked", asked_of(asked, kind, state)}};
}

Answer count_all(const Asked& asked) {
    auto& lookup = dynamic_cast<Lookup&>(asked.context);
    const auto& kept = asked.parent.at("asked").as_object();
    const auto* kind = kind_of(kept.at("kind").as_string());
    auto state = kept.at("applied").as_bool() ? State::applied : State::defined;
    MW_CO_TRY(auto count, co_await lookup.count(environment_of(asked.parent.at("asked")),
                                                filter_of(kept, kind, state)));
    co_return json::value(count);
}

// Which of them, by whether it is a test.
Ids only_tests(const Graph& graph, Ids ids, bool tests) {
    std::erase_if(ids, [&](const std::string& id) {
        const auto* node = graph.find(id);
        return !node || (node->resource_type == "test") != tests;
    });
    return ids;
}

Ids all_above(const Graph& graph, const std::string& unique_id) {
    std::set<std::string> seen;
    Ids open = graph.parents_of(unique_id);
    while (!open.empty()) {
        auto id = std::move(open.back());
        open.pop_back();
        if (!seen.insert(id).second) continue;
        for (auto& parent : graph.parents_of(id))
            open.push_back(std::move(parent));
    }
    return {seen.begin(), seen.end()};
}

// "Model" as the argument names it, "model" as dbt does.
Ids of_types(const Graph& graph, Ids ids, const json::object& arguments) {
    auto wanted = texts_of(arguments, "types");
    if (wanted.empty()) return ids;
    std::erase_if(ids, [&](const std::string& id) {
        const auto* node = graph.find(id);
        const auto* kind = node ? kind_of(node->resource_type) : nullptr;
        return !kind || std::ranges::find(wanted, kind->type_prefix) == wanted.end();
    });
    return ids;
}

// Whether no more is wanted of the nodes than the graph itself knows.
bool names_suffice(const std::vector<const graphql::Field*>& fields) {
    constexpr auto kKnown =
        std::to_array<std::string_view>({"uniqueId", "name", "resourceType", "__typename"});
    auto known = [&](const graphql::Selection& selection) {
        const auto* field = std::get_if<graphql::Field>(&selection.is);
        return field && std::ranges::find(kKnown, field->name) != kKnown.end();
    };
    return std::ranges::all_of(fields, [&](const graphql::Field* field) {
        return std::ranges::all_of(field->selections, known);
    });
}

json::array named(const Graph& graph, const Ids& ids, State state) {
    json::array shown;
    for (const auto& id : ids) {
        const auto* node = graph.find(id);
        const auto* kind = node ? kind_of(node->resource_type) : nullptr;
        if (kind)
            shown.push_back({{"__typename", type_name(*kind, state)},
                             {"uniqueId", node->unique_id},
                             {"name", node->name},
                             {"resourceType", node->resource_type}});
    }
    return shown;
}

// In the order of their ids.
template <class Choose>
graphql::Resolver related(const char* relation, State state, Choose choose) {
    return [relation, state, choose](const Asked& asked) -> Answer {
        auto& lookup = dynamic_cast<Lookup&>(asked.context);
        auto environment_id = environment_of(asked.parent);
        MW_CO_TRY(const auto* graph, co_await lookup.graph(environment_id));
        std::string unique_id(asked.parent.at("uniqueId").as_string());
        std::function<Ids(const std::string&)> follow = [&](const std::string& id) {
            auto ids = choose(*graph, id, asked.arguments);
            std::ranges::sort(ids);
            return ids;
        };
        if (names_suffice(asked.fields)) co_return named(*graph, follow(unique_id), state);
        MW_CO_TRY(auto environment, co_await lookup.environment(environment_id));
        auto name = relation + json::serialize(asked.arguments);
        MW_CO_TRY(auto nodes, co_await lookup.related(environment_id, unique_id, name, follow));
        json::array shown;
        for (const auto* node : nodes)
            if (const auto* kind = kind_of(node->resource_type))
                shown.push_back(to_json(environment, *node, *kind, state));
        co_return shown;
    };
}

}  // namespace

Id environment_of(const json::value& parent) {
    return parent.at("environmentId").to_number<Id>();
}

std::vector<std::string> texts_of(const json::object& object, std::string_view name) {
    std::vector<std::string> texts;
    const auto* value = object.if_contains(name);
    if (!value || !value->is_array()) return texts;
    for (const auto& entry : value->get_array())
        if (const auto* text = entry.if_string()) texts.emplace_back(*text);
    return texts;
}

result<int> page_size_of(const json::object& arguments) {
    const auto* first = arguments.if_contains("first");
    auto most = first && first->is_number() ? first->to_number<int>() : kPageMost;
    if (most >= 1 && most <= kPageMost) return most;
    return fail(Errc::invalid_argument, fmt::format("\"first\" must be from 1 to {}.", kPageMost));
}

json::object page_info(const json::array& edges, bool more, bool has_before) {
    json::object page{{"startCursor", nullptr},
                      {"endCursor", nullptr},
                      {"hasNextPage", more},
                      {"hasPreviousPage", has_before}};
    if (edges.empty()) return page;
    page["startCursor"] = edges.front().at("cursor");
    page["endCursor"] = edges.back().at("cursor");
    return page;
}

std::vector<std::string> types_of(const json::object& object, std::string_view name) {
    std::vector<std::string> types;
    for (const auto& text : texts_of(object, name))
        if (const auto* kind = kind_named(text)) types.emplace_back(kind->resource_type);
    return types;
}

graphql::Resolver list_of(const Kind& kind, State state) {
    return [&kind, state](const Asked& asked) { return list_page(&kind, state, asked); };
}

graphql::Resolver list_of_all(State state) {
    return [state](const Asked& asked) { return list_page(nullptr, state, asked); };
}

graphql::Resolver models_of_group() {
    return [](const Asked& asked) -> Answer {
        auto& lookup = dynamic_cast<Lookup&>(asked.context);
        MW_CO_TRY(auto environment, co_await lookup.environment(environment_of(asked.parent)));
        NodeFilter filter{.resource_types = {"model"},
                          .group = std::string(asked.parent.at("name").as_string())};
        MW_CO_TRY(auto nodes,
                  co_await lookup.page(environment.environment_id, filter, {.limit = kPageMost}));
        json::array shown;
        for (const auto& node : nodes)
            shown.push_back(to_json(environment, node, *kind_of("model"), State::defined));
        co_return shown;
    };
}

graphql::Resolver total_count() {
    return count_all;
}

graphql::Resolver parents_of(State state) {
    return related("parents", state,
                   [](const Graph& graph, const std::string& id, const json::object&) {
                       return graph.parents_of(id);
                   });
}

graphql::Resolver children_of(State state) {
    return related("children", state,
                   [](const Graph& graph, const std::string& id, const json::object&) {
                       return only_tests(graph, graph.children_of(id), false);
                   });
}

graphql::Resolver tests_of(State state) {
    return related("tests", state,
                   [](const Graph& graph, const std::string& id, const json::object&) {
                       return only_tests(graph, graph.children_of(id), true);
                   });
}

graphql::Resolver ancestors_of(State state) {
    return related("ancestors", state,
                   [](const Graph& graph, const std::string& id, const json::object& arguments) {
                       return of_types(graph, all_above(graph, id), arguments);
                   });
}

}  // namespace mw::discovery
