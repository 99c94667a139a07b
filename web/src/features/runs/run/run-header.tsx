import { Tooltip } from '@mantine/core';
import { IconExternalLink, IconGitBranch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
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
import { commitAddress } from './commit-address';
import { type Origin, originQuery } from './insight-api';
import { PullRequestFact } from './pull-request-fact';
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
      facts={<Facts account={account} run={run} />}
    />
  );
}

function Facts({ account, run }: RunHeaderProps) {
  const { data: origin } = useQuery(originQuery(account, run));
  const { queued, prepared, ran } = phasesOf(run);
  return (
    <>
      <span className={css.fact}>
        <Cause run={run} origin={origin} />
        <PullRequestFact account={account} run={run} origin={origin} />
      </span>
      <Commit run={run} origin={origin} />
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
      <CancelledBy run={run} origin={origin} />
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

interface OfOrigin {
  run: Run;
  /** Comes a moment after the run. */
  origin: Origin | undefined;
}

function CancelledBy({ run, origin }: OfOrigin) {
  const actor = origin?.audit?.cancellation?.actor;
  if (stateOf(run.status) !== 'cancelled' || !actor?.name || actor.type === 'system') return null;
  return (
    <span>
      cancelled by <bdi>{actor.name}</bdi>
    </span>
  );
}

/** Who started it, where that was a person or a token: the cause alone does not say. */
function whoStarted(origin: Origin | undefined): string | null {
  const actor = origin?.audit?.trigger?.actor;
  return actor === undefined || actor.type === 'system' ? null : actor.name;
}

function Cause({ run, origin }: OfOrigin) {
  const who = whoStarted(origin);
  const schedule = scheduleInWords(run);
  const fact = (
    <span className={css.fact}>
      <CauseIcon trigger={run.trigger} />
      <bdi>{causeText(run.trigger)}</bdi>
      {who !== null && (
        <span>
          by <bdi>{who}</bdi>
        </span>
      )}
    </span>
  );
  return schedule === null ? fact : <Tooltip label={schedule}>{fact}</Tooltip>;
}

function Commit({ run, origin }: OfOrigin) {
  if (run.git_branch === null && run.git_sha === null) return null;
  const address = commitAddress(origin?.repository ?? null, run.git_sha);
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
      {address !== null && (
        <a
          href={address}
          target="_blank"
          rel="noreferrer"
          className={css.commit}
          aria-label="Look at the commit in the repository"
          title="Look at the commit in the repository"
        >
          <IconExternalLink size={14} stroke={1.75} aria-hidden="true" />
        </a>
      )}
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
