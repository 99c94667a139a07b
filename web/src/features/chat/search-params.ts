import { type OutgoingStatus, outgoingStatuses } from '../outbox/outbox-facts';

export interface ChatSearch {
  /** Which messages are listed; all without it. */
  status?: OutgoingStatus;
  /** The side panel: the id of the message that it shows. */
  message?: number;
  /** The side panel: `new`, or the id of a channel of Teams. */
  channel?: 'new' | number;
  /** What came of a visit to Slack’s own page. */
  slack?: string;
}

function id(value: unknown): number | undefined {
  const number = Number(value);
  return Number.isSafeInteger(number) && number > 0 ? number : undefined;
}

export function readChatSearch(search: Record<string, unknown>): ChatSearch {
  const status = outgoingStatuses.find((known) => known === search['status']);
  const message = id(search['message']);
  const channel = search['channel'] === 'new' ? 'new' : id(search['channel']);
  const slack = search['slack'];
  return {
    ...(status !== undefined && { status }),
    ...(message !== undefined && { message }),
    ...(channel !== undefined && { channel }),
    ...(typeof slack === 'string' && { slack }),
  };
}
