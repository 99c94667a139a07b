import type { Session } from '@/api/types';

/** Only there to resolve paths against; nothing is ever fetched from it. */
const nowhere = 'https://nowhere.invalid';

/**
 * Where to go after signing in, out of what the address bar says: a path of this application, or null.
 * Anything that a browser could take for another site is refused, as is the sign-in page itself.
 */
export function safeNext(value: unknown): string | null {
  if (typeof value !== 'string' || !value.startsWith('/')) return null;
  let url: URL;
  try {
    url = new URL(value, nowhere);
  } catch {
    return null;
  }
  if (url.origin !== nowhere || value.startsWith('//') || url.pathname.startsWith('//'))
    return null;
  if (/^\/sign-in\/?$/.test(url.pathname)) return null;
  return `${url.pathname}${url.search}${url.hash}`;
}

export function homeOf(session: Session): string {
  return `/deploy/${session.account.id}/runs`;
}

export interface SignInSearch {
  next?: string;
  /** What became of a single sign-on, in a word of the server's, and by which provider's slug. */
  sign_on?: string;
  provider?: string;
}

const word = (value: unknown) =>
  /^[\w-]{1,64}$/.test(String(value ?? '')) ? String(value) : undefined;

export function readSignInSearch(raw: Record<string, unknown>): SignInSearch {
  const next = safeNext(raw['next']);
  const [sign_on, provider] = [word(raw['sign_on']), word(raw['provider'])];
  return {
    ...(next === null ? {} : { next }),
    ...(sign_on ? { sign_on } : {}),
    ...(provider ? { provider } : {}),
  };
}
