-- A person may have a value of their own, which counts in that person's development sessions and
-- never in a job's run.

ALTER TABLE environment_variables ADD COLUMN user_id bigint REFERENCES users (id);
ALTER TABLE environment_variables ADD CHECK (num_nonnulls(environment_id, job_id, user_id) <= 1);
DROP INDEX environment_variables_place;
CREATE UNIQUE INDEX environment_variables_place ON environment_variables
    (project_id, coalesce(environment_id, 0), coalesce(job_id, 0), coalesce(user_id, 0), name)
    WHERE state = 1;
