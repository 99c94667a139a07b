#include "features/discovery/lookup.hpp"

namespace mw::discovery {

Awaitable<project_state::EnvironmentState> Lookup::environment(Id id) {
    if (auto known = environments_.find(id); known != environments_.end()) co_return known->second;
    MW_CO_TRY(auto connection, co_await pool_.acquire());
    MW_CO_TRY(auto found, co_await project_state::find_state(*connection, call_.account_id, id));
    if (!found || !call_.permit(found->project_id))
        co_return fail(Errc::not_found,
                       "There is no environment with this id that this token "
                       "may see.");
    environments_.emplace(id, *found);
    co_return std::move(*found);
}

Awaitable<const Graph*> Lookup::graph(Id environment_id) {
    if (auto known = graphs_.find(environment_id); known != graphs_.end()) co_return &known->second;
    MW_CO_TRY(auto connection, co_await pool_.acquire());
    MW_CO_TRY(auto nodes, co_await project_state::list_graph(*connection, environment_id));
    Graph graph;
    for (auto& node : nodes) {
        for (const auto& parent : node.parents)
            graph.children[parent].push_back(node.unique_id);
        graph.types.emplace(node.unique_id, std::move(node.resource_type));
        graph.parents.emplace(std::move(node.unique_id), std::move(node.parents));
    }
    co_return &graphs_.emplace(environment_id, std::move(graph)).first->second;
}

Awaitable<std::vector<project_state::NodeState>> Lookup::nodes(
    Id environment_id, const project_state::NodeFilter& filter,
    const project_state::NodePage& page) {
    MW_CO_TRY(auto connection, co_await pool_.acquire());
    co_return co_await project_state::list_nodes(*connection, environment_id, filter, page);
}

Awaitable<std::int64_t> Lookup::count(Id environment_id, const project_state::NodeFilter& filter) {
    MW_CO_TRY(auto connection, co_await pool_.acquire());
    co_return co_await project_state::count_nodes(*connection, environment_id, filter);
}

}  // namespace mw::discovery
