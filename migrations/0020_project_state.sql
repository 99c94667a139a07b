-- What a project is made of in each environment, and what came of each part of it there: read from
-- the artifacts of runs.

-- Finished runs whose artifacts are still to be read.
CREATE TABLE pending_ingestions (
    run_id      bigint PRIMARY KEY REFERENCES runs (id) ON DELETE CASCADE,
    attempts    integer NOT NULL DEFAULT 0,
    next_try_at timestamptz NOT NULL DEFAULT now(),
    -- By somebody who reads them, and who may have died since.
    taken_until timestamptz
);
CREATE INDEX pending_ingestions_due ON pending_ingestions (next_try_at);

-- The latest manifest of an environment.
CREATE TABLE environment_states (
    environment_id bigint PRIMARY KEY REFERENCES environments (id) ON DELETE CASCADE,
    run_id         bigint,
    job_id         bigint,
    generated_at   timestamptz NOT NULL DEFAULT '-infinity',
    dbt_version    text NOT NULL DEFAULT '',
    project_name   text NOT NULL DEFAULT '',
    adapter_type   text NOT NULL DEFAULT ''
);

CREATE TABLE environment_nodes (
    environment_id       bigint NOT NULL REFERENCES environment_states ON DELETE CASCADE,
    unique_id            text NOT NULL,
    resource_type        text NOT NULL,
    name                 text NOT NULL,
    parents              text[] NOT NULL,
    -- Which of node_facts: as the latest manifest has it, and as it was when it was last built.
    defined              text NOT NULL,
    applied              text,
    compiled_code        text,
    compiled_digest      text,
    -- Of the last run that came to it, and of the last in which it succeeded.
    last_run_id          bigint,
    last_job_id          bigint,
    last_status          text,
    last_error           text,
    last_generated_at    timestamptz,
    run_elapsed_time     double precision,
    execution_time       double precision,
    failures             bigint,
    compile_started_at   timestamptz,
    compile_completed_at timestamptz,
    execute_started_at   timestamptz,
    execute_completed_at timestamptz,
    success_run_id       bigint,
    success_job_id       bigint,
    success_generated_at timestamptz,
    PRIMARY KEY (environment_id, unique_id)
);
CREATE INDEX environment_nodes_by_type
    ON environment_nodes (environment_id, resource_type, unique_id);

-- A node's part of a manifest, kept once for as long as something of the above names it.
CREATE TABLE node_facts (
    environment_id bigint NOT NULL,
    unique_id      text NOT NULL,
    digest         text NOT NULL,
    facts          jsonb NOT NULL,
    PRIMARY KEY (environment_id, unique_id, digest),
    FOREIGN KEY (environment_id, unique_id) REFERENCES environment_nodes ON DELETE CASCADE
);

-- What installations ran before this was kept, as far as it is recent.
INSERT INTO pending_ingestions (run_id)
SELECT id FROM runs
WHERE finished_at > now() - interval '30 days' AND artifacts_saved AND NOT is_ci;
