import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ui, v2 } from './client';
import { connection } from './connection';

const fetchMock = vi.fn<typeof fetch>();

function answer(status: number, body: unknown): Response {
  return new Response(status === 204 ? null : JSON.stringify(body), { status });
}

const enveloped = (data: unknown) => ({
  status: { code: 200, is_success: true, user_message: '', developer_message: '' },
  data,
});

beforeEach(() => vi.stubGlobal('fetch', fetchMock));

afterEach(() => {
  vi.unstubAllGlobals();
  fetchMock.mockReset();
  connection.set({ reachable: true });
});

describe('requests', () => {
  it('leaves absent parameters out of the address', async () => {
    fetchMock.mockResolvedValue(answer(200, enveloped([])));
    await v2.get('/accounts/1/runs/', { query: { limit: 100, status__in: undefined } });
    expect(fetchMock.mock.calls[0]?.[0]).toBe('/api/v2/accounts/1/runs/?limit=100');
  });

  it('marks unsafe requests, and only those, as its own', async () => {
    fetchMock.mockImplementation(async () => answer(200, enveloped(null)));
    await v2.get('/x/');
    await v2.post('/x/', { body: { cause: 'a' } });
    const headers = fetchMock.mock.calls.map(([, init]) => init?.headers as Record<string, string>);
    expect(headers[0]).not.toHaveProperty('x-millwright-csrf');
    expect(headers[1]).toMatchObject({
      'x-millwright-csrf': '1',
      'content-type': 'application/json',
    });
    expect(fetchMock.mock.calls[1]?.[1]?.body).toBe('{"cause":"a"}');
  });

  it('accepts an answer without a body', async () => {
    fetchMock.mockResolvedValue(answer(204, null));
    await expect(ui.delete('/session')).resolves.toBeUndefined();
  });
});

describe('failures', () => {
  it('tells an unreachable server and recovers with the next answer', async () => {
    fetchMock.mockRejectedValueOnce(new TypeError('Failed to fetch'));
    await expect(ui.get('/session')).rejects.toMatchObject({ kind: 'network', httpStatus: 0 });
    expect(connection.get().reachable).toBe(false);
    fetchMock.mockResolvedValueOnce(answer(401, null));
    await expect(ui.get('/session')).rejects.toMatchObject({ kind: 'unauthenticated' });
    expect(connection.get().reachable).toBe(true);
  });

  it("passes the caller's own abort through, which is not a failure of the network", async () => {
    const controller = new AbortController();
    controller.abort();
    fetchMock.mockRejectedValueOnce(new DOMException('aborted', 'AbortError'));
    await expect(ui.get('/session', { signal: controller.signal })).rejects.toMatchObject({
      name: 'AbortError',
    });
    expect(connection.get().reachable).toBe(true);
  });

  it('survives an error page that is not JSON', async () => {
    fetchMock.mockResolvedValueOnce(new Response('<html>', { status: 502 }));
    await expect(v2.get('/x/')).rejects.toMatchObject({ kind: 'unavailable', httpStatus: 502 });
  });
});
