-- How much memory, processor time and how many processes a run may have; 0: no limit. Of the
-- account's, the job's and the operator's (docs/config.md) the smallest counts.

ALTER TABLE accounts
    ADD COLUMN run_memory_limit_mb integer NOT NULL DEFAULT 0 CHECK (run_memory_limit_mb >= 0),
    ADD COLUMN run_cpu_limit       double precision NOT NULL DEFAULT 0 CHECK (run_cpu_limit >= 0),
    ADD COLUMN run_process_limit   integer NOT NULL DEFAULT 0 CHECK (run_process_limit >= 0);

ALTER TABLE jobs
    ADD COLUMN memory_limit_mb integer NOT NULL DEFAULT 0 CHECK (memory_limit_mb >= 0),
    ADD COLUMN cpu_limit       double precision NOT NULL DEFAULT 0 CHECK (cpu_limit >= 0),
    ADD COLUMN process_limit   integer NOT NULL DEFAULT 0 CHECK (process_limit >= 0);
