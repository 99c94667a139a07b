import { describe, expect, it } from 'vitest';
import { errorOfResponse, unwrap } from './envelope';
import { ApiError, isRetryable, kindOfStatus, messageOf } from './errors';

const envelope = (code: number, success: boolean, message: string, data: unknown = null) => ({
  status: { code, is_success: success, user_message: message, developer_message: 'detail' },
  data,
});

describe('unwrap', () => {
  it('returns data and pagination', () => {
    const body = {
      ...envelope(200, true, 'Success!', [1, 2]),
      extra: { pagination: { count: 2, total_count: 9 } },
    };
    const { data, extra } = unwrap<number[]>(200, body);
    expect(data).toEqual([1, 2]);
    expect(extra?.pagination?.total_count).toBe(9);
  });

  it('gives no extra when there is none', () => {
    expect(unwrap(200, envelope(200, true, 'Success!', {})).extra).toBeNull();
  });

  it('treats a failing envelope as an error whatever the HTTP status says', () => {
    const act = () => unwrap(200, envelope(404, false, 'Not here'));
    expect(act).toThrowError('Not here');
    expect(act).toThrowError(ApiError);
  });

  it.each([null, 'text', 12, [], {}, { data: 1 }, { status: 'ok', data: 1 }])(
    'refuses %j, which is no envelope',
    (body) => {
      expect(() => unwrap(200, body)).toThrowError(/does not understand/);
    },
  );
});

describe('errorOfResponse', () => {
  it("uses the server's words", () => {
    const error = errorOfResponse(400, envelope(400, false, 'cause: must not be empty'));
    expect(error.message).toBe('cause: must not be empty');
    expect(error.kind).toBe('invalid');
    expect(error.developerMessage).toBe('detail');
  });

  it.each(['<html>Bad gateway</html>', null, { status: {} }, { status: { user_message: '  ' } }])(
    'has a sentence of its own for %j',
    (body) => {
      const error = errorOfResponse(502, body);
      expect(error.kind).toBe('unavailable');
      expect(error.message).toMatch(/retries by itself/);
    },
  );
});

describe('kinds', () => {
  it.each([
    [400, 'invalid'],
    [401, 'unauthenticated'],
    [403, 'forbidden'],
    [404, 'not_found'],
    [409, 'conflict'],
    [422, 'invalid'],
    [429, 'limited'],
    [500, 'server'],
    [502, 'unavailable'],
    [503, 'unavailable'],
    [504, 'unavailable'],
  ] as const)('%i is %s', (status, kind) => {
    expect(kindOfStatus(status)).toBe(kind);
  });

  it('retries what time can heal, and nothing else', () => {
    expect(isRetryable(errorOfResponse(503, null))).toBe(true);
    expect(isRetryable(errorOfResponse(429, null))).toBe(true);
    expect(isRetryable(errorOfResponse(404, null))).toBe(false);
    expect(isRetryable(errorOfResponse(500, null))).toBe(false);
    expect(isRetryable(new TypeError('x is undefined'))).toBe(false);
  });

  it('never shows the text of a programming error', () => {
    expect(messageOf(new TypeError('x is undefined'))).toBe('Something went wrong on the server.');
  });
});
