import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { type Column, DataTable, rowLink } from '@/ui/data-table';
import { formatDuration } from '@/ui/time';
import type { Order } from './search-params';
import css from './usage.module.css';
import type { JobUsage } from './usage-api';
import { formatBytes, measureOf } from './usage-facts';

const time = (seconds: number) => (seconds === 0 ? '–' : formatDuration(seconds * 1_000));

function bytesColumn(rows: readonly JobUsage[]): Column<JobUsage>[] {
  if (rows.every(({ bytes_processed }) => bytes_processed === null)) return [];
  return [
    {
      key: 'bytes',
      title: 'Processed',
      width: '96px',
      align: 'right',
      wideOnly: true,
      cell: ({ bytes_processed: bytes }) => (bytes === null ? '–' : formatBytes(bytes)),
    },
  ];
}

function columnsOf(account: number, rows: readonly JobUsage[], order: Order): Column<JobUsage>[] {
  const measure = measureOf(order);
  const most = Math.max(1e-9, ...rows.map(measure));
  return [
    {
      key: 'job',
      title: 'Job',
      width: 'minmax(140px, 2fr)',
      cell: ({ job_id, name }) => (
        <Link
          className={rowLink}
          to="/deploy/$account/runs"
          params={{ account }}
          search={{ job: job_id }}
        >
          <bdi>{name}</bdi>
        </Link>
      ),
    },
    {
      key: 'bar',
      title: 'Compared',
      width: 'minmax(80px, 2fr)',
      wideOnly: true,
      cell: (row) => (
        <span className={css.track}>
          <span
            className={css.bar}
            data-failed={order === 'failed' || undefined}
            style={{ width: `${(100 * measure(row)) / most}%` }}
          />
        </span>
      ),
    },
    {
      key: 'nodes',
      title: 'Node time',
      width: '88px',
      align: 'right',
      cell: ({ node_seconds }) => <span className="tabular">{time(node_seconds)}</span>,
    },
    {
      key: 'runs',
      title: 'Run time',
      width: '88px',
      align: 'right',
      wideOnly: true,
      cell: ({ run_seconds }) => <span className="tabular">{time(run_seconds)}</span>,
    },
    {
      key: 'count',
      title: 'Runs',
      width: '64px',
      align: 'right',
      cell: ({ runs }) => <span className="tabular">{runs.toLocaleString('en')}</span>,
    },
    {
      key: 'failed',
      title: 'Failed',
      width: '120px',
      align: 'right',
      wideOnly: true,
      cell: ({ failed_runs, failed_run_seconds }) => (
        <span className="tabular">
          {failed_runs === 0
            ? '–'
            : `${failed_runs.toLocaleString('en')} · ${time(failed_run_seconds)}`}
        </span>
      ),
    },
    ...bytesColumn(rows),
  ];
}

interface UsageTableProps {
  account: number;
  rows: JobUsage[] | undefined;
  order: Order;
}

export function UsageTable({ account, rows, order }: UsageTableProps) {
  const columns = useMemo(() => columnsOf(account, rows ?? [], order), [account, rows, order]);
  return (
    <DataTable
      inline
      label="Usage by job"
      columns={columns}
      rows={rows}
      rowKey={({ job_id }) => job_id}
    />
  );
}
