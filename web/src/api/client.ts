import { noteServerDate } from './clock';
import { connection } from './connection';
import { type Envelope, errorOfResponse, unwrap } from './envelope';
import { ApiError, textFor } from './errors';

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
export type Query = Record<string, string | number | boolean | undefined>;

export interface RequestOptions {
  query?: Query | undefined;
  body?: unknown;
  signal?: AbortSignal | undefined;
}

/** No single answer takes longer than this; a hung proxy must not leave a page waiting for ever. */
const timeoutMs = 30_000;

interface Answer {
  status: number;
  body: unknown;
}

function addressOf(path: string, query: Query | undefined): string {
  const parameters = new URLSearchParams();
  for (const [key, value] of Object.entries(query ?? {})) {
    if (value !== undefined) parameters.set(key, String(value));
  }
  const text = parameters.toString();
  return text === '' ? path : `${path}?${text}`;
}

async function readBody(response: Response): Promise<unknown> {
  if (response.status === 204) return null;
  const text = await response.text();
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

async function send(method: Method, path: string, options: RequestOptions): Promise<Answer> {
  const headers: Record<string, string> = { accept: 'application/json' };
  if (options.body !== undefined) headers['content-type'] = 'application/json';
  // A cookie session must prove that the request comes from this application's own code.
  if (method !== 'GET') headers['x-millwright-csrf'] = '1';
  const deadline = AbortSignal.timeout(timeoutMs);
  const signal = options.signal ? AbortSignal.any([options.signal, deadline]) : deadline;
  try {
    const response = await fetch(addressOf(path, options.query), {
      method,
      headers,
      credentials: 'same-origin',
      redirect: 'error',
      signal,
      ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
    });
    const body = await readBody(response);
    noteServerDate(response.headers.get('date'), Date.now());
    connection.set({ reachable: true });
    return { status: response.status, body };
  } catch (cause) {
    if (options.signal?.aborted === true) throw cause;
    connection.set({ reachable: false });
    throw new ApiError(
      { kind: 'network', httpStatus: 0, userMessage: textFor('network') },
      { cause },
    );
  }
}

async function request(method: Method, path: string, options: RequestOptions): Promise<Answer> {
  const answer = await send(method, path, options);
  if (answer.status < 200 || answer.status > 299) throw errorOfResponse(answer.status, answer.body);
  return answer;
}

/** Enveloped calls of the public API below a prefix. */
function enveloped(prefix: string) {
  const ask = async <T>(
    method: Method,
    path: string,
    options: RequestOptions,
  ): Promise<Envelope<T>> => {
    const { status, body } = await request(method, `${prefix}${path}`, options);
    // A deletion may be answered without a body.
    if (method === 'DELETE' && body === null) return { data: null as T, extra: null };
    return unwrap<T>(status, body);
  };
  return {
    get: <T>(path: string, options: RequestOptions = {}) => ask<T>('GET', path, options),
    post: <T>(path: string, options: RequestOptions = {}) =>
      ask<T>('POST', path, { body: {}, ...options }),
    put: <T>(path: string, options: RequestOptions = {}) =>
      ask<T>('PUT', path, { body: {}, ...options }),
    patch: <T>(path: string, options: RequestOptions = {}) =>
      ask<T>('PATCH', path, { body: {}, ...options }),
    delete: <T = unknown>(path: string, options: RequestOptions = {}) =>
      ask<T>('DELETE', path, options),
  };
}

export const v2 = enveloped('/api/v2');
export const v3 = enveloped('/api/v3');

/** What a question to the Discovery API gives; its errors are an ApiError. */
export async function discover<T>(
  query: string,
  variables: Record<string, unknown>,
  signal?: AbortSignal,
): Promise<T> {
  const { body } = await request('POST', '/graphql', { body: { query, variables }, signal });
  const { data, errors } = body as { data?: T | null; errors?: { message: string }[] };
  if (errors !== undefined && errors.length > 0) {
    throw new ApiError({
      kind: 'invalid',
      httpStatus: 200,
      userMessage: errors.map(({ message }) => message).join(' '),
    });
  }
  return data as T;
}

/** Plain calls of the browser's own endpoints, `/api/ui`. */
export const ui = {
  async get<T>(path: string, options: RequestOptions = {}): Promise<T> {
    return (await request('GET', `/api/ui${path}`, options)).body as T;
  },
  async post<T>(path: string, options: RequestOptions = {}): Promise<T> {
    return (await request('POST', `/api/ui${path}`, { body: {}, ...options })).body as T;
  },
  async patch<T>(path: string, options: RequestOptions = {}): Promise<T> {
    return (await request('PATCH', `/api/ui${path}`, { body: {}, ...options })).body as T;
  },
  async delete(path: string): Promise<void> {
    await request('DELETE', `/api/ui${path}`, {});
  },
};
