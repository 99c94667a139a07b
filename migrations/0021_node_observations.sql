-- What a run saw of a node in the warehouse: how fresh a source was, and the columns of a relation.
ALTER TABLE environment_nodes ADD COLUMN freshness jsonb;
ALTER TABLE environment_nodes ADD COLUMN freshness_run_id bigint;
ALTER TABLE environment_nodes ADD COLUMN freshness_at timestamptz;
ALTER TABLE environment_nodes ADD COLUMN catalog jsonb;
ALTER TABLE environment_nodes ADD COLUMN catalog_run_id bigint;
ALTER TABLE environment_nodes ADD COLUMN catalog_at timestamptz;
