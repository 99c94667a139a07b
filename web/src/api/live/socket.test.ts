import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { LiveEvent } from './events';
import { LiveSocket, retryDelayMs, type SocketLike } from './socket';

class FakeSocket implements SocketLike {
  readyState = 0;
  sent: unknown[] = [];
  onopen: ((event: Event) => void) | null = null;
  onclose: ((event: CloseEvent) => void) | null = null;
  onmessage: ((event: MessageEvent) => void) | null = null;

  send(data: string): void {
    this.sent.push(JSON.parse(data));
  }

  close(): void {
    if (this.readyState === 3) return;
    this.readyState = 3;
    this.onclose?.({} as CloseEvent);
  }

  accept(): void {
    this.readyState = 1;
    this.onopen?.({} as Event);
  }

  say(message: unknown): void {
    const data = typeof message === 'string' ? message : JSON.stringify(message);
    this.onmessage?.({ data } as MessageEvent);
  }
}

class Recorder {
  events: LiveEvent[] = [];
  batches = 0;
  syncs = 0;
  onEvents(events: readonly LiveEvent[]): void {
    this.batches += 1;
    this.events.push(...events);
  }
  onSync(): void {
    this.syncs += 1;
  }
}

let opened: FakeSocket[];
let states: string[];
let tasks: (() => void)[];
let live: LiveSocket;

const latest = (): FakeSocket => {
  const socket = opened.at(-1);
  if (socket === undefined) throw new Error('no socket was opened');
  return socket;
};

const flush = () => {
  for (const task of tasks.splice(0)) task();
};

const subscribed = (topic: string) => ({ topic, type: 'subscribed' });
const node = (topic: string, name: string) => ({ topic, type: 'node', node: { name } });

beforeEach(() => {
  vi.useFakeTimers();
  opened = [];
  states = [];
  tasks = [];
  live = new LiveSocket({
    open: () => {
      const socket = new FakeSocket();
      opened.push(socket);
      return socket;
    },
    onState: (state) => states.push(state),
    schedule: (task) => tasks.push(task),
    random: () => 1,
  });
});

afterEach(() => vi.useRealTimers());

describe('subscriptions', () => {
  it('opens on the first one and subscribes', () => {
    live.subscribe('run:1', new Recorder());
    latest().accept();
    expect(latest().sent).toEqual([{ subscribe: ['run:1'] }]);
    expect(states).toEqual(['connecting', 'open']);
  });

  it('asks to re-read when the server has confirmed, since it may look later than we ask', () => {
    const [one, two] = [new Recorder(), new Recorder()];
    live.subscribe('run:1', one);
    live.subscribe('run:2', two);
    latest().accept();
    expect(one.syncs).toBe(0);
    latest().say(subscribed('run:1'));
    expect([one.syncs, two.syncs]).toEqual([1, 0]);
  });

  it('asks to re-read in the same way on a socket that is open already', async () => {
    live.subscribe('run:1', new Recorder());
    latest().accept();
    const [first, second] = [new Recorder(), new Recorder()];
    live.subscribe('run:2', first);
    live.subscribe('run:2', second);
    await Promise.resolve();
    expect([first.syncs, second.syncs]).toEqual([0, 0]);
    latest().say(subscribed('run:2'));
    expect([first.syncs, second.syncs]).toEqual([1, 1]);
  });

  it('forgets a confirmation with its topic', async () => {
    const leave = live.subscribe('run:1', new Recorder());
    live.subscribe('run:2', new Recorder());
    latest().accept();
    latest().say(subscribed('run:1'));
    leave();
    const again = new Recorder();
    live.subscribe('run:1', again);
    await Promise.resolve();
    expect(again.syncs).toBe(0);
    latest().say(subscribed('run:1'));
    expect(again.syncs).toBe(1);
  });

  it('shares a topic between subscribers and leaves it with the last', async () => {
    const [first, second] = [new Recorder(), new Recorder()];
    const leaveFirst = live.subscribe('run:1', first);
    latest().accept();
    latest().say(subscribed('run:1'));
    const leaveSecond = live.subscribe('run:1', second);
    await Promise.resolve();
    expect(second.syncs).toBe(1);
    leaveFirst();
    expect(latest().sent).toHaveLength(1);
    leaveSecond();
    expect(latest().sent.at(-1)).toEqual({ unsubscribe: ['run:1'] });
  });

  it('lingers before it closes, and survives a change of page', () => {
    const leave = live.subscribe('run:1', new Recorder());
    latest().accept();
    leave();
    vi.advanceTimersByTime(5_000);
    live.subscribe('account:1:runs', new Recorder());
    vi.advanceTimersByTime(60_000);
    expect(opened).toHaveLength(1);
    expect(latest().readyState).toBe(1);
    expect(latest().sent.at(-1)).toEqual({ subscribe: ['account:1:runs'] });
  });

  it('closes when nobody has listened for a while, without calling that a loss', () => {
    live.subscribe('run:1', new Recorder())();
    latest().accept();
    vi.advanceTimersByTime(10_000);
    expect(latest().readyState).toBe(3);
    expect(states.at(-1)).toBe('idle');
    expect(states).not.toContain('lost');
  });
});

describe('events', () => {
  it('delivers by topic, in order, in one batch per flush', () => {
    const [one, two] = [new Recorder(), new Recorder()];
    live.subscribe('run:1', one);
    live.subscribe('run:2', two);
    latest().accept();
    latest().say(node('run:1', 'a'));
    latest().say(node('run:2', 'x'));
    latest().say(node('run:1', 'b'));
    flush();
    expect(one.events.map((event) => event.type === 'node' && event.node.name)).toEqual(['a', 'b']);
    expect(one.batches).toBe(1);
    expect(two.events).toHaveLength(1);
  });

  it.each([
    'not json',
    '{"type":"run"}',
    { topic: 'run:1', type: 'weather' },
    { topic: 'run:1', type: 'log' },
    'null',
  ])('skips %j', (message) => {
    const recorder = new Recorder();
    live.subscribe('run:1', recorder);
    latest().accept();
    latest().say(message);
    flush();
    expect(recorder.events).toEqual([]);
  });
});

describe('loss', () => {
  it('reconnects with growing pauses, resubscribes and asks to re-read', () => {
    const recorder = new Recorder();
    live.subscribe('run:1', recorder);
    latest().accept();
    latest().say(subscribed('run:1'));
    latest().close();
    expect(states.at(-1)).toBe('lost');
    vi.advanceTimersByTime(500);
    expect(opened).toHaveLength(2);
    latest().close();
    expect(recorder.syncs).toBe(2);
    vi.advanceTimersByTime(999);
    expect(opened).toHaveLength(2);
    vi.advanceTimersByTime(1);
    expect(opened).toHaveLength(3);
    latest().accept();
    expect(latest().sent).toEqual([{ subscribe: ['run:1'] }]);
    expect(recorder.syncs).toBe(2);
    latest().say(subscribed('run:1'));
    expect(recorder.syncs).toBe(3);
    expect(states.at(-1)).toBe('open');
  });

  it('tries at once when told to', () => {
    live.subscribe('run:1', new Recorder());
    latest().close();
    live.reconnectNow();
    expect(opened).toHaveLength(2);
    vi.advanceTimersByTime(60_000);
    expect(opened).toHaveLength(2);
  });

  it('gives up for good when stopped', () => {
    live.subscribe('run:1', new Recorder());
    latest().accept();
    live.stop();
    vi.advanceTimersByTime(600_000);
    expect(opened).toHaveLength(1);
    live.reconnectNow();
    expect(opened).toHaveLength(1);
  });

  it('never waits longer than 15 s', () => {
    expect(retryDelayMs(50, () => 1)).toBe(15_000);
    expect(retryDelayMs(0, () => 0)).toBe(250);
  });
});
