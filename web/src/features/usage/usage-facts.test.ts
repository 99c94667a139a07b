import { expect, test } from 'vitest';
import { readUsageSearch } from './search-params';
import type { JobUsage } from './usage-api';
import { formatBytes, ordered, totalsOf, usageCsv } from './usage-facts';

const usage = (part: Partial<JobUsage>): JobUsage => ({
  job_id: 1,
  name: 'Nightly',
  project_id: 1,
  environment_id: 1,
  runs: 1,
  failed_runs: 0,
  run_seconds: 10,
  failed_run_seconds: 0,
  nodes: 5,
  node_seconds: 8,
  failed_node_seconds: 0,
  bytes_processed: null,
  slot_ms: null,
  ...part,
});

test('totals are sums over the jobs', () => {
  const totals = totalsOf([usage({}), usage({ runs: 3, failed_runs: 2, failed_run_seconds: 4 })]);
  expect(totals).toMatchObject({ runs: 4, failedRuns: 2, runSeconds: 20, failedRunSeconds: 4 });
});

test('rows are ordered by what is asked for', () => {
  const rows = [
    usage({ job_id: 1, node_seconds: 9, failed_run_seconds: 1 }),
    usage({ job_id: 2, node_seconds: 3, failed_run_seconds: 2 }),
  ];
  expect(ordered(rows, 'nodes').map((row) => row.job_id)).toEqual([1, 2]);
  expect(ordered(rows, 'failed').map((row) => row.job_id)).toEqual([2, 1]);
});

test('the CSV quotes names, and no cell begins as a formula does', () => {
  const [head, line, end] = usageCsv([usage({ name: '=HYPERLINK("x"), y' })]).split('\r\n');
  expect(head?.split(',')).toHaveLength(13);
  expect(line).toBe(`1,"'=HYPERLINK(""x""), y",1,1,1,0,10,0,5,8,0,,`);
  expect(end).toBe('');
});

test('bytes are told in the unit that fits', () => {
  expect([0, 999, 1_500, 250e6, 3.2e15].map(formatBytes)).toEqual([
    '0 B',
    '999 B',
    '1.5 kB',
    '250 MB',
    '3.2 PB',
  ]);
});

test('what is usual stands in no address', () => {
  expect(readUsageSearch({ days: '30', by: 'nodes', project: '0' })).toEqual({});
  expect(readUsageSearch({ days: '90', by: 'failed', project: '2' })).toEqual({
    days: 90,
    by: 'failed',
    project: 2,
  });
});
