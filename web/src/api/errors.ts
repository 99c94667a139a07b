/** What a failed request means to the person in front of the screen. */
export type ErrorKind =
  | 'network'
  | 'unauthenticated'
  | 'forbidden'
  | 'not_found'
  | 'conflict'
  | 'invalid'
  | 'limited'
  | 'unavailable'
  | 'server';

export interface ErrorFacts {
  kind: ErrorKind;
  /** 0 when no response came. */
  httpStatus: number;
  userMessage: string;
  developerMessage?: string;
  /** What is wrong with each field, by its name on the wire. */
  fields?: Record<string, string>;
}

export class ApiError extends Error {
  readonly kind: ErrorKind;
  readonly httpStatus: number;
  readonly developerMessage: string;
  readonly fields: Record<string, string>;

  constructor(facts: ErrorFacts, options?: ErrorOptions) {
    super(facts.userMessage, options);
    this.name = 'ApiError';
    this.kind = facts.kind;
    this.httpStatus = facts.httpStatus;
    this.developerMessage = facts.developerMessage ?? '';
    this.fields = facts.fields ?? {};
  }
}

const fallbackText: Record<ErrorKind, string> = {
  network: 'Millwright cannot be reached. Check the connection; this page retries by itself.',
  unauthenticated: 'The session has ended. Sign in again.',
  forbidden: 'You do not have the permission for this.',
  not_found: 'This does not exist, or you may not see it.',
  conflict: 'Somebody changed this in the meantime.',
  invalid: 'The server did not accept the request.',
  limited: 'Too many requests. Wait a moment and try again.',
  unavailable: 'Millwright is starting or busy. This page retries by itself.',
  server: 'Something went wrong on the server.',
};

export function textFor(kind: ErrorKind): string {
  return fallbackText[kind];
}

export function kindOfStatus(httpStatus: number): ErrorKind {
  switch (httpStatus) {
    case 401:
      return 'unauthenticated';
    case 403:
      return 'forbidden';
    case 404:
    case 410:
      return 'not_found';
    case 409:
    case 412:
      return 'conflict';
    case 429:
      return 'limited';
    case 502:
    case 503:
    case 504:
      return 'unavailable';
    default:
      return httpStatus >= 500 ? 'server' : 'invalid';
  }
}

/** Whether asking again, unchanged, can help. Only ever used for reads. */
export function isRetryable(error: unknown): boolean {
  return (
    error instanceof ApiError &&
    (error.kind === 'network' || error.kind === 'unavailable' || error.kind === 'limited')
  );
}

export function messageOf(error: unknown): string {
  return error instanceof ApiError ? error.message : textFor('server');
}
