import { expect, test } from 'vitest';
import { inputOf, kindOf, missing, providerWord, textsOf } from './provider-kinds';

const entra = kindOf('azure_single_tenant');
if (entra === null) throw new Error('no such kind');

test('a kind that is not known goes by its own name', () => {
  expect(providerWord('azure_single_tenant')).toBe('Microsoft Entra ID');
  expect(providerWord('of another version')).toBe('of another version');
  expect(providerWord(undefined)).toBe('Provider');
});

test('a secret is not among what a form starts with', () => {
  const provider = { id: 1, updated_at: '', client_id: 'c', client_secret: 's' };
  expect(textsOf(provider, entra)).toEqual({ client_id: 'c', tenant_id: '', domain: '' });
});

test('what is empty is taken out, and a secret that was not typed stays', () => {
  const texts = { client_id: ' c ', tenant_id: 't', domain: '' };
  expect(inputOf(entra, ' ', texts, null)).toEqual({
    type: 'azure_single_tenant',
    slug: null,
    client_id: 'c',
    tenant_id: 't',
    domain: null,
  });
  expect(inputOf(entra, 'acme', texts, 'new')['client_secret']).toBe('new');
});

test('what has to be there', () => {
  expect(missing(entra, { client_id: ' ', tenant_id: 't' })).toEqual({
    client_id: 'Client id is missing',
  });
});
