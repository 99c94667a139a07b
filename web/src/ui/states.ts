/**
 * The application's vocabulary of states. Everything that has a state (run, step, node) maps to one of
 * these; each has a word, an icon (see state-icon) and one colour per theme (see tokens).
 */
export const stateNames = [
  'queued',
  'starting',
  'running',
  'success',
  'warning',
  'error',
  'cancelled',
  'skipped',
] as const;

export type StateName = (typeof stateNames)[number];

/** The colour family of a state. */
export type StateTone = 'grey' | 'blue' | 'green' | 'amber' | 'red' | 'slate';

export const stateTone: Record<StateName, StateTone> = {
  queued: 'grey',
  starting: 'blue',
  running: 'blue',
  success: 'green',
  warning: 'amber',
  error: 'red',
  cancelled: 'slate',
  skipped: 'slate',
};

export const stateWord: Record<StateName, string> = {
  queued: 'Queued',
  starting: 'Starting',
  running: 'Running',
  success: 'Success',
  warning: 'Warning',
  error: 'Error',
  cancelled: 'Cancelled',
  skipped: 'Skipped',
};

export function isMoving(state: StateName): boolean {
  return state === 'starting' || state === 'running';
}
