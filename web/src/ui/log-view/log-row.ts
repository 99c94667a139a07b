/** One row of a log on the screen. A line whose text has line breaks becomes several rows. */
export interface LogRow {
  /** The line's number in the step's log; repeated for the rows that continue it. */
  n: number;
  /** 0 for the first row of a line. */
  part: number;
  ts: string;
  level: 'debug' | 'info' | 'warn' | 'error';
  text: string;
  /** Shown along with the line and not a part of it. */
  shown?: boolean;
}
