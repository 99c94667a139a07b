import { Tooltip } from '@mantine/core';
import { IconGitBranch } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { toString as cronInWords } from 'cronstrue';
import type { Run } from '@/api/types';
import { CopyText } from '@/ui/copy';
import { Duration } from '@/ui/duration';
import { PageHeader } from '@/ui/page-header';
import { StateBadge } from '@/ui/state-badge';
import { TimeAgo } from '@/ui/time-ago';
import { CauseIcon, causeText } from '../cause';
import { type Phase, phasesOf, shortSha } from '../run-facts';
import { stateOf } from '../status';
import { RunActions } from './run-actions';
import css from './run-header.module.css';

interface RunHeaderProps {
  account: number;
  run: Run;
}

export function RunHeader({ account, run }: RunHeaderProps) {
  const job = run.job?.name ?? `Job ${run.job_definition_id}`;
  return (
    <PageHeader
      title={
        <span className={css.title}>
          <CopyText text={String(run.id)} what="run id">
            <span className="tabular">#{run.id}</span>
          </CopyText>
          <Link
            to="/deploy/$account/runs"
            params={{ account }}
            search={{ job: run.job_definition_id }}
            className={css.job}
            title="All runs of this job"
          >
            <bdi>{job}</bdi>
          </Link>
          {run.environment && (
            <bdi className={css.environment} title="Environment">
              {run.environment.name}
            </bdi>
          )}
        </span>
      }
      aside={<StateBadge state={stateOf(run.status)} />}
      actions={<RunActions account={account} run={run} />}
      facts={<Facts run={run} />}
    />
  );
}

function Facts({ run }: { run: Run }) {
  const { queued, prepared, ran } = phasesOf(run);
  return (
    <>
      <Cause run={run} />
      <Commit run={run} />
      <span>
        <TimeAgo at={run.started_at ?? run.created_at} />
      </span>
      <span className={css.phases}>
        <PhaseFact word="queued" phase={queued} />
        <PhaseFact word="prepared" phase={prepared} />
        <PhaseFact word="ran" phase={ran} />
      </span>
      {stateOf(run.status) === 'cancelled' && run.status_message && (
        <bdi className={css.reason}>{run.status_message}</bdi>
      )}
      {(run.blocked_by ?? []).length > 0 && stateOf(run.status) === 'queued' && (
        <span>waits for {run.blocked_by?.map((id) => `#${id}`).join(', ')}</span>
      )}
    </>
  );
}

function scheduleInWords(run: Run): string | null {
  const cron = run.job?.schedule?.cron;
  if (!cron || run.trigger?.cause_category !== 'scheduled') return null;
  try {
    return `${cronInWords(cron, { use24HourTimeFormat: true, verbose: true })} (UTC)`;
  } catch {
    // An expression that the library cannot read is still a schedule; its text says enough.
    return `${cron} (UTC)`;
  }
}

function Cause({ run }: { run: Run }) {
  const schedule = scheduleInWords(run);
  const fact = (
    <span className={css.fact}>
      <CauseIcon trigger={run.trigger} />
      <bdi>{causeText(run.trigger)}</bdi>
    </span>
  );
  return schedule === null ? fact : <Tooltip label={schedule}>{fact}</Tooltip>;
}

function Commit({ run }: { run: Run }) {
  if (run.git_branch === null && run.git_sha === null) return null;
  return (
    <span className={css.fact}>
      <IconGitBranch size={14} stroke={1.75} aria-hidden="true" />
      <span className="mono">
        {run.git_branch}
        {run.git_sha !== null && (
          <CopyText text={run.git_sha} what="commit">
            @{shortSha(run.git_sha)}
          </CopyText>
        )}
      </span>
    </span>
  );
}

function PhaseFact({ word, phase }: { word: string; phase: Phase }) {
  if (phase.from === null) return null;
  return (
    <span>
      {word}{' '}
      <strong className={css.length}>
        <Duration from={phase.from} to={phase.to} />
      </strong>
    </span>
  );
}
