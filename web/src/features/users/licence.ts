import type { Licence } from '@/features/groups/effective';

export type { Licence };

export const licences: readonly Licence[] = ['developer', 'analyst', 'read_only', 'it'];

const words: Record<string, string> = {
  developer: 'Developer',
  analyst: 'Analyst',
  read_only: 'Read-only',
  it: 'IT',
};

/** What a seat lets its holder do of what their groups give. */
const meanings: Record<Licence, string> = {
  developer: 'Does all that the groups give.',
  analyst: 'Does at most what the permission set Analyst gives.',
  read_only: 'Sees what the groups give, and changes nothing.',
  it: 'Administers the account and sees no project, whatever the groups give.',
};

export function licenceWord(licence: string): string {
  return words[licence] ?? licence;
}

export function licenceMeaning(licence: Licence): string {
  return meanings[licence];
}

export const licenceChoices = licences.map((value) => ({ value, label: licenceWord(value) }));

export function readLicence(text: string | null): Licence {
  return licences.find((each) => each === text) ?? 'developer';
}
