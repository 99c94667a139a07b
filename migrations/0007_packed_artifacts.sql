-- Many small artifacts of a step lie in one object; these say which bytes of it are this one's. Null: the
-- object is the artifact.
ALTER TABLE artifacts
    ADD COLUMN pack_offset bigint,
    ADD COLUMN pack_bytes bigint;
