import { describe, expect, it } from 'vitest';
import type { NodeDetail } from '../node-api';
import { relationName, webAddress } from './relation-name';

const node = (more: Partial<NodeDetail>) =>
  ({ name: 'orders', resourceType: 'model', ...more }) as NodeDetail;

describe('relationName', () => {
  it('says where it is in the warehouse, under the name that it has there', () => {
    expect(relationName(node({ database: 'db', schema: 'main', alias: 'o' }))).toBe('db.main.o');
    expect(relationName(node({ database: null, schema: 'raw', identifier: 'raw_orders' }))).toBe(
      'raw.raw_orders',
    );
    expect(relationName(node({ schema: 'main' }))).toBe('main.orders');
  });

  it('is none for what is not built', () => {
    expect(relationName(node({ resourceType: 'exposure' }))).toBeNull();
    expect(relationName(node({ resourceType: 'test', schema: 'audit' }))).toBeNull();
  });
});

describe('webAddress', () => {
  it('takes web pages alone', () => {
    expect(webAddress('https://bi.example/1')).toBe('https://bi.example/1');
    expect(webAddress('javascript:alert(1)')).toBeNull();
    expect(webAddress(' https://x')).toBeNull();
    expect(webAddress(null)).toBeNull();
  });
});
