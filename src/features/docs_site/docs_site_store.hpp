// Which run's documentation is a project's.
#pragma once

#include <boost/describe.hpp>
#include <optional>
#include <string>

#include "base/time.hpp"
#include "features/artifacts/artifact_store.hpp"

namespace mw::docs_site {

using artifacts::Awaitable;

struct DocsRun {
    Id run_id = 0;
    Id job_id = 0;
    std::string job_name;
    Id environment_id = 0;
    Timestamp finished_at;
};
BOOST_DESCRIBE_STRUCT(DocsRun, (), (run_id, job_id, job_name, environment_id, finished_at))

// The newest good run that has made a page, of the job that the project names for it (contract,
// docs_job_id); if it names none, of production's jobs before any other's.
Awaitable<std::optional<DocsRun>> find_docs_run(pg::Connection& connection, Id account_id,
                                                Id project_id);

}  // namespace mw::docs_site
