import { formatAge, parseTimestamp } from '@/ui/time';
import type { ProviderKind } from './provider-kinds';
import type { AuthProvider } from './sso-api';

/** Something that is entered at the identity provider. */
export interface Told {
  /** As it is mostly called there. */
  name: string;
  values: readonly string[];
}

const attributes = ['email', 'first_name', 'last_name', 'groups'];
const scopes = ['openid email profile'];

/**
 * What the identity provider has to be told of us. One that is not kept yet has no address of its metadata; its other
 * addresses are those of this page's server.
 */
export function toldOf(
  kind: ProviderKind,
  provider: AuthProvider | null,
  origin: string,
): readonly Told[] {
  const callback = provider?.callback_url ?? `${origin}/complete/${kind.type}`;
  if (kind.protocol === 'saml') {
    const metadata = provider?.metadata_url;
    return [
      { name: 'Single sign-on URL (ACS)', values: [callback] },
      { name: 'Audience (our entity id)', values: [provider?.audience ?? `${origin}/`] },
      ...(metadata ? [{ name: 'Metadata', values: [metadata] }] : []),
      { name: 'Attributes to send', values: attributes },
    ];
  }
  return [
    { name: 'Redirect URI', values: [callback] },
    { name: 'Scopes', values: scopes },
    // Google has no such claim.
    ...(kind.type === 'gsuite' ? [] : [{ name: 'Claim of groups', values: ['groups'] }]),
  ];
}

/** What is special about a kind's groups. */
export function groupsNote(type: string): string | null {
  if (type === 'gsuite')
    return 'Google tells no groups: people are put into groups here, or by SCIM.';
  if (type.startsWith('azure'))
    return 'Entra ID names groups by their object ids: those are what a group here is mapped by.';
  return null;
}

/** Leads back to this page; whoever it signs in is somebody else from then on, maybe. */
export function tryHref({ login_url, id }: AuthProvider, account: number): string {
  const back = `/settings/${account}/sso?provider=${id}`;
  return `${login_url}?next=${encodeURIComponent(back)}`;
}

const soonMs = 30 * 86_400_000;

/** Null while there is time. */
export function certificateWarning(
  { cert_expiry_date }: Pick<AuthProvider, 'cert_expiry_date'>,
  now: number,
): string | null {
  const ends = parseTimestamp(cert_expiry_date);
  if (ends === null || ends - now >= soonMs) return null;
  const age = formatAge(ends, now);
  return ends <= now
    ? `The certificate expired ${/ago|now$/.test(age) ? age : `on ${age}`}. Put in the provider’s new one.`
    : `The certificate expires ${age}. Put in the provider’s new one before then.`;
}
