#include "features/docs_site/docs_site_store.hpp"

namespace mw::docs_site {
namespace {

const pg::Query kDocsRun{"docs_site.run_of_project", R"(
SELECT r.id AS run_id, r.job_id, j.name AS job_name, r.environment_id, r.finished_at
FROM projects p
JOIN runs r ON r.project_id = p.id AND r.status = 10 AND r.has_docs_generated
JOIN jobs j ON j.id = r.job_id AND j.state = 1
JOIN environments e ON e.id = r.environment_id
WHERE p.account_id = $1 AND p.id = $2 AND p.state = 1
  AND (p.docs_job_id IS NULL OR r.job_id = p.docs_job_id)
  AND EXISTS (SELECT 1 FROM artifacts a WHERE a.run_id = r.id AND a.path = 'index.html')
ORDER BY coalesce(e.deployment_type, '') = 'production' DESC, r.id DESC
LIMIT 1)"};

}  // namespace

Awaitable<std::optional<DocsRun>> find_docs_run(pg::Connection& connection, Id account_id,
                                                Id project_id) {
    MW_CO_TRY(auto rows, co_await connection.run(kDocsRun, account_id, project_id));
    co_return rows.first<DocsRun>();
}

}  // namespace mw::docs_site
