-- Reading a run while it goes: from a line on, and from a node's change on.

-- Lines are numbered without gaps within a step, so a batch is found by its first line; `seq`
-- only tells a batch that came twice.
ALTER TABLE run_log ADD COLUMN line_count integer NOT NULL DEFAULT 1 CHECK (line_count > 0);
UPDATE run_log SET line_count = jsonb_array_length(lines);
ALTER TABLE run_log ALTER COLUMN line_count DROP DEFAULT;
ALTER TABLE run_log DROP CONSTRAINT run_log_pkey;
ALTER TABLE run_log ADD PRIMARY KEY (day, run_id, step_index, first_line);

-- Grows with every change of a node's row.
CREATE SEQUENCE run_nodes_revision;
ALTER TABLE run_nodes ADD COLUMN revision bigint NOT NULL DEFAULT nextval('run_nodes_revision');
CREATE INDEX run_nodes_changes ON run_nodes (run_id, revision);

CREATE INDEX audit_log_by_subject ON audit_log (subject_type, subject_id);
CREATE INDEX artifacts_by_path ON artifacts (run_id, path, step_index DESC);
