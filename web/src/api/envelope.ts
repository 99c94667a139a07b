import { ApiError, kindOfStatus, textFor } from './errors';

/** API v2's envelope: `{status: {code, is_success, user_message, developer_message}, data, extra}`. */
export interface Envelope<T> {
  data: T;
  extra: Extra | null;
}

export interface Extra {
  pagination?: { count?: number; total_count?: number };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function stringAt(record: Record<string, unknown>, key: string): string {
  const value = record[key];
  return typeof value === 'string' ? value.trim() : '';
}

/**
 * The error that a response with a failing HTTP status stands for. Bodies that are not an envelope
 * (a proxy's HTML page, nothing at all) get a sentence of our own rather than their raw text.
 */
export function errorOfResponse(httpStatus: number, body: unknown): ApiError {
  const status = isRecord(body) && isRecord(body['status']) ? body['status'] : {};
  const kind = kindOfStatus(httpStatus);
  const named = isRecord(status['fields']) ? Object.entries(status['fields']) : [];
  return new ApiError({
    kind,
    httpStatus,
    userMessage: stringAt(status, 'user_message') || textFor(kind),
    developerMessage: stringAt(status, 'developer_message'),
    fields: Object.fromEntries(named.map(([field, said]) => [field, String(said)])),
  });
}

/** Unwraps a successful v2 response; an envelope that itself reports failure is an error all the same. */
export function unwrap<T>(httpStatus: number, body: unknown): Envelope<T> {
  if (!isRecord(body) || !isRecord(body['status']) || !('data' in body)) {
    throw new ApiError({
      kind: 'server',
      httpStatus,
      userMessage: 'The server sent an answer that this page does not understand.',
    });
  }
  const status = body['status'];
  if (status['is_success'] === false) {
    const code = typeof status['code'] === 'number' ? status['code'] : httpStatus;
    throw errorOfResponse(code, body);
  }
  return {
    data: body['data'] as T,
    extra: isRecord(body['extra']) ? (body['extra'] as Extra) : null,
  };
}
