// Lists of nodes: page by page, and by their place in the graph.
#pragma once

#include "features/discovery/lookup.hpp"
#include "features/discovery/node_fields.hpp"

namespace mw::discovery {

inline constexpr int kPageMost = 500;

using Answer = boost::asio::awaitable<result<json::value>>;

// What the resolvers of this folder read from arguments and parents.
Id environment_of(const json::value& parent);
std::vector<std::string> texts_of(const json::object& object, std::string_view name);
// dbt's resource types of ["Model", …]; unknown ones are left out.
std::vector<std::string> types_of(const json::object& object, std::string_view name);
// Of "first".
result<int> page_size_of(const json::object& arguments);
// Of edges with cursors.
json::object page_info(const json::array& edges, bool more, bool has_before);

// A connection: of a state's parent with its environmentId.
graphql::Resolver list_of(const Kind& kind, State state);
// The same of all kinds that have a place in the graph, or of those that the filter names.
graphql::Resolver list_of_all(State state);
graphql::Resolver models_of_group();
// Counted when it is asked for alone.
graphql::Resolver total_count();

// Of a node. Those of kinds that the API does not show are left out.
graphql::Resolver parents_of(State state);
graphql::Resolver children_of(State state);
graphql::Resolver tests_of(State state);
// All above, however far.
graphql::Resolver ancestors_of(State state);

}  // namespace mw::discovery
