import type { ProviderKind } from './provider-kinds';
import type { AuthProvider, ProviderInput } from './sso-api';

export interface ProviderDraft {
  type: string;
  name: string;
  slug: string;
  /** Of the kind's own fields. */
  texts: Record<string, string>;
  /** null: what is stored stays. */
  secret: string | null;
  sign_request: boolean;
  allow_password_backdoor: boolean;
  attribute_map: string;
}

type Problems = Record<string, string>;

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function mapProblem(text: string): string | null {
  if (text.trim() === '') return null;
  try {
    const map: unknown = JSON.parse(text);
    if (isRecord(map) && Object.values(map).every((name) => typeof name === 'string')) return null;
  } catch {
    // Said below.
  }
  return 'This has to be JSON with a text for each name, such as {"mail": "email"}';
}

/** What a form starts with; a secret never comes back. */
export function draftOf(provider: AuthProvider | null): ProviderDraft {
  const { entity_id, sso_url, cert, issuer_url, client_id, tenant_id, domain } = provider ?? {};
  const stored = { entity_id, sso_url, cert, issuer_url, client_id, tenant_id, domain };
  const map = provider?.attribute_map.trim() ?? '';
  return {
    type: provider?.type ?? 'saml',
    name: provider?.name ?? '',
    slug: provider?.slug ?? '',
    texts: Object.fromEntries(Object.entries(stored).map(([name, text]) => [name, text ?? ''])),
    secret: null,
    sign_request: provider?.sign_request ?? false,
    allow_password_backdoor: provider?.allow_password_backdoor ?? true,
    attribute_map: map === '{}' ? '' : map,
  };
}

/** The body of a request: what is empty is taken out, a secret that was not typed stays. */
export function inputOf(kind: ProviderKind, draft: ProviderDraft): ProviderInput {
  const input: ProviderInput = {
    type: kind.type,
    name: draft.name.trim(),
    slug: draft.slug.trim(),
    allow_password_backdoor: draft.allow_password_backdoor,
    attribute_map: draft.attribute_map.trim() || '{}',
  };
  if (kind.protocol === 'saml') input['sign_request'] = draft.sign_request;
  for (const field of kind.fields) {
    if (!field.secret) input[field.name] = draft.texts[field.name]?.trim() || null;
    else if (draft.secret) input[field.name] = draft.secret;
  }
  return input;
}

export function problemsOf(kind: ProviderKind, draft: ProviderDraft, stored: boolean): Problems {
  const missing = kind.fields
    .filter(({ name, required }) => required && !draft.texts[name]?.trim())
    .map(({ name, label }) => [name, `${label} is missing`]);
  const problems: Problems = Object.fromEntries(missing);
  // A new one gets one; another would be another address than the one that people know.
  if (stored && draft.slug.trim() === '') problems['slug'] = 'Slug is missing';
  const wrong = mapProblem(draft.attribute_map);
  if (wrong !== null) problems['attribute_map'] = wrong;
  return problems;
}
