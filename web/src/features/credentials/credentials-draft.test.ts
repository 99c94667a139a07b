import { describe, expect, it } from 'vitest';
import type { AdapterSchema, SchemaField } from '../connections/schema-form';
import type { Credentials } from './credentials-api';
import {
  credentialsBody,
  draftOfCredentials,
  newCredentials,
  problemsOfCredentials,
  shownFields,
} from './credentials-draft';

function field(required = false, encrypt = false): SchemaField {
  return { metadata: { label: 'x', field_type: 'text', encrypt, validation: { required } } };
}

const postgres: AdapterSchema = {
  metadata: { title: 'postgres' },
  connection: { field_order: ['username'], fields: { username: field(true) } },
  credential: { field_order: ['password'], fields: { password: field(true, true) } },
};

const snowflake: AdapterSchema = {
  metadata: { title: 'snowflake' },
  connection: { field_order: [], fields: {} },
  credential: {
    field_order: ['user', 'password', 'private_key', 'token'],
    fields: {
      user: field(),
      password: field(false, true),
      private_key: field(false, true),
      token: field(false, true),
    },
  },
};

const typed = {
  ...newCredentials(),
  schema: 'analytics',
  fields: { username: 'me', password: 'open' },
};

describe('a new set of credentials', () => {
  it('is sent with what is secret marked', () => {
    expect(credentialsBody(typed, postgres, 'postgres', undefined)).toEqual({
      type: 'adapter',
      adapter_version: 'postgres_v0',
      credential_details: {
        fields: {
          username: { metadata: { encrypt: false }, value: 'me' },
          password: { metadata: { encrypt: true }, value: 'open' },
          schema: { metadata: { encrypt: false }, value: 'analytics' },
          threads: { metadata: { encrypt: false }, value: 4 },
          target_name: { metadata: { encrypt: false }, value: 'default' },
        },
      },
    });
  });

  it('wants what the connection does not say', () => {
    const nothing = newCredentials();
    expect(Object.keys(problemsOfCredentials(nothing, postgres, 'postgres', {}, false))).toEqual([
      'schema',
      'fields.username',
      'fields.password',
    ]);
    const config = { username: 'me' };
    expect(problemsOfCredentials(nothing, postgres, 'postgres', config, true)).toEqual({
      schema: expect.any(String),
    });
  });
});

it('shows the fields of the chosen way to sign in', () => {
  const names = (values: Record<string, string>) =>
    shownFields(snowflake, 'snowflake', values).map(({ name }) => name);
  expect(names({})).toEqual(['user', 'password']);
  expect(names({ auth_type: 'keypair' })).toEqual(['user', 'private_key']);
  const draft = { ...newCredentials(), schema: 's', fields: { auth_type: 'oauth', token: 't' } };
  expect(credentialsBody(draft, snowflake, 'snowflake', undefined)).toMatchObject({
    credential_details: { fields: { auth_type: { value: 'oauth' }, token: { value: 't' } } },
  });
});

it('keeps the shape of what is stored', () => {
  const stored: Credentials = {
    id: 1,
    project_id: 1,
    type: 'postgres',
    adapter_version: null,
    threads: 8,
    target_name: 'prod',
    updated_at: '',
    default_schema: 'analytics',
    username: 'me',
  };
  const draft = draftOfCredentials(stored);
  expect(draft).toEqual({
    schema: 'analytics',
    threads: '8',
    target_name: 'prod',
    fields: { username: 'me' },
  });
  expect(credentialsBody(draft, postgres, 'postgres', stored)).toEqual({
    type: 'postgres',
    username: 'me',
    threads: 8,
    target_name: 'prod',
    default_schema: 'analytics',
  });
});
