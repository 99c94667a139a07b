import type { LogFilter, LogLine, LogPage } from '@/api/types';
import type { LogRow } from '@/ui/log-view/log-row';

/** More rows than this are taken off the top: a browser tab is no place for a log of a gigabyte. */
export const maxRows = 300_000;
/** Taken off in one go, so that the price of moving the rest is paid rarely. */
const dropShare = 0.1;

/**
 * The lines of one step's log as far as they are here, without gaps: pages of REST and live batches both
 * arrive by line number, so what was seen is skipped, and what does not connect is left for REST to bring.
 */
export class LogBuffer {
  /** Grows in place; `revision` tells readers that it did. */
  readonly rows: LogRow[] = [];
  revision = 0;
  dropped = 0;
  /** Number of the last line that was taken into account, shown or not. */
  cursor = 0;
  complete = false;
  readonly #filter: LogFilter;
  readonly #maxRows: number;

  constructor(filter: LogFilter, limit = maxRows) {
    this.#filter = filter;
    this.#maxRows = limit;
  }

  /** Takes a page that was asked for from `cursor` on; tells whether it moved the cursor. */
  addPage(page: LogPage): boolean {
    const before = this.cursor;
    for (const line of page.lines) this.#add(line);
    this.cursor = Math.max(this.cursor, page.next_after);
    if (page.complete) this.complete = true;
    this.#trim();
    this.revision += 1;
    return this.cursor > before;
  }

  /** Takes a live batch; `gap` means that lines before it are missing and nothing was taken. */
  addLive(lines: readonly LogLine[]): 'taken' | 'known' | 'gap' {
    const fresh = lines.filter((line) => line.n > this.cursor);
    const first = fresh[0];
    if (first === undefined) return 'known';
    if (first.n > this.cursor + 1) return 'gap';
    for (const line of fresh) this.#add(line);
    this.#trim();
    this.revision += 1;
    return 'taken';
  }

  #add(line: LogLine): void {
    if (line.n <= this.cursor) return;
    this.cursor = line.n;
    if (this.#filter === 'info' && line.level === 'debug') return;
    const { n, ts, level } = line;
    if (!line.text.includes('\n')) {
      this.rows.push({ n, part: 0, ts, level, text: line.text });
      return;
    }
    line.text
      .replace(/\n$/, '')
      .split('\n')
      .forEach((text, part) => {
        this.rows.push({ n, part, ts, level, text });
      });
  }

  #trim(): void {
    if (this.rows.length <= this.#maxRows) return;
    const surplus = this.rows.length - this.#maxRows + Math.floor(this.#maxRows * dropShare);
    this.rows.splice(0, surplus);
    this.dropped += surplus;
  }
}
