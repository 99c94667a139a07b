// What one request to the Discovery API looks up: in the database, each thing once.
// Thread: the io thread.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "api/api.hpp"
#include "features/project_state/node_state_store.hpp"
#include "features/project_state/run_snapshot.hpp"
#include "graphql/schema/schema.hpp"

namespace mw::discovery {

namespace json = boost::json;

template <class T = void>
using Awaitable = boost::asio::awaitable<result<T>>;

using Ids = std::vector<std::string>;
using project_state::NodeState;

// Who stands above and below whom in an environment.
struct Graph {
    std::map<std::string, Ids, std::less<>> children;
    std::map<std::string, project_state::GraphNode, std::less<>> nodes;

    // None for what is not there.
    const project_state::GraphNode* find(std::string_view unique_id) const;
    Ids parents_of(std::string_view unique_id) const;
    Ids children_of(std::string_view unique_id) const;
};

// Nodes of an environment that were looked up, and through which others they were come to: those of
// one step of a request are a generation.
struct Known {
    std::map<std::string, NodeState, std::less<>> nodes;
    std::map<std::string, std::size_t, std::less<>> generation_of;
    std::vector<Ids> generations;
    std::set<std::pair<std::size_t, std::string>> followed;
};

class Lookup final : public graphql::Context {
  public:
    Lookup(pg::Pool& pool, project_state::RunSnapshots& snapshots, const api::Call& call)
        : pool_(pool), snapshots_(snapshots), call_(call) {}

    // not_found when the caller may not see it.
    Awaitable<project_state::EnvironmentState> environment(Id id);
    Awaitable<const Graph*> graph(Id environment_id);
    // One page; they are a generation.
    Awaitable<std::vector<NodeState>> page(Id environment_id,
                                           const project_state::NodeFilter& filter,
                                           const project_state::NodePage& page);
    Awaitable<std::int64_t> count(Id environment_id, const project_state::NodeFilter& filter);
    // These, in their order; what there is not is left out.
    Awaitable<std::vector<const NodeState*>> nodes(Id environment_id, const Ids& unique_ids);
    // Those to which `follow` leads from a node. `relation` names it: whoever asks one node of a
    // generation for it asks the others, too, so it is followed from all of them at once.
    Awaitable<std::vector<const NodeState*>> related(
        Id environment_id, const std::string& unique_id, const std::string& relation,
        const std::function<Ids(const std::string&)>& follow);

    // A connection, for what is asked once.
    Awaitable<pg::Pool::Lease> connection() { return pool_.acquire(); }
    project_state::RunSnapshots& snapshots() { return snapshots_; }
    const api::Call& call() const { return call_; }

  private:
    Awaitable<> fetch(Id environment_id, const Ids& unique_ids);
    void add_generation(Known& known, const Ids& unique_ids);

    pg::Pool& pool_;
    project_state::RunSnapshots& snapshots_;
    const api::Call& call_;
    std::map<Id, project_state::EnvironmentState> environments_;
    std::map<Id, Graph> graphs_;
    std::map<Id, Known> known_;
};

}  // namespace mw::discovery
