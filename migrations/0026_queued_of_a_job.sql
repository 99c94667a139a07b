-- What waits of a job is looked for with each run that is made; of an account, runs_by_status has it.
DROP INDEX runs_queued;
CREATE INDEX runs_queued ON runs (job_id, id) WHERE status = 1;
