import { expect, test } from 'vitest';
import { kindOf, kindsFor, providerWord } from './provider-kinds';

const offered = ['saml', 'okta', 'azure_single_tenant', 'gsuite', 'oidc'];
const types = (type: string) => kindsFor(type).map((kind) => kind.type);

test('a provider goes by its name, else by its kind, else by a kind that is not known', () => {
  expect(providerWord({ name: ' Acme ', type: 'okta' })).toBe('Acme');
  expect(providerWord({ name: ' ', type: 'azure_single_tenant' })).toBe('Microsoft Entra ID');
  expect(providerWord({ name: '', type: 'of another version' })).toBe('of another version');
});

test('a new one is of five kinds, and one that the API made keeps its own', () => {
  expect(types('saml')).toEqual(offered);
  expect(types('azure_multi_tenant')).toEqual([...offered, 'azure_multi_tenant']);
  expect(types('of another version')).toEqual([...offered, 'of another version']);
});

test('what has to be there', () => {
  const required = (type: string) =>
    kindOf(type)
      .fields.filter((field) => field.required)
      .map(({ name }) => name);
  expect(required('okta')).toEqual(['entity_id', 'sso_url', 'cert']);
  expect(required('azure_single_tenant')).toEqual(['client_id', 'tenant_id']);
  expect(required('gsuite')).toEqual(['client_id', 'domain']);
  expect(required('oidc')).toEqual(['issuer_url', 'client_id']);
});
