-- Removing old runs must not read whole tables for each of them: what refers to a run is found
-- by these.

CREATE INDEX runs_by_retried ON runs (retrying_run_id) WHERE retrying_run_id IS NOT NULL;
CREATE INDEX schedule_firings_by_run ON schedule_firings (run_id) WHERE run_id IS NOT NULL;
CREATE INDEX schedule_firings_by_time ON schedule_firings (due_at);
