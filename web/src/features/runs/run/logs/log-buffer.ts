import type { LogFilter, LogLine, LogPage } from '@/api/types';
import type { LogRow } from '@/ui/log-view/log-row';

/** More rows than this are taken off the top: a browser tab is no place for a log of a gigabyte. */
export const maxRows = 300_000;
/** Taken off in one go, so that the price of moving the rest is paid rarely. */
const dropShare = 0.1;

/** Rows that continue `row`. */
function shownRows(row: LogRow, text: string): LogRow[] {
  return text
    .split('\n')
    .map((each, place) => ({ ...row, part: row.part + 1 + place, text: each, shown: true }));
}

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
  readonly #shownWith: (n: number) => string | undefined;

  /** `shownWith` gives what was shown along with a line, which the log itself does not hold. */
  constructor(
    filter: LogFilter,
    limit = maxRows,
    shownWith: (n: number) => string | undefined = () => undefined,
  ) {
    this.#filter = filter;
    this.#maxRows = limit;
    this.#shownWith = shownWith;
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

  /** Adds what is shown with a line that is here already; tells whether it is. */
  addShown(n: number): boolean {
    const last = this.rows.findLastIndex((row) => row.n === n);
    const row = this.rows[last];
    const text = this.#shownWith(n);
    if (row === undefined || text === undefined || row.shown) return false;
    this.rows.splice(last + 1, 0, ...shownRows(row, text));
    this.#trim();
    this.revision += 1;
    return true;
  }

  #add(line: LogLine): void {
    if (line.n <= this.cursor) return;
    this.cursor = line.n;
    if (this.#filter === 'info' && line.level === 'debug') return;
    const { n, ts, level } = line;
    if (!line.text.includes('\n')) {
      this.rows.push({ n, part: 0, ts, level, text: line.text });
    } else {
      line.text
        .replace(/\n$/, '')
        .split('\n')
        .forEach((text, part) => {
          this.rows.push({ n, part, ts, level, text });
        });
    }
    const row = this.rows.at(-1);
    const shown = this.#shownWith(n);
    if (row !== undefined && shown !== undefined) this.rows.push(...shownRows(row, shown));
  }

  #trim(): void {
    if (this.rows.length <= this.#maxRows) return;
    const surplus = this.rows.length - this.#maxRows + Math.floor(this.#maxRows * dropShare);
    this.rows.splice(0, surplus);
    this.dropped += surplus;
  }
}
