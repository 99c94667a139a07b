import type { Order } from './search-params';
import type { JobUsage } from './usage-api';

export interface Totals {
  runs: number;
  failedRuns: number;
  runSeconds: number;
  failedRunSeconds: number;
  nodes: number;
  nodeSeconds: number;
  failedNodeSeconds: number;
}

export function totalsOf(rows: readonly JobUsage[]): Totals {
  const sum = (of: (row: JobUsage) => number) => rows.reduce((total, row) => total + of(row), 0);
  return {
    runs: sum((row) => row.runs),
    failedRuns: sum((row) => row.failed_runs),
    runSeconds: sum((row) => row.run_seconds),
    failedRunSeconds: sum((row) => row.failed_run_seconds),
    nodes: sum((row) => row.nodes),
    nodeSeconds: sum((row) => row.node_seconds),
    failedNodeSeconds: sum((row) => row.failed_node_seconds),
  };
}

const measures: Record<Order, (row: JobUsage) => number> = {
  nodes: (row) => row.node_seconds,
  runs: (row) => row.run_seconds,
  failed: (row) => row.failed_run_seconds,
};

export function measureOf(order: Order): (row: JobUsage) => number {
  return measures[order];
}

/** The one that used most first. */
export function ordered(rows: readonly JobUsage[], order: Order): JobUsage[] {
  const measure = measures[order];
  return [...rows].sort((a, b) => measure(b) - measure(a) || a.job_id - b.job_id);
}

const columns: (keyof JobUsage)[] = [
  'job_id',
  'name',
  'project_id',
  'environment_id',
  'runs',
  'failed_runs',
  'run_seconds',
  'failed_run_seconds',
  'nodes',
  'node_seconds',
  'failed_node_seconds',
  'bytes_processed',
  'slot_ms',
];

function cell(value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  // A spreadsheet would run what begins so.
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return `"${safe.replaceAll('"', '""')}"`;
}

/** RFC 4180. */
export function usageCsv(rows: readonly JobUsage[]): string {
  const lines = rows.map((row) => columns.map((column) => cell(row[column])).join(','));
  return [columns.join(','), ...lines, ''].join('\r\n');
}

const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];

/** `3.2 GB` */
export function formatBytes(bytes: number): string {
  let unit = 0;
  let size = bytes;
  while (size >= 1_000 && unit < units.length - 1) {
    size /= 1_000;
    unit += 1;
  }
  return `${unit === 0 || size >= 100 ? Math.round(size) : size.toFixed(1)} ${units[unit]}`;
}
