-- Letters to the owners of models, made of what a run did to them.
ALTER TABLE letters DROP CONSTRAINT letters_kind_check;
ALTER TABLE letters ADD CONSTRAINT letters_kind_check
    CHECK (kind IN ('run', 'models', 'invitation', 'password_reset', 'test'));
DROP INDEX letters_of_runs;
CREATE UNIQUE INDEX letters_of_runs ON letters (run_id, kind, recipient) WHERE run_id IS NOT NULL;
