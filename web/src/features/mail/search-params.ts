export const letterStatuses = ['pending', 'sent', 'failed'] as const;

export type LetterStatus = (typeof letterStatuses)[number];

export interface MailSearch {
  /** Which letters are listed; all without it. */
  status?: LetterStatus;
  /** The side panel: the id of the letter that it shows. */
  letter?: number;
}

export function readMailSearch(search: Record<string, unknown>): MailSearch {
  const status = letterStatuses.find((known) => known === search['status']);
  const letter = Number(search['letter']);
  return {
    ...(status !== undefined && { status }),
    ...(Number.isSafeInteger(letter) && letter > 0 && { letter }),
  };
}
