import { Link } from '@tanstack/react-router';
import { memo } from 'react';
import type { Run } from '@/api/types';
import { AriaCell, AriaRow } from '@/ui/aria-table';
import { Duration } from '@/ui/duration';
import { StateBadge } from '@/ui/state-badge';
import { TimeAgo } from '@/ui/time-ago';
import { CauseIcon, causeText } from '../cause';
import { phasesOf, shortSha } from '../run-facts';
import { stateOf } from '../status';
import css from './runs-table.module.css';

interface RunRowProps {
  account: number;
  run: Run;
  place: number;
  top: number;
  height: number;
}

/** One run. Its link covers the whole row; the time lies above it for its tooltip. */
export const RunRow = memo(function RunRow({ account, run, place, top, height }: RunRowProps) {
  const { ran } = phasesOf(run);
  const job = run.job?.name ?? `Job ${run.job_definition_id}`;
  const environment = run.environment?.name ?? '–';
  const cause = causeText(run.trigger);
  return (
    <AriaRow
      place={place + 1}
      data-place={place}
      className={css.row}
      style={{ height, transform: `translateY(${top}px)` }}
    >
      <AriaCell className={css.state}>
        <StateBadge state={stateOf(run.status)} variant="plain" />
      </AriaCell>
      <AriaCell className={css.id}>
        <span className="tabular">#{run.id}</span>
      </AriaCell>
      <AriaCell className={css.job}>
        <Link
          to="/deploy/$account/projects/$project/runs/$run/"
          params={{ account, project: run.project_id, run: run.id }}
          className={css.link}
          title={job}
        >
          <bdi>{job}</bdi>
        </Link>
      </AriaCell>
      <AriaCell className={css.environment}>
        <bdi title={environment}>{environment}</bdi>
      </AriaCell>
      <AriaCell className={css.cause}>
        <CauseIcon trigger={run.trigger} />
        <bdi title={cause}>{cause}</bdi>
      </AriaCell>
      <AriaCell className={css.commit}>
        <Commit run={run} />
      </AriaCell>
      <AriaCell className={css.started}>
        <span className={css.above}>
          <TimeAgo at={run.started_at ?? run.created_at} />
        </span>
      </AriaCell>
      <AriaCell className={css.duration}>
        <Duration from={ran.from} to={ran.to} />
      </AriaCell>
    </AriaRow>
  );
});

function Commit({ run }: { run: Run }) {
  if (run.git_branch === null && run.git_sha === null) return <span className={css.dim}>–</span>;
  return (
    <span className={css.hash} title={`${run.git_branch ?? ''}@${run.git_sha ?? ''}`}>
      {run.git_branch}
      {run.git_sha !== null && <span className={css.dim}>@{shortSha(run.git_sha)}</span>}
    </span>
  );
}
