import { useDebouncedCallback } from '@mantine/hooks';
import { useDeferredValue, useEffect, useMemo, useRef, useState } from 'react';
import { findRows, stepThrough } from '@/ui/log-view/search';
import type { LogSnapshot } from './log-store';

export interface LogSearch {
  text: string;
  setText: (text: string) => void;
  query: string;
  /** How many rows hold it, and which of them is shown (from 0). */
  count: number;
  place: number | null;
  row: number | null;
  go: (direction: 1 | -1) => void;
}

/**
 * Searching within a log. The address keeps the text, so that a link can lead to a place in a log; a text
 * that comes from there starts at the first row that is an error, which is what such links are for.
 */
export function useLogSearch(
  log: LogSnapshot,
  found: string,
  onFind: (text: string) => void,
): LogSearch {
  const [text, setText] = useState(found);
  const [place, setPlace] = useState<number | null>(null);
  const written = useRef(found);
  const write = useDebouncedCallback((next: string) => {
    written.current = next;
    onFind(next);
  }, 250);

  useEffect(() => {
    if (found === written.current) return;
    written.current = found;
    setText(found);
    setPlace(null);
  }, [found]);

  const query = useDeferredValue(text.trim());
  const { rows, revision } = log;
  // biome-ignore lint/correctness/useExhaustiveDependencies: rows grow in place, revision tells.
  const hits = useMemo(() => findRows(rows, query), [rows, revision, query]);
  const fromLink = text === found && written.current === found;
  useEffect(() => {
    if (place !== null || hits.length === 0) return;
    const error = fromLink ? hits.findIndex((row) => rows[row]?.level === 'error') : -1;
    setPlace(Math.max(0, error));
  }, [hits, place, rows, fromLink]);

  return {
    text,
    setText: (next) => {
      setText(next);
      setPlace(null);
      write(next);
    },
    query,
    count: hits.length,
    place: hits.length === 0 ? null : place,
    row: place === null ? null : (hits[place] ?? null),
    go: (direction) =>
      setPlace((now) => (hits.length === 0 ? null : stepThrough(hits, now, direction))),
  };
}
