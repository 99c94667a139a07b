import { beforeEach, describe, expect, it } from 'vitest';
import type { LogLine, LogPage } from '@/api/types';
import { LogStore } from './log-store';

const line = (n: number): LogLine => ({ n, ts: '', level: 'info', text: `${n}` });
const lines = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, i) => line(from + i));

interface Call {
  after: number;
  answer: (page: LogPage) => Promise<void>;
  fail: (error: Error) => Promise<void>;
}

let calls: Call[];
let store: LogStore;
let emitted: number;

/** Lets the store take in what was settled. */
const settle = async () => {
  for (let turn = 0; turn < 5; turn++) await Promise.resolve();
};

const call = (index: number): Call => {
  const found = calls[index];
  if (found === undefined) throw new Error(`no request ${index}`);
  return found;
};

const page = (from: number, to: number, complete = false): LogPage => ({
  lines: lines(from, to),
  next_after: to,
  complete,
});
const nothing = (after: number): LogPage => ({ lines: [], next_after: after, complete: false });
const shown = () => store.snapshot().rows.map((row) => row.n);

beforeEach(() => {
  calls = [];
  emitted = 0;
  store = new LogStore(
    'debug',
    (after) =>
      new Promise((resolve, reject) => {
        calls.push({
          after,
          answer: (value) => {
            resolve(value);
            return settle();
          },
          fail: (error) => {
            reject(error);
            return settle();
          },
        });
      }),
  );
  store.subscribe(() => {
    emitted += 1;
  });
  store.start();
});

describe('reading', () => {
  it('takes one page when asked for one', async () => {
    store.read('page');
    expect(store.snapshot().loading).toBe(true);
    await call(0).answer(page(1, 2));
    expect(calls).toHaveLength(1);
    expect(store.snapshot()).toMatchObject({ loading: false, complete: false });
    store.read('page');
    expect(call(1).after).toBe(2);
  });

  it('goes on to the end though the reader, who comes along, asks for a page meanwhile', async () => {
    store.read('end');
    store.readAhead();
    await call(0).answer(page(1, 2));
    await call(1).answer(page(3, 4));
    expect(calls.map(({ after }) => after)).toEqual([0, 2, 4]);
  });

  it('goes on to the end when asked for it, until nothing more comes', async () => {
    store.read('end');
    await call(0).answer(page(1, 2));
    await call(1).answer(page(3, 4));
    await call(2).answer(nothing(4));
    expect(calls.map(({ after }) => after)).toEqual([0, 2, 4]);
    expect(shown()).toEqual([1, 2, 3, 4]);
    expect(store.snapshot().loading).toBe(false);
  });

  it('does not read ahead where the last page brought nothing', async () => {
    store.read('end');
    await call(0).answer(page(1, 2));
    await call(1).answer(nothing(2));
    store.readAhead();
    store.receive(lines(3, 4));
    store.readAhead();
    expect(calls).toHaveLength(2);
  });

  it('goes on over pages of which nothing is shown', async () => {
    store.read('page');
    await call(0).answer(nothing(50));
    await call(1).answer(page(51, 52));
    expect(calls.map(({ after }) => after)).toEqual([0, 50]);
    expect(shown()).toEqual([51, 52]);
  });

  it('stops at a complete log for good', async () => {
    store.read('end');
    await call(0).answer(page(1, 2, true));
    store.read('end');
    expect(calls).toHaveLength(1);
    expect(store.snapshot().complete).toBe(true);
  });

  it('never asks twice at once', async () => {
    store.read('page');
    store.read('page');
    store.read('end');
    expect(calls).toHaveLength(1);
    await call(0).answer(page(1, 2));
    expect(calls).toHaveLength(2);
  });

  it('reports a failure and can be asked again', async () => {
    store.read('page');
    await call(0).fail(new Error('gone'));
    expect(store.snapshot()).toMatchObject({ loading: false, error: new Error('gone') });
    store.read('page');
    expect(store.snapshot().error).toBeNull();
    await call(1).answer(page(1, 1, true));
    expect(shown()).toEqual([1]);
  });
});

describe('live', () => {
  it('adds lines that connect', async () => {
    store.read('end');
    await call(0).answer(page(1, 2));
    await call(1).answer(nothing(2));
    store.receive(lines(3, 4));
    expect(shown()).toEqual([1, 2, 3, 4]);
    expect(calls).toHaveLength(2);
  });

  it('reads what is missing before lines that do not', async () => {
    store.receive(lines(8, 9));
    expect(call(0).after).toBe(0);
    await call(0).answer(page(1, 9));
    expect(shown()).toHaveLength(9);
  });

  it('looks again when lines overtake the answer to a request', async () => {
    store.read('end');
    await call(0).answer(page(1, 2));
    store.receive([line(4)]);
    await call(1).answer(nothing(2));
    await call(2).answer(page(3, 4));
    expect(shown()).toEqual([1, 2, 3, 4]);
  });
});

describe('stopping', () => {
  it('silences what is under way and takes up again later', async () => {
    store.read('end');
    store.stop();
    const before = emitted;
    await call(0).answer(page(1, 2));
    store.receive(lines(3, 3));
    expect(emitted).toBe(before);
    expect(calls).toHaveLength(1);
    store.start();
    store.read('end');
    expect(call(1).after).toBe(2);
  });

  it('does not ask again by itself after an error', async () => {
    store.start();
    store.read('page');
    await call(0).fail(new Error('gone'));
    store.readAhead();
    store.readAhead();
    expect(calls).toHaveLength(1);
    store.read('page');
    await call(1).answer(page(1, 3));
    store.readAhead();
    expect(calls).toHaveLength(3);
  });
});
