import { type OutgoingStatus, outgoingStatuses } from '../outbox/outbox-facts';

export interface MailSearch {
  /** Which letters are listed; all without it. */
  status?: OutgoingStatus;
  /** The side panel: the id of the letter that it shows. */
  letter?: number;
}

export function readMailSearch(search: Record<string, unknown>): MailSearch {
  const status = outgoingStatuses.find((known) => known === search['status']);
  const letter = Number(search['letter']);
  return {
    ...(status !== undefined && { status }),
    ...(Number.isSafeInteger(letter) && letter > 0 && { letter }),
  };
}
