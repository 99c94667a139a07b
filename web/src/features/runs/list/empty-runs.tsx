import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { CodeBlock } from '@/ui/code-block';
import { Empty } from '@/ui/empty';
import { jobsQuery } from '../runs-api';
import css from './empty-runs.module.css';

/** No run yet: says how to make the first one, with the account's own job where it has one. */
export function FirstRun({ account }: { account: number }) {
  const { data: jobs } = useQuery(jobsQuery(account));
  const job = jobs?.[0];
  const id = job?.id ?? 'JOB_ID';
  const curl = [
    'curl -X POST \\',
    '  -H "Authorization: Token $MILLWRIGHT_TOKEN" \\',
    '  -H "Content-Type: application/json" \\',
    `  -d '{"cause": "My first run"}' \\`,
    `  ${window.location.origin}/api/v2/accounts/${account}/jobs/${id}/run/`,
  ].join('\n');
  return (
    <section className={css.root} aria-labelledby="first-run">
      <h2 id="first-run" className={css.title}>
        No runs yet
      </h2>
      <p className={css.text}>
        A run executes the steps of a job, such as <code className="mono">dbt build</code>, in an
        environment. Its log, its nodes and its artifacts appear here while it goes on.
        {job === undefined
          ? ' Create a job first, then start it in one of these ways:'
          : ' Start the first one:'}
      </p>
      <h3 className={css.way}>In a terminal on the server</h3>
      <CodeBlock label="command" code={`millwright job run ${id} --wait`} />
      <h3 className={css.way}>By the API, as an orchestrator would</h3>
      <CodeBlock label="API call" code={curl} />
      {job !== undefined && (
        <p className={css.text}>
          Or here: <strong>Run a job</strong>, at the top right. Scheduled jobs also start by
          themselves.
        </p>
      )}
    </section>
  );
}

export function NoMatch({ account }: { account: number }) {
  return (
    <Empty
      title="No run matches these filters"
      action={
        <Button
          variant="default"
          renderRoot={(props) => (
            <Link to="/deploy/$account/runs" params={{ account }} {...props} />
          )}
        >
          Show all runs
        </Button>
      }
    >
      Runs that do appear here by themselves as soon as there are any.
    </Empty>
  );
}
