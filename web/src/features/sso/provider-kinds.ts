import type { AuthProvider, ProviderInput } from './sso-api';

export interface ProviderField {
  name: string;
  label: string;
  help?: string;
  required?: boolean;
  /** Written, and never read. */
  secret?: boolean;
  lines?: number;
}

export interface ProviderKind {
  type: string;
  word: string;
  fields: readonly ProviderField[];
}

const saml: readonly ProviderField[] = [
  { name: 'entity_id', label: 'Entity id', help: 'The provider’s issuer.', required: true },
  { name: 'sso_url', label: 'Sign-on address', required: true },
  { name: 'cert', label: 'X.509 certificate', help: 'PEM, of the provider.', lines: 4 },
];

const client: readonly ProviderField[] = [
  { name: 'client_id', label: 'Client id', required: true },
  { name: 'client_secret', label: 'Client secret', secret: true },
];

/** Kinds and fields as dbt Cloud's Terraform provider writes them. */
export const providerKinds: readonly ProviderKind[] = [
  { type: 'saml', word: 'SAML 2.0', fields: saml },
  { type: 'okta', word: 'Okta', fields: saml },
  {
    type: 'azure_single_tenant',
    word: 'Microsoft Entra ID',
    fields: [
      ...client,
      { name: 'tenant_id', label: 'Tenant id', required: true },
      { name: 'domain', label: 'Domain' },
    ],
  },
  {
    type: 'gsuite',
    word: 'Google Workspace',
    fields: [...client, { name: 'domain', label: 'Domain', required: true }],
  },
];

export function kindOf(type: string | undefined): ProviderKind | null {
  return providerKinds.find((kind) => kind.type === type) ?? null;
}

export function providerWord(type: string | undefined): string {
  return kindOf(type)?.word ?? type ?? 'Provider';
}

export type Texts = Record<string, string>;

/** What a form starts with; a secret never comes back. */
export function textsOf(provider: AuthProvider | null, kind: ProviderKind): Texts {
  return Object.fromEntries(
    kind.fields
      .filter(({ secret }) => !secret)
      .map(({ name }) => [name, String(provider?.[name] ?? '')]),
  );
}

/** The body of a request: what is empty is taken out, a secret that was not typed stays. */
export function inputOf(
  kind: ProviderKind,
  slug: string,
  texts: Texts,
  secret: string | null,
): ProviderInput {
  const input: ProviderInput = { type: kind.type, slug: slug.trim() || null };
  for (const field of kind.fields) {
    if (!field.secret) input[field.name] = texts[field.name]?.trim() || null;
    else if (secret) input[field.name] = secret;
  }
  return input;
}

export function missing(kind: ProviderKind, texts: Texts): Texts {
  return Object.fromEntries(
    kind.fields
      .filter(({ name, required }) => required && !texts[name]?.trim())
      .map(({ name, label }) => [name, `${label} is missing`]),
  );
}
