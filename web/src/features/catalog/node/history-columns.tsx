import { Link } from '@tanstack/react-router';
import { AboveLink, type Column, rowLink } from '@/ui/data-table';
import { formatExecution } from '@/ui/time';
import { TimeAgo } from '@/ui/time-ago';
import { lastState } from '../kinds';
import type { NodeRun, Reliability } from '../node-api';
import { StateCell } from '../state-cell';
import type { NodePlace } from './node-page';

export function runColumns(account: number, project: number): Column<NodeRun>[] {
  return [
    {
      key: 'run',
      title: 'Run',
      width: '88px',
      cell: ({ run_id }) => (
        <Link
          to="/deploy/$account/projects/$project/runs/$run"
          params={{ account, project, run: run_id }}
          search={{ tab: 'nodes' }}
          className={rowLink}
        >
          <span className="tabular">#{run_id}</span>
        </Link>
      ),
    },
    {
      key: 'state',
      title: 'Status',
      width: '104px',
      cell: ({ status }) => <StateCell state={lastState(status)} />,
    },
    {
      key: 'when',
      title: 'When',
      width: '112px',
      cell: ({ generated_at }) => (
        <AboveLink>
          <TimeAgo at={generated_at} />
        </AboveLink>
      ),
    },
    {
      key: 'commit',
      title: 'Commit',
      width: '80px',
      wideOnly: true,
      cell: ({ git_sha }) => <span className="mono">{git_sha?.slice(0, 7) ?? '–'}</span>,
    },
    {
      key: 'message',
      title: 'Message',
      width: 'minmax(160px, 1fr)',
      wideOnly: true,
      cell: ({ message, full_refresh }) => (
        <bdi title={message ?? undefined}>
          {full_refresh ? 'Full refresh · ' : ''}
          {message || '–'}
        </bdi>
      ),
    },
    {
      key: 'rows',
      title: 'Rows',
      width: '96px',
      align: 'right',
      wideOnly: true,
      cell: ({ failures, rows_affected }) => (
        <span className="tabular">{(failures ?? rows_affected)?.toLocaleString('en') ?? '–'}</span>
      ),
    },
    {
      key: 'took',
      title: 'Took',
      width: '80px',
      align: 'right',
      cell: ({ execution_time }) => (
        <span className="tabular">
          {execution_time === null ? '–' : formatExecution(execution_time * 1_000)}
        </span>
      ),
    },
  ];
}

export function reliabilityColumns(place: NodePlace): Column<Reliability>[] {
  return [
    {
      key: 'test',
      title: 'Test',
      width: 'minmax(200px, 1fr)',
      cell: ({ unique_id, name }) => (
        <Link
          to="/explore/$account/environments/$environment/nodes/$node/"
          params={{ ...place, node: unique_id }}
          search={{ tab: 'history' }}
          className={rowLink}
          title={name}
        >
          {name}
        </Link>
      ),
    },
    {
      key: 'state',
      title: 'Last status',
      width: '96px',
      cell: ({ last_status }) => <StateCell state={lastState(last_status)} />,
    },
    {
      key: 'last',
      title: 'Last failed',
      width: '112px',
      wideOnly: true,
      cell: ({ last_failed_at }) => (
        <AboveLink>
          <TimeAgo at={last_failed_at} absent="Not in that time" />
        </AboveLink>
      ),
    },
    {
      key: 'failed',
      title: 'Failed',
      width: '104px',
      align: 'right',
      cell: ({ failures, runs }) => (
        <span className="tabular">
          {failures.toLocaleString('en')} of {runs.toLocaleString('en')}
        </span>
      ),
    },
    {
      key: 'flaky',
      title: 'Flakiness',
      width: '80px',
      align: 'right',
      wideOnly: true,
      cell: ({ flakiness }) => <span className="tabular">{Math.round(flakiness * 100)} %</span>,
    },
    {
      key: 'same',
      title: 'On one commit',
      width: '104px',
      align: 'right',
      wideOnly: true,
      cell: ({ changes, changes_without_commit }) => (
        <span
          className="tabular"
          title="How often it changed between runs of the same commit, of all its changes"
        >
          {changes_without_commit} of {changes}
        </span>
      ),
    },
  ];
}
