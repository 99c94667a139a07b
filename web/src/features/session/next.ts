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
