import { plainText } from './ansi';
import type { LogRow } from './log-row';

/** More hits than this help nobody; the count then reads “5,000+”. */
export const maxFound = 5_000;

/** The places of the rows that contain `query`, in any case. */
export function findRows(rows: readonly LogRow[], query: string): number[] {
  const wanted = query.toLowerCase();
  const found: number[] = [];
  if (wanted === '') return found;
  for (let place = 0; place < rows.length && found.length < maxFound; place++) {
    const row = rows[place];
    if (row !== undefined && plainText(row.text).toLowerCase().includes(wanted)) found.push(place);
  }
  return found;
}

/** The place in `found` to go to from `current`, around the ends. */
export function stepThrough(
  found: readonly number[],
  current: number | null,
  direction: 1 | -1,
): number {
  if (found.length === 0) return -1;
  if (current === null) return direction === 1 ? 0 : found.length - 1;
  return (current + direction + found.length) % found.length;
}
