-- Jobs that run after another job's run: written with that run's end, and made runs of by the scheduler, each once.
CREATE TABLE completion_firings (
    job_id       bigint NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
    after_run_id bigint NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    run_id       bigint REFERENCES runs (id) ON DELETE SET NULL,
    created_at   timestamptz NOT NULL DEFAULT now(),
    fired_at     timestamptz,
    PRIMARY KEY (job_id, after_run_id)
);
CREATE INDEX completion_firings_pending ON completion_firings (created_at) WHERE fired_at IS NULL;
CREATE INDEX completion_firings_by_run ON completion_firings (after_run_id);
CREATE INDEX completion_firings_by_made_run ON completion_firings (run_id) WHERE run_id IS NOT NULL;
CREATE INDEX jobs_by_completion ON jobs ((job_completion_trigger_condition #> '{condition,job_id}'))
    WHERE job_completion_trigger_condition IS NOT NULL;
