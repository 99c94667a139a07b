export interface ProviderField {
  name: string;
  label: string;
  help?: string;
  required?: boolean;
  /** Written, and never read. */
  secret?: boolean;
  lines?: number;
}

export type Protocol = 'saml' | 'oidc';

export interface ProviderKind {
  type: string;
  word: string;
  protocol: Protocol;
  fields: readonly ProviderField[];
  /** Known to the API, and not offered for a new one. */
  old?: boolean;
}

const saml: readonly ProviderField[] = [
  { name: 'entity_id', label: 'Entity id', help: 'The provider’s issuer.', required: true },
  {
    name: 'sso_url',
    label: 'Sign-on address',
    help: 'Where the provider signs people in: https://…',
    required: true,
  },
  {
    name: 'cert',
    label: 'X.509 certificate',
    help: 'The provider’s, in PEM: by it an answer is known to be the provider’s own.',
    lines: 4,
    required: true,
  },
];

const client: readonly ProviderField[] = [
  { name: 'client_id', label: 'Client id', required: true },
  { name: 'client_secret', label: 'Client secret', secret: true },
];

const domain = { name: 'domain', label: 'Domain', help: 'Only its e-mail addresses may sign in.' };

const azure: readonly ProviderField[] = [
  ...client,
  { name: 'tenant_id', label: 'Tenant id', help: 'Of your directory.', required: true },
  domain,
];

const issuer = {
  name: 'issuer_url',
  label: 'Issuer address',
  help: 'What stands before /.well-known/openid-configuration: https://…',
  required: true,
};

/** Kinds and fields as dbt Cloud's Terraform provider writes them; `oidc` is ours. */
export const providerKinds: readonly ProviderKind[] = [
  { type: 'saml', word: 'SAML 2.0', protocol: 'saml', fields: saml },
  { type: 'okta', word: 'Okta', protocol: 'saml', fields: saml },
  { type: 'azure_single_tenant', word: 'Microsoft Entra ID', protocol: 'oidc', fields: azure },
  {
    type: 'gsuite',
    word: 'Google Workspace',
    protocol: 'oidc',
    fields: [...client, { ...domain, required: true }],
  },
  { type: 'oidc', word: 'OpenID Connect', protocol: 'oidc', fields: [issuer, ...client] },
  ...['azure_multi_tenant', 'azure_active_directory'].map((type) => ({
    type,
    word: `Microsoft Entra ID (${type})`,
    protocol: 'oidc' as const,
    fields: azure,
    old: true,
  })),
];

export function kindOf(type: string): ProviderKind {
  const kind = providerKinds.find((each) => each.type === type);
  return kind ?? { type, word: type, protocol: 'oidc', fields: [], old: true };
}

/** Among what a provider of this type can be chosen. */
export function kindsFor(type: string): readonly ProviderKind[] {
  const kinds = providerKinds.filter((kind) => !kind.old);
  const kind = kindOf(type);
  return kind.old ? [...kinds, kind] : kinds;
}

/** What somebody calls it: by its own name, else by its kind. */
export function providerWord({ name, type }: { name: string; type: string }): string {
  return name.trim() || kindOf(type).word;
}
