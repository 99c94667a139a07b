#include "features/runs/follower_store.hpp"

namespace mw::runs {
namespace {

const pg::Query kNote{"runs.note_followers", R"(
INSERT INTO completion_firings (job_id, after_run_id)
SELECT j.id, $3 FROM jobs j
WHERE j.account_id = $1 AND j.state = 1 AND j.job_completion_trigger_condition IS NOT NULL
  AND j.job_completion_trigger_condition #> '{condition,job_id}' = to_jsonb($2::bigint)
  AND j.job_completion_trigger_condition #> '{condition,statuses}' @> to_jsonb($4::integer)
ON CONFLICT DO NOTHING)"};
const pg::Query kWake{"runs.wake_for_followers", "SELECT pg_notify('job_schedule', '')"};

}  // namespace

Awaitable<> note_followers(pg::Connection& tx, Id account_id, Id job_id, Id run_id, Status status) {
    MW_CO_TRY(auto noted,
              co_await tx.run(kNote, account_id, job_id, run_id, static_cast<int>(status)));
    if (noted.affected() > 0) MW_CO_CHECK(co_await tx.run(kWake));
    co_return result<>{};
}

}  // namespace mw::runs
