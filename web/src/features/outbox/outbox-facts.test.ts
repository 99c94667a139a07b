import { expect, test } from 'vitest';
import { outgoingState, outgoingStatuses } from './outbox-facts';

test('what goes out waits, was sent, or was not delivered', () => {
  expect(outgoingStatuses.map((status) => outgoingState(status).word)).toEqual([
    'Waiting',
    'Sent',
    'Not delivered',
  ]);
  expect(outgoingState('failed').state).toBe('error');
});
