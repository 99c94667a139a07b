-- A client that does not know whether its request to run a job arrived asks again with the same
-- key, and gets the run that there is.
CREATE TABLE run_requests (
    account_id bigint NOT NULL REFERENCES accounts (id),
    key        text NOT NULL,
    digest     text NOT NULL,   -- of the job and the body: the same key for another request is a mistake
    run_id     bigint REFERENCES runs (id) ON DELETE CASCADE,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (account_id, key)
);
CREATE INDEX run_requests_by_run ON run_requests (run_id);
CREATE INDEX run_requests_by_age ON run_requests (created_at);
