-- By which lists of runs are filtered too: what made a run, and the branch that it ran on.
CREATE INDEX runs_by_cause ON runs (account_id, (trigger ->> 'cause_category'), id);
CREATE INDEX runs_by_branch ON runs (account_id, git_branch, id) WHERE git_branch IS NOT NULL;
