import type { LogLine, Run, RunNode } from '../types';

/** What the server says over `/api/ui/live`. */
export type LiveEvent =
  /** From here on what happens in the topic is told; what was before is to be read by REST. */
  | { topic: string; type: 'subscribed' }
  | { topic: string; type: 'run'; run: Run }
  | { topic: string; type: 'log'; step: number; lines: LogLine[] }
  /** Rows that SQL returned, to be shown with line `n`, before or after which they come. */
  | { topic: string; type: 'rows'; step: number; n: number; text: string }
  | { topic: string; type: 'node'; node: RunNode };

export const topics = {
  runs: (account: number) => `account:${account}:runs`,
  run: (run: number) => `run:${run}`,
};

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

/** Reads one frame; a kind that this version does not know is skipped, since servers may be newer. */
export function parseLiveEvent(text: string): LiveEvent | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (!isRecord(value) || typeof value['topic'] !== 'string') return null;
  switch (value['type']) {
    case 'subscribed':
      return value as LiveEvent;
    case 'run':
      return isRecord(value['run']) ? (value as LiveEvent) : null;
    case 'node':
      return isRecord(value['node']) ? (value as LiveEvent) : null;
    case 'log':
      return typeof value['step'] === 'number' && Array.isArray(value['lines'])
        ? (value as LiveEvent)
        : null;
    case 'rows':
      return typeof value['step'] === 'number' &&
        typeof value['n'] === 'number' &&
        typeof value['text'] === 'string'
        ? (value as LiveEvent)
        : null;
    default:
      return null;
  }
}
