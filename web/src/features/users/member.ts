import type { Invite, Member, Membership } from './users-api';

/** What one calls them: their name, or the address where they have not given one. */
export function nameOf(member: Pick<Member, 'first_name' | 'last_name' | 'email'>): string {
  return `${member.first_name} ${member.last_name}`.trim() || member.email;
}

export function membershipOf(member: Member): Membership | null {
  return member.permissions[0] ?? null;
}

export function groupNames(member: Member): string {
  return (membershipOf(member)?.groups ?? []).map(({ name }) => name).join(', ');
}

/** By name, address or group. */
export function matches(member: Member, sought: string): boolean {
  const text = `${nameOf(member)} ${member.email} ${groupNames(member)}`.toLowerCase();
  return sought
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

export function isExpired(invite: Pick<Invite, 'expires_at'>, now: number): boolean {
  return Date.parse(invite.expires_at) <= now;
}

/** Addresses as people paste them: “Ann <ann@example.com>; ben@example.com”. */
export function readAddresses(text: string): string[] {
  const found = text
    .split(/[\s,;]+/)
    .map((part) => part.replace(/^<|>$/g, ''))
    .filter((part) => part.includes('@'));
  return [...new Set(found)];
}
