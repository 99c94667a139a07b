import { Button, Group } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { messageOf } from '@/api/errors';
import type { Run } from '@/api/types';
import { ErrorSummary } from '@/ui/form/form';
import { Problem } from '@/ui/problem';
import { StateBadge } from '@/ui/state-badge';
import { runQuery, useRunJob } from '../runs/runs-api';
import { isOver, stateOf } from '../runs/status';
import { useRunLive } from '../runs/use-runs-live';
import { BuildPullRequests } from './build-pull-requests';
import css from './set-up.module.css';
import type { StepProps } from './set-up-page';
import { StepSkeleton } from './step-skeleton';

export function RunStep(props: StepProps) {
  const { account, search, go } = props;
  const start = useRunJob(account);
  const run = () =>
    start.mutate(
      { job: search.job ?? 0, cause: 'Started in the guided set-up' },
      { onSuccess: ({ id }) => go({ run: id, step: undefined }) },
    );
  return (
    <>
      <p className={css.text}>
        A run clones the repository, installs its packages and runs the job's commands. It goes on
        when you leave this page.
      </p>
      <ErrorSummary error={start.error} shown={[]} />
      {search.run === undefined ? (
        <div>
          <Button size="sm" loading={start.isPending} onClick={run}>
            Run now
          </Button>
        </div>
      ) : (
        <Watched {...props} id={search.run} onAgain={run} starting={start.isPending} />
      )}
    </>
  );
}

interface WatchedProps extends StepProps {
  id: number;
  onAgain: () => void;
  starting: boolean;
}

function Watched({ account, id, onAgain, starting }: WatchedProps) {
  const query = useQuery(runQuery(account, id));
  useRunLive(account, id);
  if (query.isError && query.data === undefined)
    return (
      <Problem title={`Run #${id} could not be read`} onRetry={() => void query.refetch()}>
        {messageOf(query.error)}
      </Problem>
    );
  if (query.data === undefined) return <StepSkeleton />;
  const run = query.data;
  const state = stateOf(run.status);
  return (
    <>
      <div className={css.watched} role="status" aria-label="The run">
        <StateBadge state={state} />
        <span>{wordsOf(run)}</span>
      </div>
      <Group gap="xs">
        <Button
          size="sm"
          renderRoot={(props) => (
            <Link
              to="/deploy/$account/projects/$project/runs/$run/"
              params={{ account, project: run.project_id, run: id }}
              {...props}
            />
          )}
        >
          Open run #{id}
        </Button>
        {state === 'success' && (
          <Button
            size="sm"
            variant="default"
            renderRoot={(props) => (
              <Link
                to="/deploy/$account/projects/$project/jobs/$job"
                params={{ account, project: run.project_id, job: run.job_definition_id }}
                {...props}
              />
            )}
          >
            Give the job a schedule
          </Button>
        )}
        {state === 'success' && <BuildPullRequests account={account} project={run.project_id} />}
        {isOver(run.status) && state !== 'success' && (
          <Button size="sm" variant="default" loading={starting} onClick={onAgain}>
            Run again
          </Button>
        )}
      </Group>
    </>
  );
}

/** What happens now, or how it ended. */
function wordsOf(run: Run): string {
  const state = stateOf(run.status);
  if (state === 'success') return 'Your project is built. Everything is set up.';
  if (state === 'cancelled') return 'The run was cancelled.';
  if (state === 'error')
    return run.status_message || 'The run failed. Its page shows the step and its log.';
  const step = run.run_steps.find(({ status }) => !isOver(status) && status !== 1);
  return step === undefined ? 'It begins in a moment.' : step.name;
}
