import { describe, expect, it, test } from 'vitest';
import { certificateWarning, groupsNote, toldOf, tryHref } from './provider-facts';
import { kindOf } from './provider-kinds';
import type { AuthProvider } from './sso-api';

const origin = 'https://here.example';
const told = (type: string, provider: Partial<AuthProvider> | null) =>
  toldOf(kindOf(type), provider as AuthProvider | null, origin).map(({ name, values }) => [
    name,
    ...values,
  ]);

describe('what an identity provider is told', () => {
  it('by SAML, before it is kept', () => {
    expect(told('okta', null)).toEqual([
      ['Single sign-on URL (ACS)', 'https://here.example/complete/okta'],
      ['Audience (our entity id)', 'https://here.example/'],
      ['Attributes to send', 'email', 'first_name', 'last_name', 'groups'],
    ]);
  });

  it('by SAML, as the server says', () => {
    const urls = {
      callback_url: 'https://x/acs',
      audience: 'https://x/',
      metadata_url: 'https://x/m',
    };
    expect(told('saml', urls).slice(0, 3)).toEqual([
      ['Single sign-on URL (ACS)', 'https://x/acs'],
      ['Audience (our entity id)', 'https://x/'],
      ['Metadata', 'https://x/m'],
    ]);
  });

  it('by OpenID Connect', () => {
    expect(told('oidc', { callback_url: 'https://x/complete/oidc' })).toEqual([
      ['Redirect URI', 'https://x/complete/oidc'],
      ['Scopes', 'openid email profile'],
      ['Claim of groups', 'groups'],
    ]);
  });

  it('not of groups, which Google does not tell', () => {
    expect(told('gsuite', null).map(([name]) => name)).toEqual(['Redirect URI', 'Scopes']);
    expect(groupsNote('gsuite')).toMatch(/SCIM/);
    expect(groupsNote('azure_single_tenant')).toMatch(/object ids/);
    expect(groupsNote('saml')).toBeNull();
  });
});

test('trying it leads back here', () => {
  const provider = { id: 7, login_url: 'https://x/enterprise-login/acme' } as AuthProvider;
  expect(tryHref(provider, 3)).toBe(
    'https://x/enterprise-login/acme?next=%2Fsettings%2F3%2Fsso%3Fprovider%3D7',
  );
});

describe('a certificate', () => {
  const now = Date.UTC(2026, 2, 1);
  const warning = (cert_expiry_date: string | null) =>
    certificateWarning({ cert_expiry_date }, now);

  it.each([null, '2027-03-01T00:00:00Z', '2026-03-31T00:00:00Z'])('that ends %s is good', (at) => {
    expect(warning(at)).toBeNull();
  });

  it.each([
    ['2026-03-06T00:00:00Z', 'The certificate expires in 5 days. '],
    ['2026-02-27T00:00:00Z', 'The certificate expired 2 days ago. '],
    ['2025-06-05T12:00:00Z', 'The certificate expired on 5 Jun 2025. '],
  ])('that ends %s', (at, words) => {
    expect(warning(at)).toContain(words);
  });
});
