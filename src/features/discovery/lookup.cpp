#include "features/discovery/lookup.hpp"

#include <algorithm>

namespace mw::discovery {
namespace {

// In one statement.
constexpr std::size_t kFetchMost = 2000;

}  // namespace

const project_state::GraphNode* Graph::find(std::string_view unique_id) const {
    auto found = nodes.find(unique_id);
    return found == nodes.end() ? nullptr : &found->second;
}

Ids Graph::parents_of(std::string_view unique_id) const {
    const auto* node = find(unique_id);
    return node ? node->parents : Ids{};
}

Ids Graph::children_of(std::string_view unique_id) const {
    auto found = children.find(unique_id);
    return found == children.end() ? Ids{} : found->second;
}

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
        auto unique_id = node.unique_id;
        graph.nodes.emplace(std::move(unique_id), std::move(node));
    }
    co_return &graphs_.emplace(environment_id, std::move(graph)).first->second;
}

Awaitable<std::vector<NodeState>> Lookup::page(Id environment_id,
                                               const project_state::NodeFilter& filter,
                                               const project_state::NodePage& page) {
    MW_CO_TRY(auto connection, co_await pool_.acquire());
    MW_CO_TRY(auto nodes,
              co_await project_state::list_nodes(*connection, environment_id, filter, page));
    Ids ids;
    for (const auto& node : nodes)
        ids.push_back(node.unique_id);
    add_generation(known_[environment_id], ids);
    co_return std::move(nodes);
}

Awaitable<std::int64_t> Lookup::count(Id environment_id, const project_state::NodeFilter& filter) {
    MW_CO_TRY(auto connection, co_await pool_.acquire());
    co_return co_await project_state::count_nodes(*connection, environment_id, filter);
}

Awaitable<> Lookup::fetch(Id environment_id, const Ids& unique_ids) {
    auto& known = known_[environment_id];
    for (std::size_t from = 0; from < unique_ids.size(); from += kFetchMost) {
        auto until = std::min(from + kFetchMost, unique_ids.size());
        Ids some(unique_ids.begin() + static_cast<std::ptrdiff_t>(from),
                 unique_ids.begin() + static_cast<std::ptrdiff_t>(until));
        MW_CO_TRY(auto connection, co_await pool_.acquire());
        MW_CO_TRY(auto nodes, co_await project_state::list_nodes(
                                  *connection, environment_id, {.unique_ids = some},
                                  {.limit = static_cast<int>(some.size())}));
        for (auto& node : nodes) {
            auto unique_id = node.unique_id;
            known.nodes.insert_or_assign(std::move(unique_id), std::move(node));
        }
    }
    co_return result<>{};
}

Awaitable<std::vector<const NodeState*>> Lookup::nodes(Id environment_id, const Ids& unique_ids) {
    auto& known = known_[environment_id];
    Ids missing;
    for (const auto& id : unique_ids)
        if (!known.nodes.contains(id)) missing.push_back(id);
    MW_CO_CHECK(co_await fetch(environment_id, missing));
    std::vector<const NodeState*> found;
    for (const auto& id : unique_ids)
        if (auto node = known.nodes.find(id); node != known.nodes.end())
            found.push_back(&node->second);
    co_return found;
}

void Lookup::add_generation(Known& known, const Ids& unique_ids) {
    Ids fresh;
    for (const auto& id : unique_ids)
        if (known.generation_of.emplace(id, known.generations.size()).second) fresh.push_back(id);
    if (!fresh.empty()) known.generations.push_back(std::move(fresh));
}

Awaitable<std::vector<const NodeState*>> Lookup::related(
    Id environment_id, const std::string& unique_id, const std::string& relation,
    const std::function<Ids(const std::string&)>& follow) {
    auto& known = known_[environment_id];
    auto generation = known.generation_of.find(unique_id);
    if (generation != known.generation_of.end() &&
        known.followed.emplace(generation->second, relation).second) {
        std::set<std::string> all;
        for (const auto& id : known.generations[generation->second])
            for (auto& other : follow(id))
                all.insert(std::move(other));
        Ids ids(all.begin(), all.end());
        add_generation(known, ids);
        std::erase_if(ids, [&](const std::string& id) { return known.nodes.contains(id); });
        MW_CO_CHECK(co_await fetch(environment_id, ids));
    }
    co_return co_await nodes(environment_id, follow(unique_id));
}

}  // namespace mw::discovery
