"""A database with a long history: accounts of this size have it after a few years."""

import subprocess

SQL = """
SET session_replication_role = replica;  -- no triggers; what they would have counted is counted below
CREATE TEMP TABLE places AS
    SELECT n, (SELECT coalesce(max(id), 0) FROM projects) + n AS project_id,
           (SELECT coalesce(max(id), 0) FROM environments) + n AS environment_id
    FROM generate_series(1, :projects) n;
INSERT INTO projects (id, account_id, name)
    SELECT project_id, :account, 'Project ' || n FROM places;
INSERT INTO environments (id, account_id, project_id, name, deployment_type)
    SELECT environment_id, :account, project_id, 'Production', 'production' FROM places;
CREATE TEMP TABLE wanted AS
    SELECT j.n, (SELECT coalesce(max(id), 0) FROM jobs) + j.n AS job_id, p.project_id, p.environment_id
    FROM generate_series(1, :jobs) AS j(n) JOIN places p ON p.n = 1 + j.n % :projects;
CREATE INDEX ON wanted (n);
INSERT INTO jobs (id, account_id, project_id, environment_id, name, execute_steps)
    SELECT job_id, :account, project_id, environment_id, 'Job ' || n, ARRAY['dbt build'] FROM wanted;
CREATE TEMP TABLE ended AS
    SELECT n, 1 + (n * 7919) % :jobs AS job_n,
           CASE WHEN abs(hashint8(n)) % 20 = 0 THEN 20 WHEN abs(hashint8(n)) % 50 = 1 THEN 30 ELSE 10
           END AS status,
           now() - interval '2 years' * (1 - n / :runs::double precision) - interval '1 hour' AS at
    FROM generate_series(1, :runs::bigint) n;
INSERT INTO runs (id, account_id, project_id, environment_id, job_id, trigger, status, dbt_version,
                  git_branch, git_sha, is_scheduled, artifacts_saved, log_flushed_at, created_at,
                  updated_at, should_start_at, dequeued_at, started_at, finished_at)
    SELECT (SELECT coalesce(max(id), 0) FROM runs) + e.n, :account, w.project_id, w.environment_id,
           w.job_id, '{"cause": "Scheduled", "cause_category": "scheduled"}', e.status, 'latest',
           'main', md5(e.n::text), true, true, e.at, e.at, e.at, e.at, e.at + interval '1 s',
           e.at + interval '2 s', e.at + interval '2 s' + (e.n % 900) * interval '1 s'
    FROM ended e JOIN wanted w ON w.n = e.job_n;
INSERT INTO run_steps (run_id, account_id, index, name, command, status, started_at, finished_at)
    SELECT r.id, r.account_id, s, 'Step ' || s, CASE s WHEN 3 THEN 'dbt build' ELSE '' END,
           CASE s WHEN 3 THEN r.status ELSE 10 END, r.started_at, r.finished_at
    FROM runs r, generate_series(1, 3) s WHERE r.account_id = :account AND r.is_scheduled;
SELECT setval(pg_get_serial_sequence(t, 'id'), m) FROM (VALUES
    ('projects', (SELECT max(id) FROM projects)), ('environments', (SELECT max(id) FROM environments)),
    ('jobs', (SELECT max(id) FROM jobs)), ('runs', (SELECT max(id) FROM runs))) v(t, m);
SET session_replication_role = origin;
SELECT recount_runs();
VACUUM ANALYZE;
"""


def fill(appliance, runs, jobs, projects=50):
    """Into the sample's account. Says what there is to ask for."""
    account = appliance.sample["account_id"]
    command = [*appliance.psql_command(), "-X", "-q", "-v", "ON_ERROR_STOP=1", "-v", f"account={account}",
               "-v", f"runs={runs}", "-v", f"jobs={jobs}", "-v", f"projects={projects}"]
    done = subprocess.run(command, input=SQL, text=True, capture_output=True, cwd="/",
                          **appliance.places.as_service())
    assert done.returncode == 0, done.stderr
    first, last = map(int, appliance.psql("SELECT min(id), max(id) FROM runs WHERE is_scheduled")[0])
    jobs = [int(row[0]) for row in appliance.psql("SELECT id FROM jobs WHERE name LIKE 'Job %' ORDER BY id")]
    projects = [int(row[0]) for row in appliance.psql("SELECT id FROM projects WHERE name LIKE 'Project %'")]
    return {"account": account, "runs": (first, last), "jobs": jobs, "projects": projects}
