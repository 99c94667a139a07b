import type { StateName } from '@/ui/states';

/** What is the same of all that is sent by itself and tried again: letters, messages of chats. */

export const outgoingStatuses = ['pending', 'sent', 'failed'] as const;

export type OutgoingStatus = (typeof outgoingStatuses)[number];

export interface Outgoing {
  id: number;
  status: OutgoingStatus;
  attempts: number;
  last_error: string | null;
  created_at: string;
  ended_at: string | null;
  next_try_at: string;
}

interface OutgoingState {
  state: StateName;
  word: string;
}

const states: Record<OutgoingStatus, OutgoingState> = {
  pending: { state: 'queued', word: 'Waiting' },
  sent: { state: 'success', word: 'Sent' },
  failed: { state: 'error', word: 'Not delivered' },
};

export function outgoingState(status: OutgoingStatus): OutgoingState {
  return states[status];
}
