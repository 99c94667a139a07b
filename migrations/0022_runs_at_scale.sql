-- What keeps lists of runs quick when there are a million of them.

-- How many runs there are, so that a list's total need not be counted: by status, for each account
-- (level 0), project (1), environment (2) and job (3). What a level does not tell apart is 0.
CREATE TABLE run_counts (
    level          integer NOT NULL,
    account_id     bigint NOT NULL,
    project_id     bigint NOT NULL DEFAULT 0,
    environment_id bigint NOT NULL DEFAULT 0,
    job_id         bigint NOT NULL DEFAULT 0,
    status         integer NOT NULL,
    total          bigint NOT NULL,
    PRIMARY KEY (level, account_id, job_id, environment_id, project_id, status)
);
-- What has changed since, written with the run itself and without waiting for other runs; the
-- cleaner adds it to the counts. A total is the sum of both.
CREATE TABLE run_count_changes (
    id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    account_id     bigint NOT NULL,
    project_id     bigint NOT NULL,
    environment_id bigint NOT NULL,
    job_id         bigint NOT NULL,
    status         integer NOT NULL,
    change         integer NOT NULL
);

-- Small and always changing: what was added to the counts is cleared away soon.
ALTER TABLE run_count_changes
    SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);

CREATE FUNCTION note_run_counts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        INSERT INTO run_count_changes (account_id, project_id, environment_id, job_id, status, change)
        VALUES (OLD.account_id, OLD.project_id, OLD.environment_id, OLD.job_id, OLD.status, -1);
    END IF;
    IF TG_OP <> 'DELETE' THEN
        INSERT INTO run_count_changes (account_id, project_id, environment_id, job_id, status, change)
        VALUES (NEW.account_id, NEW.project_id, NEW.environment_id, NEW.job_id, NEW.status, 1);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER runs_counted AFTER INSERT OR DELETE ON runs
    FOR EACH ROW EXECUTE FUNCTION note_run_counts();
CREATE TRIGGER runs_counted_anew AFTER UPDATE OF status ON runs
    FOR EACH ROW WHEN (OLD.status <> NEW.status) EXECUTE FUNCTION note_run_counts();

-- From the runs themselves: now, and for whoever has changed runs behind the triggers' back.
CREATE FUNCTION recount_runs() RETURNS void LANGUAGE sql AS $$
LOCK TABLE runs IN SHARE MODE;
DELETE FROM run_count_changes;
DELETE FROM run_counts;
INSERT INTO run_counts (level, account_id, project_id, environment_id, job_id, status, total)
SELECT CASE WHEN GROUPING(job_id) = 0 THEN 3 WHEN GROUPING(environment_id) = 0 THEN 2
            WHEN GROUPING(project_id) = 0 THEN 1 ELSE 0 END,
       account_id, coalesce(project_id, 0), coalesce(environment_id, 0), coalesce(job_id, 0), status, count(*)
FROM runs
GROUP BY GROUPING SETS ((account_id, status), (account_id, project_id, status),
                        (account_id, project_id, environment_id, status),
                        (account_id, project_id, environment_id, job_id, status));
$$;
SELECT recount_runs();

-- The orders and filters of lists. Whoever asks for the latest first does not want to see first what
-- has not ended yet, so that an order that goes down has its nulls last; up, PostgreSQL's own.
CREATE INDEX runs_by_status ON runs (account_id, status, id);
CREATE INDEX runs_by_project ON runs (project_id, id);
CREATE INDEX runs_by_project_ended ON runs (project_id, finished_at DESC NULLS LAST, id DESC);
CREATE INDEX runs_by_project_status ON runs (project_id, status, finished_at DESC NULLS LAST, id DESC);
CREATE INDEX runs_by_created ON runs (account_id, created_at, id);
CREATE INDEX runs_by_finished ON runs (account_id, finished_at, id);
CREATE INDEX runs_by_finished_last ON runs (account_id, finished_at DESC NULLS LAST, id DESC);
CREATE INDEX runs_by_started_last ON runs (account_id, started_at DESC NULLS LAST, id DESC);
