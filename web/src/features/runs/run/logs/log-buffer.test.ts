import { describe, expect, it } from 'vitest';
import type { LogLine } from '@/api/types';
import { LogBuffer } from './log-buffer';

const line = (n: number, change: Partial<LogLine> = {}): LogLine => ({
  n,
  ts: '2026-03-01T10:00:00Z',
  level: 'info',
  text: `line ${n}`,
  ...change,
});

const lines = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, i) => line(from + i));
const page = (from: number, to: number, complete = false) => ({
  lines: lines(from, to),
  next_after: to,
  complete,
});
const shown = (buffer: LogBuffer) => buffer.rows.map((row) => row.n);

describe('pages', () => {
  it('follow one another until the log is complete', () => {
    const buffer = new LogBuffer('debug');
    expect(buffer.addPage(page(1, 3))).toBe(true);
    expect(buffer.addPage(page(4, 5, true))).toBe(true);
    expect(shown(buffer)).toEqual([1, 2, 3, 4, 5]);
    expect(buffer).toMatchObject({ cursor: 5, complete: true, revision: 2 });
  });

  it('tell when there is nothing more for now', () => {
    const buffer = new LogBuffer('debug');
    buffer.addPage(page(1, 3));
    expect(buffer.addPage({ lines: [], next_after: 3, complete: false })).toBe(false);
  });

  it('move on over lines that the level hides', () => {
    const buffer = new LogBuffer('info');
    expect(buffer.addPage({ lines: [line(2)], next_after: 50, complete: false })).toBe(true);
    expect(buffer.cursor).toBe(50);
  });

  it('that overlap what is here add only the rest', () => {
    const buffer = new LogBuffer('debug');
    buffer.addPage(page(1, 3));
    buffer.addPage(page(2, 5));
    expect(shown(buffer)).toEqual([1, 2, 3, 4, 5]);
  });
});

describe('live batches', () => {
  it('connect to what is here', () => {
    const buffer = new LogBuffer('debug');
    expect(buffer.addLive(lines(1, 2))).toBe('taken');
    expect(buffer.addLive(lines(2, 4))).toBe('taken');
    expect(buffer.addLive(lines(1, 4))).toBe('known');
    expect(shown(buffer)).toEqual([1, 2, 3, 4]);
  });

  it('leave a gap to be read by REST', () => {
    const buffer = new LogBuffer('debug');
    buffer.addPage(page(1, 3));
    expect(buffer.addLive(lines(6, 7))).toBe('gap');
    expect(buffer).toMatchObject({ cursor: 3, revision: 1 });
    buffer.addPage(page(4, 7));
    expect(shown(buffer)).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });

  it('count hidden lines, so that the next batch still connects', () => {
    const buffer = new LogBuffer('info');
    buffer.addLive([line(1), line(2, { level: 'debug' }), line(3, { level: 'warn' })]);
    expect(shown(buffer)).toEqual([1, 3]);
    expect(buffer.addLive([line(4)])).toBe('taken');
  });
});

describe('what is shown with a line', () => {
  const shown = new Map([[2, '| a |\n| 1 |']]);
  const texts = (buffer: LogBuffer) => buffer.rows.map(({ n, part, text }) => [n, part, text]);
  const whole = [
    [1, 0, 'line 1'],
    [2, 0, 'line 2'],
    [2, 1, '| a |'],
    [2, 2, '| 1 |'],
    [3, 0, 'line 3'],
  ];

  it('comes with the line when it was there before', () => {
    const buffer = new LogBuffer('debug', 100, (n) => shown.get(n));
    buffer.addPage(page(1, 3));
    expect(texts(buffer)).toEqual(whole);
    expect(buffer.addShown(2)).toBe(false);
  });

  it('is put behind the line when it comes later, once', () => {
    const arrived = new Map<number, string>();
    const buffer = new LogBuffer('debug', 100, (n) => arrived.get(n));
    buffer.addPage(page(1, 3));
    expect(buffer.addShown(2)).toBe(false);
    arrived.set(2, '| a |\n| 1 |');
    expect(buffer.addShown(2)).toBe(true);
    expect(buffer.addShown(2)).toBe(false);
    expect(texts(buffer)).toEqual(whole);
    expect(buffer.addLive([line(4)])).toBe('taken');
  });
});

describe('rows', () => {
  it('are several for a line with line breaks, under one number', () => {
    const buffer = new LogBuffer('info');
    buffer.addLive([
      line(1, { level: 'error', text: 'Runtime Error\n  no such column\n' }),
      line(2),
    ]);
    expect(buffer.rows.map(({ n, part, text }) => [n, part, text])).toEqual([
      [1, 0, 'Runtime Error'],
      [1, 1, '  no such column'],
      [2, 0, 'line 2'],
    ]);
  });

  it('are dropped from the top past the limit, and counted', () => {
    const buffer = new LogBuffer('info', 100);
    buffer.addPage(page(1, 101));
    expect(buffer.rows).toHaveLength(90);
    expect(buffer.dropped).toBe(11);
    expect(buffer.rows[0]?.n).toBe(12);
    expect(buffer.cursor).toBe(101);
  });
});
