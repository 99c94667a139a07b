import type { LogFilter, LogLine, LogPage } from '@/api/types';
import type { LogRow } from '@/ui/log-view/log-row';
import { LogBuffer } from './log-buffer';

export interface LogSnapshot {
  rows: readonly LogRow[];
  revision: number;
  dropped: number;
  complete: boolean;
  loading: boolean;
  error: unknown;
}

/** How far to read: one page beyond what is here, or up to the end. */
type Goal = 'page' | 'end';

/**
 * One step's log on one page: reads it by ranges, takes live batches in, and never holds two requests at
 * once. `fetchPage` does its own retrying; what it throws is final until somebody asks again.
 */
export class LogStore {
  readonly #buffer: LogBuffer;
  readonly #fetchPage: (after: number) => Promise<LogPage>;
  readonly #listeners = new Set<() => void>();
  #snapshot: LogSnapshot;
  #goal: Goal | null = null;
  #running = false;
  #stopped = true;
  /** The last page brought nothing: what comes from now on comes live. */
  #atEnd = false;
  #error: unknown = null;

  constructor(
    filter: LogFilter,
    fetchPage: (after: number) => Promise<LogPage>,
    shownWith?: (n: number) => string | undefined,
  ) {
    this.#buffer = new LogBuffer(filter, undefined, shownWith);
    this.#fetchPage = fetchPage;
    this.#snapshot = this.#take();
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly snapshot = (): LogSnapshot => this.#snapshot;

  start(): void {
    this.#stopped = false;
  }

  /** Answers that arrive afterwards are not shown; `start` takes up where it stopped. */
  stop(): void {
    this.#stopped = true;
    this.#goal = null;
  }

  /** Reads on; asking for the end while a page is under way extends the goal. */
  read(goal: Goal): void {
    if (this.#stopped || this.#buffer.complete) return;
    if (this.#goal !== 'end') this.#goal = goal;
    void this.#pump();
  }

  /** Reads on because the reader came near the end: not where there is nothing, nor after an error. */
  readAhead(): void {
    if (this.#error === null && !this.#atEnd) this.read('page');
  }

  receive(lines: readonly LogLine[]): void {
    if (this.#stopped) return;
    const outcome = this.#buffer.addLive(lines);
    // A request under way may have looked before these lines were there: it has to look again.
    if (outcome === 'gap') this.read('end');
    if (outcome === 'taken') this.#emit();
  }

  /** Something is to be shown with line `n`, which may not be here yet. */
  receiveShown(n: number): void {
    if (!this.#stopped && this.#buffer.addShown(n)) this.#emit();
  }

  async #pump(): Promise<void> {
    if (this.#running) return;
    this.#running = true;
    this.#error = null;
    this.#emit();
    try {
      while (this.#goal !== null && !this.#stopped && !this.#buffer.complete) {
        const goal = this.#goal;
        this.#goal = null;
        const shown = this.#shown();
        const moved = this.#buffer.addPage(await this.#fetchPage(this.#buffer.cursor));
        this.#atEnd = !moved;
        // `end` goes on while there is something, whatever less was asked for meanwhile, and `page`
        // while the level hides all that comes, for then nobody scrolls to ask for more.
        if (moved && goal === 'end') this.#goal = goal;
        else if (moved && this.#shown() === shown) this.#goal ??= goal;
        this.#emit();
      }
    } catch (error) {
      this.#error = error;
      this.#goal = null;
    } finally {
      this.#running = false;
      this.#emit();
    }
  }

  #shown(): number {
    return this.#buffer.rows.length + this.#buffer.dropped;
  }

  #take(): LogSnapshot {
    const { rows, revision, dropped, complete } = this.#buffer;
    return { rows, revision, dropped, complete, loading: this.#running, error: this.#error };
  }

  #emit(): void {
    this.#snapshot = this.#take();
    if (this.#stopped) return;
    for (const listener of this.#listeners) listener();
  }
}
