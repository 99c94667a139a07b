import { expect, it } from 'vitest';
import { below, stillTrue } from './use-draft';

it('forgets what was said of a field once it is touched', () => {
  const errors = { name: 'a', 'fields.host': 'b', 'fields.port': 'c' };
  const before = { name: '', fields: { host: '', port: '' } };
  const after = { name: '', fields: { host: 'db', port: '' } };
  expect(stillTrue(errors, before, after)).toEqual({ name: 'a', 'fields.port': 'c' });
});

it('puts problems under a longer path', () => {
  expect(below('connection', { 'fields.host': 'b' })).toEqual({ 'connection.fields.host': 'b' });
});
