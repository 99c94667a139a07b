import type { StateName } from '@/ui/states';
import type { WebhookEvent } from './webhooks-api';

/** Rules of webhooks that need no page: their times, their events, what became of a delivery. */

export const eventTypes = [
  { type: 'job.run.started', word: 'Started', help: 'A run begins.' },
  {
    type: 'job.run.completed',
    word: 'Completed',
    help: 'A run has ended, however it ended, and its artifacts are there.',
  },
  { type: 'job.run.errored', word: 'Errored', help: 'A run has failed. Sent at once.' },
] as const;

export function eventWord(type: string): string {
  return eventTypes.find((known) => known.type === type)?.word ?? type;
}

/** The API's microseconds in a text, as the other times of the API are written. */
export function timeOfMicros(text: string | null): string | null {
  const ms = Math.floor(Number(text) / 1_000);
  if (text === null || !Number.isFinite(ms) || ms <= 0) return null;
  return new Date(ms).toISOString();
}

export interface DeliveryState {
  state: StateName;
  word: string;
}

/** By the status of the latest try: 0 where nobody has answered, be it because none was made yet. */
export function deliveryState(httpStatus: string): DeliveryState {
  const code = Number(httpStatus);
  if (code >= 200 && code < 300) return { state: 'success', word: 'Taken' };
  if (code === 0) return { state: 'warning', word: 'No answer' };
  return { state: 'error', word: 'Refused' };
}

export interface EventFacts {
  /** When it happened. */
  at: string | null;
  run: number | null;
  project: number | null;
  jobName: string | null;
  status: string | null;
  /** Sent by hand. */
  test: boolean;
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

const textOf = (value: unknown) => (typeof value === 'string' && value !== '' ? value : null);

const testReason = 'Test of this webhook';

/** What the payload tells of an event; whatever is not there is null. */
export function eventFacts(event: Pick<WebhookEvent, 'payload'>): EventFacts {
  const payload = record(parsed(event.payload));
  const data = record(payload['data']);
  return {
    at: textOf(payload['timestamp']),
    run: Number(data['runId']) || null,
    project: Number(data['projectId']) || null,
    jobName: textOf(data['jobName']),
    status: textOf(data['runStatus']),
    test: data['runReason'] === testReason,
  };
}

/** JSON on several lines; anything else as it is. */
export function pretty(text: string): string {
  const value = parsed(text);
  return value === null ? text : JSON.stringify(value, null, 2);
}
