// What is known of nodes, for whoever asks.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "features/project_state/node_state.hpp"
#include "infra/pg/pool.hpp"

namespace mw::project_state {

// Of one kind, by unique id, from the one that follows `after` (empty: from the first).
boost::asio::awaitable<result<std::vector<NodeState>>> list_nodes(pg::Connection& connection,
                                                                  Id environment_id,
                                                                  std::string_view resource_type,
                                                                  std::string_view after,
                                                                  int limit);

}  // namespace mw::project_state
