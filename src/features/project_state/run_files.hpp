// The files that a run left for whoever reads its artifacts.
#pragma once

#include "features/project_state/prepared.hpp"
#include "infra/pg/pool.hpp"
#include "infra/store/object_store.hpp"

namespace mw::project_state {

enum class Wanted { all, results };

// not_found when the run left no manifest.
boost::asio::awaitable<result<Files>> read_files(pg::Pool& pool, store::ObjectStore& objects,
                                                 Id account_id, Id run_id, Wanted wanted);

}  // namespace mw::project_state
