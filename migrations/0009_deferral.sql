-- Whose artifacts a run compares with and defers to. Found when the run starts, because runs that
-- end while it waits in the queue count.
ALTER TABLE runs ADD COLUMN deferring_run_id bigint REFERENCES runs (id);
CREATE INDEX runs_by_deferred ON runs (deferring_run_id) WHERE deferring_run_id IS NOT NULL;

-- As clients send it; it means nothing to engines that build what they are told to.
ALTER TABLE jobs ADD COLUMN force_node_selection boolean;
