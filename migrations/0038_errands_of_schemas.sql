-- The janitor looks every few seconds which errands have ended; schemas are kept for good.
CREATE INDEX pull_request_schemas_errands ON pull_request_schemas (errand_id)
    WHERE errand_id IS NOT NULL;
