// The comparison of a run: for pages, and for whoever tells others of the run.
#pragma once

#include <optional>

#include "api/api.hpp"
#include "dbt/comparison.hpp"
#include "infra/pg/pool.hpp"
#include "infra/store/object_store.hpp"

namespace mw::compare_changes {

// Empty when the run has left none, or one that cannot be read. No connection is held while the
// object store is asked.
boost::asio::awaitable<result<std::optional<dbt::Comparison>>> comparison_of_run(
    pg::Pool& pool, store::ObjectStore& objects, Id account_id, Id run_id);

void add_comparison_endpoint(api::Api& api, pg::Pool& pool, store::ObjectStore& objects);

}  // namespace mw::compare_changes
