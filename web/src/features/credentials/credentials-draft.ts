import { adapterOf, withVersion } from '../connections/adapters';
import {
  type AdapterSchema,
  credentialFields,
  type FieldValues,
  problemsOf,
  valuesOf,
  wireValues,
} from '../connections/schema-form';
import type { Credentials } from './credentials-api';
import { fieldsOfWay, signInField, wayOf } from './sign-in';

/** A set of credentials as the form holds it. */
export interface CredentialsDraft {
  schema: string;
  threads: string;
  target_name: string;
  fields: FieldValues;
}

export function newCredentials(): CredentialsDraft {
  return { schema: '', threads: '4', target_name: 'default', fields: {} };
}

/** What stands beside the adapter's own fields. */
const own = new Set([
  'id',
  'account_id',
  'project_id',
  'type',
  'state',
  'threads',
  'target_name',
  'adapter_version',
  'adapter_id',
  'created_at',
  'updated_at',
  'schema',
  'default_schema',
]);

/** The adapter's fields of either shape, as far as the API shows them. */
export function storedFields(credentials: Credentials): Record<string, unknown> {
  const all = credentials.unencrypted_credential_details ?? credentials;
  return Object.fromEntries(Object.entries(all).filter(([name]) => !own.has(name)));
}

export function schemaOf(credentials: Credentials): string {
  const details = credentials.unencrypted_credential_details ?? credentials;
  const schema = details['schema'] ?? details['default_schema'];
  return typeof schema === 'string' ? schema : '';
}

export function draftOfCredentials(credentials: Credentials): CredentialsDraft {
  return {
    schema: schemaOf(credentials),
    threads: String(credentials.threads),
    target_name: credentials.target_name,
    fields: valuesOf(storedFields(credentials)),
  };
}

/** The adapter's fields that the form shows. */
export function shownFields(schema: AdapterSchema, adapter: string, values: FieldValues) {
  return fieldsOfWay(credentialFields(schema), wayOf(adapter, values));
}

/** Who one is may be the connection's already; only what it lacks is asked for. */
export function askedFields(
  schema: AdapterSchema,
  adapter: string,
  values: FieldValues,
  connection: Record<string, unknown>,
) {
  return shownFields(schema, adapter, values).map((field) =>
    (connection[field.name] ?? '') === '' ? field : { ...field, required: false },
  );
}

export function problemsOfCredentials(
  draft: CredentialsDraft,
  schema: AdapterSchema | undefined,
  adapter: string,
  connection: Record<string, unknown>,
  isStored: boolean,
): Record<string, string> {
  const found: Record<string, string> = {};
  if (draft.schema.trim() === '') found['schema'] = 'Say into which schema dbt builds';
  const threads = Number(draft.threads);
  if (!Number.isInteger(threads) || threads < 1 || threads > 256)
    found['threads'] = 'From 1 to 256';
  if (schema === undefined) return found;
  const fields = askedFields(schema, adapter, draft.fields, connection);
  for (const [field, problem] of Object.entries(problemsOf(fields, draft.fields, isStored)))
    found[`fields.${field}`] = problem;
  return found;
}

/** What the API is sent; of a stored set in its own shape. */
export function credentialsBody(
  draft: CredentialsDraft,
  schema: AdapterSchema,
  adapter: string,
  stored: Credentials | undefined,
): Record<string, unknown> {
  const all = credentialFields(schema);
  const before = stored === undefined ? {} : storedFields(stored);
  const values = wireValues(shownFields(schema, adapter, draft.fields), draft.fields, before);
  const way = wayOf(adapter, draft.fields);
  if (way !== null) values[signInField] = way.value;
  const common = {
    schema: draft.schema.trim(),
    threads: Number(draft.threads),
    target_name: draft.target_name.trim() || 'default',
  };
  const type = stored?.type ?? 'adapter';
  if (type !== 'adapter') {
    const { schema: name, ...others } = common;
    const key = type === 'postgres' || type === 'redshift' ? 'default_schema' : 'schema';
    return { type, ...values, ...others, [key]: name };
  }
  const fields = Object.fromEntries(
    Object.entries({ ...values, ...common }).map(([name, value]) => {
      const encrypt = all.some((field) => field.name === name && field.kind === 'secret');
      return [name, { metadata: { encrypt }, value }];
    }),
  );
  const version = stored?.adapter_version ?? withVersion(adapterOf(adapter));
  return { type, adapter_version: version, credential_details: { fields } };
}
