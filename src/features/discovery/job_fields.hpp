// What a job's run knew: `job(id, runId) { models … }`, and the same of old by queries of their
// own: `models(jobId, runId)`.
#pragma once

#include "features/discovery/run_nodes.hpp"

namespace mw::discovery {

// The type Job, and the fields of the query.
void add_job_fields(graphql::Schema& schema, graphql::NamedType& query);

}  // namespace mw::discovery
