// What one request to the Discovery API looks up: in the database, each thing once.
// Thread: the io thread.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "api/api.hpp"
#include "features/project_state/node_state_store.hpp"
#include "graphql/schema/schema.hpp"

namespace mw::discovery {

namespace json = boost::json;

template <class T = void>
using Awaitable = boost::asio::awaitable<result<T>>;

// Who stands above and below whom in an environment.
struct Graph {
    std::map<std::string, std::vector<std::string>, std::less<>> parents;
    std::map<std::string, std::vector<std::string>, std::less<>> children;
    std::map<std::string, std::string, std::less<>> types;
};

class Lookup final : public graphql::Context {
  public:
    Lookup(pg::Pool& pool, const api::Call& call) : pool_(pool), call_(call) {}

    // not_found when the caller may not see it.
    Awaitable<project_state::EnvironmentState> environment(Id id);
    Awaitable<const Graph*> graph(Id environment_id);
    Awaitable<std::vector<project_state::NodeState>> nodes(Id environment_id,
                                                           const project_state::NodeFilter& filter,
                                                           const project_state::NodePage& page);
    Awaitable<std::int64_t> count(Id environment_id, const project_state::NodeFilter& filter);

  private:
    pg::Pool& pool_;
    const api::Call& call_;
    std::map<Id, project_state::EnvironmentState> environments_;
    std::map<Id, Graph> graphs_;
};

}  // namespace mw::discovery
