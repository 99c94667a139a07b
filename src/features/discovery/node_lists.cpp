#include "features/discovery/node_lists.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/json_text.hpp"

namespace mw::discovery {
namespace {

using graphql::Asked;
using project_state::NodeFilter;
using project_state::NodeState;
using Answer = boost::asio::awaitable<result<json::value>>;
using Ids = std::vector<std::string>;

Ids texts_of(const json::object& object, std::string_view name) {
    Ids texts;
    const auto* value = object.if_contains(name);
    if (!value || !value->is_array()) return texts;
    for (const auto& entry : value->get_array())
        texts.emplace_back(entry.get_string());
    return texts;
}

NodeFilter filter_of(const json::object& arguments, const Kind& kind, State state) {
    NodeFilter filter{.resource_types = {kind.resource_type},
                      .executed = state == State::applied && kind.executes};
    const auto* given = arguments.if_contains("filter");
    if (!given || !given->is_object()) return filter;
    const auto& object = given->get_object();
    filter.unique_ids = texts_of(object, "uniqueIds");
    filter.tags = texts_of(object, "tags");
    filter.package_name = text_of(object, "packageName");
    filter.database = text_of(object, "database");
    filter.schema = text_of(object, "schema");
    filter.identifier = text_of(object, "identifier");
    filter.last_status =
        text_of(object, kind.executes && object.contains("status") ? "status" : "lastRunStatus");
    return filter;
}

Id environment_of(const json::value& parent) {
    return parent.at("environmentId").to_number<Id>();
}

// What totalCount needs, should it be asked for.
json::object asked_of(const Asked& asked, const Kind& kind, State state) {
    json::object kept{{"environmentId", environment_of(asked.parent)},
                      {"kind", kind.resource_type},
                      {"applied", state == State::applied}};
    if (const auto* filter = asked.arguments.if_contains("filter")) kept["filter"] = *filter;
    return kept;
}

Answer list_page(const Kind& kind, State state, const Asked& asked) {
    auto& lookup = dynamic_cast<Lookup&>(asked.context);
    const auto* first = asked.arguments.if_contains("first");
    auto most = first && first->is_number() ? first->to_number<int>() : kPageMost;
    if (most < 1 || most > kPageMost)
        co_return fail(Errc::invalid_argument,
                       fmt::format("\"first\" must be from 1 to {}.", kPageMost));
    MW_CO_TRY(auto environment, co_await lookup.environment(environment_of(asked.parent)));
    auto after = text_of(asked.arguments, "after");
    MW_CO_TRY(auto nodes, co_await lookup.nodes(environment.environment_id,
                                                filter_of(asked.arguments, kind, state),
                                                {.after = after, .limit = most + 1}));
    bool more = nodes.size() > static_cast<std::size_t>(most);
    if (more) nodes.pop_back();
    json::array edges;
    for (const auto& node : nodes)
        edges.push_back(
            {{"cursor", node.unique_id}, {"node", to_json(environment, node, kind, state)}});
    json::object page{{"startCursor", nullptr},
                      {"endCursor", nullptr},
                      {"hasNextPage", more},
                      {"hasPreviousPage", !after.empty()}};
    if (!nodes.empty()) {
        page["startCursor"] = nodes.front().unique_id;
        page["endCursor"] = nodes.back().unique_id;
    }
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
                                                filter_of(kept, *kind, state)));
    co_return json::value(count);
}

// In the order of their ids, which is that of the database.
Answer nodes_of(Lookup& lookup, Id environment_id, const Ids& ids, State state) {
    json::array shown;
    if (ids.empty()) co_return shown;
    MW_CO_TRY(auto environment, co_await lookup.environment(environment_id));
    MW_CO_TRY(auto nodes, co_await lookup.nodes(environment_id, {.unique_ids = ids},
                                                {.limit = static_cast<int>(ids.size())}));
    for (const auto& node : nodes)
        if (const auto* kind = kind_of(node.resource_type))
            shown.push_back(to_json(environment, node, *kind, state));
    co_return shown;
}

Ids near(const std::map<std::string, Ids, std::less<>>& edges, std::string_view unique_id) {
    auto found = edges.find(unique_id);
    return found == edges.end() ? Ids{} : found->second;
}

// Which of them, by whether it is a test.
Ids only_tests(const Graph& graph, Ids ids, bool tests) {
    std::erase_if(ids, [&](const std::string& id) {
        auto type = graph.types.find(id);
        return type == graph.types.end() || (type->second == "test") != tests;
    });
    return ids;
}

Ids all_above(const Graph& graph, const std::string& unique_id) {
    std::set<std::string> seen;
    Ids open = near(graph.parents, unique_id);
    while (!open.empty()) {
        auto id = std::move(open.back());
        open.pop_back();
        if (!seen.insert(id).second) continue;
        for (auto& parent : near(graph.parents, id))
            open.push_back(std::move(parent));
    }
    return {seen.begin(), seen.end()};
}

// "Model" as the argument names it, "model" as dbt does.
Ids of_types(const Graph& graph, Ids ids, const json::object& arguments) {
    auto wanted = texts_of(arguments, "types");
    if (wanted.empty()) return ids;
    std::erase_if(ids, [&](const std::string& id) {
        auto type = graph.types.find(id);
        const auto* kind = type == graph.types.end() ? nullptr : kind_of(type->second);
        return !kind || std::ranges::find(wanted, kind->type_prefix) == wanted.end();
    });
    return ids;
}

template <class Choose>
graphql::Resolver related(State state, Choose choose) {
    return [state, choose](const Asked& asked) -> Answer {
        auto& lookup = dynamic_cast<Lookup&>(asked.context);
        auto environment_id = environment_of(asked.parent);
        MW_CO_TRY(const auto* graph, co_await lookup.graph(environment_id));
        auto ids =
            choose(*graph, std::string(asked.parent.at("uniqueId").as_string()), asked.arguments);
        co_return co_await nodes_of(lookup, environment_id, ids, state);
    };
}

}  // namespace

graphql::Resolver list_of(const Kind& kind, State state) {
    return [&kind, state](const Asked& asked) { return list_page(kind, state, asked); };
}

graphql::Resolver total_count() {
    return count_all;
}

graphql::Resolver parents_of(State state) {
    return related(state, [](const Graph& graph, const std::string& id, const json::object&) {
        return near(graph.parents, id);
    });
}

graphql::Resolver children_of(State state) {
    return related(state, [](const Graph& graph, const std::string& id, const json::object&) {
        return only_tests(graph, near(graph.children, id), false);
    });
}

graphql::Resolver tests_of(State state) {
    return related(state, [](const Graph& graph, const std::string& id, const json::object&) {
        return only_tests(graph, near(graph.children, id), true);
    });
}

graphql::Resolver ancestors_of(State state) {
    return related(state,
                   [](const Graph& graph, const std::string& id, const json::object& arguments) {
                       return of_types(graph, all_above(graph, id), arguments);
                   });
}

}  // namespace mw::discovery
