-- What came of each node in each run, for questions about time: see features/history. Outlives the
-- runs, so nothing refers to them.
CREATE TABLE node_results (
    account_id           bigint NOT NULL,
    project_id           bigint NOT NULL,
    environment_id       bigint NOT NULL,
    job_id               bigint NOT NULL,
    run_id               bigint NOT NULL,
    is_ci                boolean NOT NULL,
    git_sha              text,
    step_index           integer NOT NULL,
    generated_at         timestamptz NOT NULL,
    run_elapsed_time     double precision,
    full_refresh         boolean NOT NULL DEFAULT false,
    unique_id            text NOT NULL,
    resource_type        text NOT NULL,
    name                 text NOT NULL,
    status               text NOT NULL,
    message              text,
    execution_time       double precision,
    failures             bigint,
    rows_affected        bigint,
    bytes_processed      bigint,
    slot_ms              bigint,
    execute_started_at   timestamptz,
    execute_completed_at timestamptz,
    PRIMARY KEY (run_id, step_index, unique_id, generated_at)
) PARTITION BY RANGE (generated_at);
CREATE INDEX node_results_of_node ON node_results (environment_id, unique_id, generated_at DESC);
CREATE TABLE node_results_default PARTITION OF node_results DEFAULT;

-- A month each; the cleaner makes those to come.
DO $$
DECLARE month date;
BEGIN
    FOR month IN
        SELECT generate_series(date_trunc('month', coalesce(min(finished_at), now())),
                               now() + interval '1 month', interval '1 month')::date
        FROM runs
    LOOP
        EXECUTE format('CREATE TABLE %I PARTITION OF node_results FOR VALUES FROM (%L) TO (%L)',
                       'node_results_' || to_char(month, 'YYYYMM'), month,
                       (month + interval '1 month')::date);
    END LOOP;
END $$;

-- What was seen of nodes while runs went on stands in for what their artifacts said.
INSERT INTO node_results (account_id, project_id, environment_id, job_id, run_id, is_ci, git_sha,
                          step_index, generated_at, unique_id, resource_type, name, status, message,
                          execution_time, execute_started_at, execute_completed_at)
SELECT r.account_id, r.project_id, r.environment_id, r.job_id, r.id, r.is_ci, r.git_sha,
       n.step_index, coalesce(n.finished_at, r.finished_at), n.unique_id, n.resource_type, n.name,
       n.status, n.message, n.execution_time, n.started_at, n.finished_at
FROM run_nodes n JOIN runs r ON r.id = n.run_id
WHERE r.finished_at IS NOT NULL AND n.status <> 'started'
  AND NOT EXISTS (SELECT 1 FROM pending_ingestions p WHERE p.run_id = r.id);
