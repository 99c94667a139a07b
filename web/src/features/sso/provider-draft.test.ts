import { describe, expect, it, test } from 'vitest';
import { draftOf, inputOf, problemsOf } from './provider-draft';
import { kindOf } from './provider-kinds';
import type { AuthProvider } from './sso-api';

const entra = kindOf('azure_single_tenant');
const empty = draftOf(null);

const stored = {
  id: 1,
  type: 'azure_single_tenant',
  slug: 'acme',
  name: 'Acme',
  allow_password_backdoor: false,
  sign_request: false,
  attribute_map: '{}',
  client_id: 'c',
  tenant_id: null,
  client_secret: 'hush',
} as unknown as AuthProvider;

test('a form starts with what is kept, and without its secret', () => {
  const draft = draftOf(stored);
  expect(draft).toMatchObject({ slug: 'acme', name: 'Acme', secret: null, attribute_map: '' });
  expect(draft.allow_password_backdoor).toBe(false);
  expect(draft.texts).toMatchObject({ client_id: 'c', tenant_id: '' });
  expect(JSON.stringify(draft)).not.toContain('hush');
  expect(empty.allow_password_backdoor).toBe(true);
});

test('what is empty is taken out, and a secret that was not typed stays', () => {
  const texts = { client_id: ' c ', tenant_id: 't', domain: '', entity_id: 'of another kind' };
  expect(inputOf(entra, { ...empty, texts, slug: ' ' })).toEqual({
    type: 'azure_single_tenant',
    name: '',
    slug: '',
    allow_password_backdoor: true,
    attribute_map: '{}',
    client_id: 'c',
    tenant_id: 't',
    domain: null,
  });
  expect(inputOf(entra, { ...empty, secret: 'new' })['client_secret']).toBe('new');
  expect(inputOf(kindOf('okta'), { ...empty, sign_request: true })['sign_request']).toBe(true);
});

describe('what is wrong', () => {
  const texts = { client_id: 'c', tenant_id: 't' };
  const draft = { ...empty, texts };

  it('is nothing in a whole one', () => {
    expect(problemsOf(entra, draft, false)).toEqual({});
  });

  it('is what has to be there and is not', () => {
    expect(
      problemsOf(entra, { ...draft, texts: { client_id: ' ', tenant_id: 't' } }, false),
    ).toEqual({ client_id: 'Client id is missing' });
  });

  it('is a slug that was there and is no more', () => {
    expect(problemsOf(entra, draft, true)).toEqual({ slug: 'Slug is missing' });
    expect(problemsOf(entra, { ...draft, slug: 'acme' }, true)).toEqual({});
  });

  it.each(['', ' ', '{}', '{"mail": "email"}'])(
    'is no attribute map like “%s”',
    (attribute_map) => {
      expect(problemsOf(entra, { ...draft, attribute_map }, false)).toEqual({});
    },
  );

  it.each(['mail', '[]', 'null', '{"mail": 1}', '{"mail": "email"'])(
    'is an attribute map like “%s”',
    (attribute_map) => {
      expect(problemsOf(entra, { ...draft, attribute_map }, false)).toHaveProperty('attribute_map');
    },
  );
});
