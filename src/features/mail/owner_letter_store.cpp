#include "features/mail/owner_letter_store.hpp"

namespace mw::mail {
namespace {

// `told`: each node that an owner is told of, with the owner's address. dbt takes one address or a
// list of them.
#define MW_TOLD \
    R"(
WITH told AS (
    SELECT DISTINCT s.account_id, s.run_id, lower(e.address) AS address, n.unique_id,
           n.resource_type, n.name, n.last_status, n.last_error
    FROM (SELECT r.account_id, r.id AS run_id, r.environment_id, m.on_success, m.on_failure,
                 m.on_warning, m.on_skipped
          FROM runs r JOIN model_notifications m ON m.environment_id = r.environment_id
          WHERE r.id = $1 AND m.enabled) s
    JOIN environment_nodes n ON n.environment_id = s.environment_id AND n.last_run_id = s.run_id
     AND CASE WHEN n.last_status IN ('success', 'pass') THEN s.on_success
              WHEN n.last_status IN ('error', 'runtime error', 'fail') THEN s.on_failure
              WHEN n.last_status = 'warn' THEN s.on_warning
              WHEN n.last_status = 'skipped' THEN s.on_skipped
              ELSE false END
    CROSS JOIN LATERAL unnest(CASE WHEN n.resource_type IN ('test', 'unit_test') THEN n.parents
                                   ELSE ARRAY[n.unique_id] END) AS owned(id)
    JOIN environment_nodes m ON m.environment_id = s.environment_id AND m.unique_id = owned.id
    JOIN node_facts d ON d.environment_id = m.environment_id AND d.unique_id = m.unique_id
         AND d.digest = m.defined
    JOIN environment_nodes g ON g.environment_id = s.environment_id AND g.resource_type = 'group'
         AND g.name = coalesce(d.facts->>'group', d.facts->'config'->>'group')
    JOIN node_facts o ON o.environment_id = g.environment_id AND o.unique_id = g.unique_id
         AND o.digest = g.defined
    CROSS JOIN LATERAL jsonb_array_elements_text(
        CASE jsonb_typeof(o.facts->'owner'->'email')
            WHEN 'array' THEN o.facts->'owner'->'email'
            WHEN 'string' THEN jsonb_build_array(o.facts->'owner'->'email')
            ELSE '[]'::jsonb END) AS e(address)
    WHERE e.address <> '')
)"

// What was read late, after an upgrade or a restore, is news to nobody.
const pg::Query kAnybody{"mail.any_owner_to_tell", R"(
SELECT 1 AS one FROM runs r JOIN model_notifications m ON m.environment_id = r.environment_id
WHERE r.id = $1 AND m.enabled AND r.finished_at > now() - interval '1 day')"};

const pg::Query kTell{"mail.tell_owners", MW_TOLD R"(
INSERT INTO letters (account_id, kind, recipient, run_id)
SELECT DISTINCT account_id, 'models', address, run_id FROM told
WHERE coalesce((SELECT m.enabled FROM mail_switches m WHERE m.account_id = told.account_id), true)
ON CONFLICT DO NOTHING)"};

const pg::Query kNodes{"mail.nodes_of_owner", MW_TOLD R"(
SELECT name, resource_type, last_status AS status, last_error AS message
FROM told WHERE address = lower($2)
ORDER BY last_status IN ('success', 'pass'), resource_type, name)"};

}  // namespace

Awaitable<> tell_owners(pg::Connection& tx, Id run_id) {
    MW_CO_TRY(auto anybody, co_await tx.run(kAnybody, run_id));
    if (anybody.empty()) co_return result<>{};
    MW_CO_TRY(auto told, co_await tx.run(kTell, run_id));
    if (told.affected() > 0) MW_CO_CHECK(co_await wake_mailer(tx));
    co_return result<>{};
}

Awaitable<std::vector<TroubledNode>> nodes_of_owner(pg::Pool& pool, Id run_id,
                                                    std::string address) {
    MW_CO_TRY(auto rows, co_await pool.run(kNodes, run_id, address));
    co_return rows.all<TroubledNode>();
}

}  // namespace mw::mail
