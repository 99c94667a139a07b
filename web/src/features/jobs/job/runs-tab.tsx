import { Tooltip } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { messageOf } from '@/api/errors';
import type { Run } from '@/api/types';
import { causeText } from '@/features/runs/cause';
import { phasesOf, shortSha } from '@/features/runs/run-facts';
import { runListQuery } from '@/features/runs/runs-api';
import { stateOf } from '@/features/runs/status';
import { AboveLink, type Column, DataTable, rowLink } from '@/ui/data-table';
import { Duration } from '@/ui/duration';
import { Empty } from '@/ui/empty';
import { Section } from '@/ui/page';
import { Problem } from '@/ui/problem';
import { StateBadge } from '@/ui/state-badge';
import { stateTone, stateWord } from '@/ui/states';
import { formatDuration } from '@/ui/time';
import { TimeAgo } from '@/ui/time-ago';
import type { JobDetail } from '../job-types';
import css from './job-page.module.css';
import { barsOf } from './run-bars';

const shownRuns = 100;

export function RunsTab({ account, job }: { account: number; job: JobDetail }) {
  const list = useInfiniteQuery(runListQuery(account, { statuses: [], job: job.id }));
  const first = list.data?.pages[0];
  const runs = first?.runs.slice(0, shownRuns);
  if (list.isError && runs === undefined)
    return (
      <Problem title="The runs could not be read" onRetry={() => void list.refetch()}>
        {messageOf(list.error)}
      </Problem>
    );
  if (runs?.length === 0)
    return (
      <Empty title="Not run yet">
        Runs of this job appear here while they go on. Start the first one by{' '}
        <strong>Run now</strong>, at the top right.
      </Empty>
    );
  const total = first?.totalCount ?? runs?.length ?? 0;
  return (
    <div className={css.column}>
      {runs !== undefined && <Strip account={account} runs={runs} />}
      <Section
        title="Recent runs"
        actions={
          total > shownRuns && (
            <Link
              to="/deploy/$account/runs"
              params={{ account }}
              search={{ job: job.id }}
              className={css.link}
            >
              All {total.toLocaleString('en')} runs
            </Link>
          )
        }
      >
        <DataTable
          label="Runs of this job"
          columns={columnsOf(account)}
          rows={runs}
          rowKey={({ id }) => id}
          inline
        />
      </Section>
    </div>
  );
}

function columnsOf(account: number): readonly Column<Run>[] {
  return [
    {
      key: 'run',
      title: 'Run',
      width: '88px',
      cell: (run) => (
        <Link
          to="/deploy/$account/projects/$project/runs/$run"
          params={{ account, project: run.project_id, run: run.id }}
          className={`${rowLink} tabular`}
        >
          #{run.id}
        </Link>
      ),
    },
    {
      key: 'state',
      title: 'State',
      width: '112px',
      cell: (run) => (
        <span className={css.middle}>
          <StateBadge state={stateOf(run.status)} variant="plain" />
        </span>
      ),
    },
    {
      key: 'cause',
      title: 'Trigger',
      width: 'minmax(120px, 2fr)',
      wideOnly: true,
      cell: (run) => <bdi title={causeText(run.trigger)}>{causeText(run.trigger)}</bdi>,
    },
    {
      key: 'commit',
      title: 'Commit',
      width: 'minmax(96px, 1fr)',
      wideOnly: true,
      cell: (run) => (
        <span className="mono">
          {[run.git_branch, run.git_sha && shortSha(run.git_sha)].filter(Boolean).join('@') || '–'}
        </span>
      ),
    },
    {
      key: 'started',
      title: 'Started',
      width: '112px',
      cell: (run) => (
        <AboveLink>
          <TimeAgo at={run.started_at ?? run.created_at} />
        </AboveLink>
      ),
    },
    {
      key: 'duration',
      title: 'Duration',
      width: '88px',
      align: 'right',
      cell: (run) => <Duration {...phasesOf(run).ran} />,
    },
  ];
}

/** The last runs: state by colour and word, duration by height. */
function Strip({ account, runs }: { account: number; runs: readonly Run[] }) {
  const narrow = useMediaQuery('(max-width: 768px)', false, { getInitialValueInEffect: false });
  const bars = barsOf(runs, narrow ? 14 : 30);
  return (
    <Section
      title={bars.length === 1 ? 'Last run' : `Last ${bars.length} runs`}
      help="The latest at the right; the higher, the longer it ran. Errors are striped."
    >
      <ol className={css.strip} aria-label="Last runs, the oldest first">
        {bars.map(({ run, state, ms, share }) => {
          const words = `#${run.id}: ${stateWord[state]}${ms === null ? '' : `, ${formatDuration(ms)}`}`;
          return (
            <li key={run.id} className={css.bar}>
              <Tooltip label={words}>
                <Link
                  to="/deploy/$account/projects/$project/runs/$run"
                  params={{ account, project: run.project_id, run: run.id }}
                  className={css.barLink}
                  aria-label={words}
                >
                  <span
                    className={css.fill}
                    style={{ height: `${Math.round(share * 100)}%` }}
                    data-tone={stateTone[state]}
                  />
                </Link>
              </Tooltip>
            </li>
          );
        })}
      </ol>
    </Section>
  );
}
