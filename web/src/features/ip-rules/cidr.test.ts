import { expect, test } from 'vitest';
import { isNetwork } from './cidr';

test.each(['10.0.0.0/8', '10.1.2.3', '0.0.0.0/0', 'fd00::/8', '::1', '2001:db8:0:0:0:0:0:1'])(
  '%s is a network',
  (text) => expect(isNetwork(text)).toBe(true),
);

test.each([
  '',
  '10.0.0',
  '10.0.0.256',
  '10.0.0.0/33',
  '10.0.0.0/',
  '10.0.0.0/8/8',
  'office',
  ':::1',
  'fd00::/129',
])('“%s” is none', (text) => expect(isNetwork(text)).toBe(false));
