import { useMemo } from 'react';
import type { LiveEvent } from '@/api/live/events';
import { topics } from '@/api/live/events';
import { useLiveTopic } from '@/api/live/live-context';

type RowsEvent = Extract<LiveEvent, { type: 'rows' }>;

/** Older rows go first: a page that is left open must not grow for ever. */
const maxLength = 16 * 1024 * 1024;

/**
 * Rows that SQL returned while this page watched, by the line of the log that stands for them. The server
 * keeps them nowhere and neither does the browser: they are gone with the page.
 */
export class ShownRows {
  readonly #texts = new Map<string, string>();
  readonly #maxLength: number;
  #length = 0;

  constructor(limit = maxLength) {
    this.#maxLength = limit;
  }

  /** The same event may be handed in by several. */
  take({ step, n, text }: RowsEvent): void {
    const key = `${step}:${n}`;
    if (this.#texts.has(key)) return;
    this.#texts.set(key, text);
    this.#length += text.length;
    for (const [oldest, gone] of this.#texts) {
      if (this.#length <= this.#maxLength || oldest === key) break;
      this.#texts.delete(oldest);
      this.#length -= gone.length;
    }
  }

  of(step: number, n: number): string | undefined {
    return this.#texts.get(`${step}:${n}`);
  }
}

/** Collects them for as long as the run's page is open, whatever part of it is looked at. */
export function useShownRows(run: number): ShownRows {
  // biome-ignore lint/correctness/useExhaustiveDependencies: another run has other rows.
  const shown = useMemo(() => new ShownRows(), [run]);
  useLiveTopic(topics.run(run), {
    onEvents: (events) => {
      for (const event of events) if (event.type === 'rows') shown.take(event);
    },
    onSync: () => undefined,
  });
  return shown;
}
