import { describe, expect, it } from 'vitest';
import {
  type AdapterSchema,
  connectionFields,
  credentialFields,
  labelOf,
  partsOf,
  problemsOf,
  type SchemaField,
  valuesOf,
  wireValues,
} from './schema-form';

function field(field_type: string, required = false, encrypt = false): SchemaField {
  return { metadata: { label: 'x', field_type, encrypt, validation: { required } } };
}

const schema: AdapterSchema = {
  metadata: { title: 'postgres' },
  connection: {
    field_order: ['hostname', 'port', 'username', 'sslmode', 'retries', 'keepalive', 'port'],
    fields: {
      hostname: field('text', true),
      port: field('number', true),
      username: field('text', true),
      sslmode: field('text'),
      retries: field('json'),
      keepalive: field('boolean'),
    },
  },
  credential: { field_order: ['password'], fields: { password: field('text', true, true) } },
};

const connection = connectionFields(schema);
const credentials = credentialFields(schema);

describe('fields of a schema', () => {
  it('has each once, and who one is with the credentials', () => {
    expect(connection.map(({ name }) => name)).toEqual([
      'hostname',
      'port',
      'sslmode',
      'retries',
      'keepalive',
    ]);
    expect(credentials.map(({ name, kind }) => [name, kind])).toEqual([
      ['username', 'text'],
      ['password', 'secret'],
    ]);
  });

  it('keeps what is required apart', () => {
    expect(partsOf(connection).main.map(({ name }) => name)).toEqual(['hostname', 'port']);
  });

  it('has words for names', () => {
    expect(labelOf('dbname')).toBe('Database');
    expect(labelOf('oauth_client_id')).toBe('OAuth client ID');
  });
});

describe('what is typed', () => {
  it('is checked', () => {
    const values = { hostname: ' ', port: 'many', retries: '{' };
    expect(Object.keys(problemsOf(connection, values, false))).toEqual([
      'hostname',
      'port',
      'retries',
    ]);
    expect(problemsOf(credentials, { username: 'me' }, false)).toHaveProperty('password');
    expect(problemsOf(credentials, { username: 'me', password: null }, true)).toEqual({});
    expect(problemsOf(credentials, { username: 'me', password: '' }, true)).toHaveProperty(
      'password',
    );
  });

  it('is sent in the types of the fields', () => {
    const values = { hostname: ' db ', port: '5432', retries: '{"a":1}', keepalive: true };
    expect(wireValues(connection, values, {})).toEqual({
      hostname: 'db',
      port: 5432,
      retries: { a: 1 },
      keepalive: true,
    });
  });

  it('takes out what was emptied, and leaves secrets that were not typed', () => {
    expect(wireValues(connection, { hostname: 'db', sslmode: '' }, { sslmode: 'require' })).toEqual(
      {
        hostname: 'db',
        sslmode: null,
      },
    );
    expect(wireValues(credentials, { username: 'me', password: null }, { username: 'me' })).toEqual(
      {
        username: 'me',
      },
    );
  });

  it('is what was stored', () => {
    expect(valuesOf({ port: 1, on: false, list: [1] })).toEqual({
      port: '1',
      on: false,
      list: '[\n  1\n]',
    });
  });
});
