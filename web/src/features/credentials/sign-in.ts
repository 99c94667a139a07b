import type { FieldValues, FormField } from '../connections/schema-form';

/** One of the ways in which a warehouse can be signed in to, and the fields that it wants. */
export interface SignInWay {
  value: string;
  label: string;
  needs: readonly string[];
  may?: readonly string[];
}

/** The field of the credentials that says which way. */
export const signInField = 'auth_type';

/** Adapters of which an environment chooses; the others have one way, or show all their fields. */
const ways: Record<string, readonly SignInWay[]> = {
  snowflake: [
    { value: 'password', label: 'User and password', needs: ['user', 'password'] },
    {
      value: 'keypair',
      label: 'Key pair',
      needs: ['user', 'private_key'],
      may: ['private_key_passphrase'],
    },
    { value: 'oauth', label: 'OAuth token', needs: ['token'], may: ['user'] },
    {
      value: 'programmatic_access_token',
      label: 'Programmatic access token',
      needs: ['user', 'token'],
    },
  ],
  databricks: [
    { value: 'token', label: 'Access token', needs: ['token'] },
    { value: 'oauth', label: 'OAuth (service principal)', needs: ['client_id', 'client_secret'] },
    {
      value: 'oauth-azure',
      label: 'OAuth (Azure service principal)',
      needs: ['azure_client_id', 'azure_client_secret'],
    },
  ],
};

export function signInWays(adapter: string): readonly SignInWay[] {
  return ways[adapter] ?? [];
}

/** The way that is chosen; the first where none is. */
export function wayOf(adapter: string, values: FieldValues): SignInWay | null {
  const all = signInWays(adapter);
  return all.find(({ value }) => value === values[signInField]) ?? all[0] ?? null;
}

/** Only the fields of the chosen way, and which of them it can't do without. */
export function fieldsOfWay(fields: readonly FormField[], way: SignInWay | null): FormField[] {
  if (way === null) return [...fields];
  return fields
    .filter(({ name }) => way.needs.includes(name) || way.may?.includes(name))
    .map((field) => ({ ...field, required: way.needs.includes(field.name) }));
}
