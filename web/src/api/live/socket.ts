import { type LiveEvent, parseLiveEvent } from './events';

/**
 * One WebSocket per tab, shared by everything on the page. It is open while somebody is subscribed.
 * Delivery is best effort: as soon as the server confirms a (re)subscription, `onSync` tells the subscriber
 * to re-read by REST. Not before: what is stored between a read and the server's first look at the topic
 * would be in neither.
 */
export interface Subscriber {
  onEvents(events: readonly LiveEvent[]): void;
  onSync(): void;
}

export interface SocketLike {
  readyState: number;
  send(data: string): void;
  close(): void;
  onopen: ((event: Event) => void) | null;
  onclose: ((event: CloseEvent) => void) | null;
  onmessage: ((event: MessageEvent) => void) | null;
}

export interface LiveSocketOptions {
  open(): SocketLike;
  onState(state: 'idle' | 'connecting' | 'open' | 'lost'): void;
  /** Runs a task soon, once per batch of events: the next animation frame in a browser. */
  schedule(task: () => void): void;
  random?: () => number;
}

const firstRetryMs = 500;
const maxRetryMs = 15_000;
/** An unused socket lingers for this long, so that going from page to page does not reopen it. */
const lingerMs = 10_000;
const openState = 1;

export function retryDelayMs(attempt: number, random: () => number): number {
  const ceiling = Math.min(maxRetryMs, firstRetryMs * 2 ** Math.min(attempt, 10));
  return ceiling / 2 + (random() * ceiling) / 2;
}

export class LiveSocket {
  readonly #options: LiveSocketOptions;
  readonly #subscribers = new Map<string, Set<Subscriber>>();
  /** Topics that the server has confirmed on the present socket. */
  readonly #confirmed = new Set<string>();
  #socket: SocketLike | null = null;
  #attempt = 0;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #pending: LiveEvent[] = [];

  constructor(options: LiveSocketOptions) {
    this.#options = options;
  }

  subscribe(topic: string, subscriber: Subscriber): () => void {
    const existing = this.#subscribers.get(topic);
    const group = existing ?? new Set<Subscriber>();
    group.add(subscriber);
    this.#subscribers.set(topic, group);
    if (this.#socket === null) {
      this.#clearTimer();
      this.#connect();
    } else if (this.#socket.readyState === openState) {
      this.#clearTimer();
      if (existing === undefined) this.#send({ subscribe: [topic] });
      if (this.#confirmed.has(topic)) {
        queueMicrotask(() => {
          if (group.has(subscriber)) subscriber.onSync();
        });
      }
    }
    return () => this.#unsubscribe(topic, subscriber);
  }

  /** Tries again at once: the browser is back online, or the tab is looked at again. */
  reconnectNow(): void {
    if (this.#subscribers.size === 0 || this.#socket !== null) return;
    this.#attempt = 0;
    this.#clearTimer();
    this.#connect();
  }

  /** Gives up the present connection, for example because the browser says it is offline. */
  drop(): void {
    this.#socket?.close();
  }

  stop(): void {
    this.#subscribers.clear();
    this.#clearTimer();
    this.#closeQuietly();
    this.#options.onState('idle');
  }

  #unsubscribe(topic: string, subscriber: Subscriber): void {
    const group = this.#subscribers.get(topic);
    if (group === undefined || !group.delete(subscriber) || group.size > 0) return;
    this.#subscribers.delete(topic);
    this.#confirmed.delete(topic);
    this.#send({ unsubscribe: [topic] });
    if (this.#subscribers.size > 0) return;
    this.#clearTimer();
    this.#timer = setTimeout(() => this.stop(), lingerMs);
  }

  #connect(): void {
    this.#options.onState(this.#attempt === 0 ? 'connecting' : 'lost');
    const socket = this.#options.open();
    this.#socket = socket;
    socket.onopen = () => {
      this.#attempt = 0;
      this.#options.onState('open');
      this.#send({ subscribe: [...this.#subscribers.keys()] });
    };
    socket.onmessage = (message) => {
      if (this.#socket === socket) this.#receive(message.data);
    };
    socket.onclose = () => this.#closed(socket);
  }

  #closed(socket: SocketLike): void {
    if (this.#socket !== socket) return;
    this.#socket = null;
    this.#confirmed.clear();
    if (this.#subscribers.size === 0) {
      this.#options.onState('idle');
      return;
    }
    this.#options.onState('lost');
    // While events do not flow, each failed attempt at least re-reads what is on the screen; that
    // also brings an ended session to light, which a closed socket cannot tell apart.
    if (this.#attempt > 0) this.#syncAll();
    const delay = retryDelayMs(this.#attempt, this.#options.random ?? Math.random);
    this.#attempt += 1;
    this.#timer = setTimeout(() => this.#connect(), delay);
  }

  #receive(data: unknown): void {
    const event = typeof data === 'string' ? parseLiveEvent(data) : null;
    if (event === null) return;
    if (event.type === 'subscribed') {
      this.#confirm(event.topic);
      return;
    }
    this.#pending.push(event);
    if (this.#pending.length === 1) this.#options.schedule(() => this.#flush());
  }

  #confirm(topic: string): void {
    const group = this.#subscribers.get(topic);
    if (group === undefined) return;
    this.#confirmed.add(topic);
    for (const subscriber of [...group]) subscriber.onSync();
  }

  #flush(): void {
    const events = this.#pending;
    this.#pending = [];
    const byTopic = new Map<string, LiveEvent[]>();
    for (const event of events) {
      const group = byTopic.get(event.topic);
      if (group === undefined) byTopic.set(event.topic, [event]);
      else group.push(event);
    }
    for (const [topic, group] of byTopic) {
      for (const subscriber of [...(this.#subscribers.get(topic) ?? [])])
        subscriber.onEvents(group);
    }
  }

  #syncAll(): void {
    for (const group of [...this.#subscribers.values()]) {
      for (const subscriber of [...group]) subscriber.onSync();
    }
  }

  #send(message: object): void {
    if (this.#socket?.readyState === openState) this.#socket.send(JSON.stringify(message));
  }

  #closeQuietly(): void {
    const socket = this.#socket;
    this.#socket = null;
    this.#confirmed.clear();
    this.#attempt = 0;
    socket?.close();
  }

  #clearTimer(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }
}
