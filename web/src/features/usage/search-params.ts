export const periods = [7, 30, 90, 365] as const;

export type Period = (typeof periods)[number];

export const orders = [
  { key: 'nodes', word: 'Node time' },
  { key: 'runs', word: 'Run time' },
  { key: 'failed', word: 'Failed run time' },
] as const;

export type Order = (typeof orders)[number]['key'];

export interface UsageSearch {
  /** Absent for 30. */
  days?: Period;
  project?: number;
  /** Absent for the time of nodes. */
  by?: Exclude<Order, 'nodes'>;
}

export const usualDays: Period = 30;

export function readUsageSearch(search: Record<string, unknown>): UsageSearch {
  const days = periods.find((period) => period === Number(search['days']));
  const project = Number(search['project']);
  const by = search['by'];
  return {
    ...(days !== undefined && days !== usualDays && { days }),
    ...(Number.isSafeInteger(project) && project > 0 && { project }),
    ...((by === 'runs' || by === 'failed') && { by }),
  };
}
