import { describe, expect, it, test } from 'vitest';
import { type SignOnChoice, signOnHref, signOnLinks, signOnSentence } from './sign-on-choices';

const choice = (type: string, rest: Partial<SignOnChoice> = {}): SignOnChoice => ({
  slug: 'acme',
  type,
  name: '',
  account_name: 'Acme',
  ...rest,
});
const labels = (...choices: SignOnChoice[]) =>
  signOnLinks(choices, undefined).map(({ label }) => label);

describe('what a button says', () => {
  it.each([
    ['okta', 'Continue with Okta'],
    ['azure_single_tenant', 'Continue with Microsoft'],
    ['azure_multi_tenant', 'Continue with Microsoft'],
    ['gsuite', 'Continue with Google'],
    ['saml', 'Continue with SAML'],
    ['oidc', 'Continue with single sign-on'],
    ['of another version', 'Continue with single sign-on'],
  ])('%s: %s', (type, label) => {
    expect(labels(choice(type))).toEqual([label]);
  });

  it('is the provider’s own name where it has one', () => {
    expect(labels(choice('saml', { name: ' Acme people ' }))).toEqual([
      'Continue with Acme people',
    ]);
  });

  it('names the account where there are several', () => {
    expect(labels(choice('okta'), choice('okta', { account_name: 'Beta' }))).toEqual([
      'Continue with Okta (Acme)',
      'Continue with Okta (Beta)',
    ]);
  });

  it('is never the same on two', () => {
    expect(labels(choice('saml'), choice('saml', { slug: 'b' }), choice('okta'))).toEqual([
      'Continue with SAML, acme',
      'Continue with SAML, b',
      'Continue with Okta',
    ]);
  });
});

test('a button leads through the server and back to the page that was wanted', () => {
  expect(signOnHref('acme', undefined)).toBe('/enterprise-login/acme');
  expect(signOnHref('acme', '/deploy/1/runs?status=error&job=2')).toBe(
    '/enterprise-login/acme?next=%2Fdeploy%2F1%2Fruns%3Fstatus%3Derror%26job%3D2',
  );
});

describe('what became of a single sign-on', () => {
  it.each(['refused', 'answer', 'settings', 'unknown', 'expired', 'unreachable'])(
    'has a sentence for %s',
    (word) => {
      expect(signOnSentence(word)).toMatch(/^[A-Z].*\.$/);
    },
  );

  it('is said in full', () => {
    expect(signOnSentence('refused')).toBe(
      'Your identity provider knows you, but you may not sign in here. Ask an administrator of your account; the audit log says why.',
    );
  });

  it.each([undefined, 'of another version', 'constructor'])('has none for %s', (word) => {
    expect(signOnSentence(word)).toBeNull();
  });
});
