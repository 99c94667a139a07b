-- Ten thousand nodes of a project arrive in one transaction.

-- Looked up for each of its facts, by a plan made when the tables were empty.
ALTER TABLE node_facts DROP CONSTRAINT node_facts_environment_id_unique_id_fkey;
ALTER TABLE node_facts ADD FOREIGN KEY (environment_id) REFERENCES environment_states
    ON DELETE CASCADE;

-- Not to be taken for one by environment and id, which the primary key is.
DROP INDEX environment_nodes_by_type;
CREATE INDEX environment_nodes_by_type
    ON environment_nodes (resource_type, environment_id, unique_id);

-- Facts are kept packed, and packing took longer than writing. A server may lack the quicker way.
DO $$ BEGIN
    ALTER TABLE node_facts ALTER COLUMN facts SET COMPRESSION lz4;
EXCEPTION WHEN feature_not_supported OR syntax_error OR invalid_parameter_value THEN NULL;
END $$;
