import type { OutgoingStatus } from '../outbox/outbox-facts';
import type { Letter, LetterKind } from './mail-api';

/** Rules of letters that need no page. */

const kinds: Record<LetterKind, string> = {
  models: 'Models of an owner',
  run: 'The end of a run',
  invitation: 'Invitation',
  password_reset: 'New password',
  chat_broken: 'Slack no longer connected',
  test: 'Test',
};

export function kindWord(kind: LetterKind): string {
  return kinds[kind];
}

/** Its subject. What tells of a run has none until it is sent: it is made of the run only then. */
export function letterAbout({ subject, kind, run_id }: Letter): string {
  if (subject !== '') return subject;
  return run_id === null ? kindWord(kind) : `Run #${run_id}`;
}

const nothing: Record<OutgoingStatus, string> = {
  pending: 'Nothing is waiting to be sent.',
  sent: 'Nothing has been sent yet.',
  failed: 'Nothing has failed: the mail server took whatever was sent.',
};

/** Where a list has no rows. */
export function nothingListed(status: OutgoingStatus | undefined): string {
  if (status !== undefined) return nothing[status];
  return 'There are none yet. When a run ends that a rule is about, or somebody is invited or asks for a new password, the e-mail is listed here with what became of it. A test is not listed.';
}

/** What this account does about e-mail, of what its two switches say. */
export function sendingOf(mail: { configured: boolean; enabled: boolean }) {
  if (!mail.configured) return 'no server';
  return mail.enabled ? 'sent' : 'off';
}
