// The appliance's own PostgreSQL: its data folder checked or made, its server as a supervised
// role. Errors: one sentence each; a foreign folder is left as it was.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/thread_pool.hpp>
#include <deque>
#include <string>

#include "base/error.hpp"
#include "base/layout.hpp"
#include "infra/pg_server/cluster.hpp"
#include "roles/supervisor/service_child.hpp"

namespace mw::supervisor {

// The cluster in the data folder, run as the user of this process.
pg_server::Cluster embedded_cluster(const Layout& layout, const Settings& settings);

// Checks programs and folder, and makes the folder at the first start.
boost::asio::awaitable<result<>> prepare_cluster(pg_server::Cluster cluster);

// The supervised server. `blocking` must outlive it.
ServiceSpec postgres_service(pg_server::Cluster cluster, boost::asio::thread_pool& blocking);

// The words of a server that cannot start only because processes of its predecessor, which was
// killed, are still ending.
bool predecessor_still_ends(const std::deque<std::string>& last_lines);

}  // namespace mw::supervisor
