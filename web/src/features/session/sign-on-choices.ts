import { queryOptions } from '@tanstack/react-query';
import { ui } from '@/api/client';
import { keys } from '@/api/keys';

/** An identity provider by which somebody can sign in. */
export interface SignOnChoice {
  slug: string;
  type: string;
  name: string;
  account_name: string;
}

/** Open to everybody. */
export const signOnQuery = queryOptions({
  queryKey: [...keys.session, 'sign-on'] as const,
  queryFn: ({ signal }) => ui.get<SignOnChoice[]>('/sign-on/', { signal }),
});

function providerOf({ name, type }: SignOnChoice): string {
  if (name.trim() !== '') return name.trim();
  if (type.startsWith('azure')) return 'Microsoft';
  return { okta: 'Okta', gsuite: 'Google', saml: 'SAML' }[type] ?? 'single sign-on';
}

export interface SignOnLink {
  slug: string;
  label: string;
  href: string;
}

/** The buttons, no two of the same words. */
export function signOnLinks(choices: readonly SignOnChoice[], next: string | undefined) {
  const several = new Set(choices.map(({ account_name }) => account_name)).size > 1;
  const labels = choices.map(
    (choice) => `Continue with ${providerOf(choice)}${several ? ` (${choice.account_name})` : ''}`,
  );
  return choices.map(({ slug }, place): SignOnLink => {
    const label = labels[place] ?? '';
    const unique = labels.indexOf(label) === labels.lastIndexOf(label);
    return { slug, label: unique ? label : `${label}, ${slug}`, href: signOnHref(slug, next) };
  });
}

export function signOnHref(slug: string, next: string | undefined): string {
  const query = next === undefined ? '' : `?next=${encodeURIComponent(next)}`;
  return `/enterprise-login/${encodeURIComponent(slug)}${query}`;
}

const why = 'ask an administrator of your account; the audit log says why.';

const sentences: Record<string, string> = {
  refused: `Your identity provider knows you, but you may not sign in here. A${why.slice(1)}`,
  answer: `What your identity provider answered could not be accepted. Try again; if it stays so, ${why}`,
  settings: `This identity provider is not set up completely. A${why.slice(1)}`,
  unknown:
    'There is no such sign-in address. Sign in below, or ask an administrator of your account for the right one.',
  expired: 'The sign-in took too long, or was begun in another window. Try again.',
  unreachable: `Your identity provider could not be reached. Try again in a minute; if it stays so, ${why}`,
};

/** What became of a single sign-on and what to do; null for a word that is not the server's. */
export function signOnSentence(word: string | undefined): string | null {
  return word !== undefined && Object.hasOwn(sentences, word) ? (sentences[word] ?? null) : null;
}
