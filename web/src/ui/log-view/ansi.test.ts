import { describe, expect, it } from 'vitest';
import { markFound, parseAnsi, plainText } from './ansi';

const esc = '\u001b';

describe('parseAnsi', () => {
  it('leaves plain text alone, even where it looks like HTML', () => {
    expect(parseAnsi('a < b && c > "d"')).toEqual([{ text: 'a < b && c > "d"' }]);
  });

  it('reads colours and keeps the text around them', () => {
    expect(parseAnsi(`1 of 2 OK [${esc}[32mOK${esc}[0m in 0.1s]`)).toEqual([
      { text: '1 of 2 OK [' },
      { text: 'OK', colour: 'green' },
      { text: ' in 0.1s]' },
    ]);
  });

  it('reads bright colours as their base and combines styles', () => {
    expect(parseAnsi(`${esc}[1;91mError${esc}[0m`)).toEqual([
      { text: 'Error', colour: 'red', bold: true },
    ]);
  });

  it('never passes markup on', () => {
    expect(parseAnsi(`${esc}[31m<img src=x onerror="alert('1')">${esc}[0m`)).toEqual([
      { text: `<img src=x onerror="alert('1')">`, colour: 'red' },
    ]);
  });

  it('keeps the text of a link and drops its address', () => {
    const text = parseAnsi(
      `see ${esc}]8;;https://example.com\u0007docs${esc}]8;;\u0007 ${esc}[1mnow`,
    );
    expect(text.map((segment) => segment.text).join('')).toBe('see docs now');
  });

  it('does not carry a style into another line', () => {
    parseAnsi(`${esc}[31mred without an end`);
    expect(parseAnsi(`next ${esc}[0mline`)[0]).toEqual({ text: 'next line' });
  });

  it('shows the last state of a line that rewrites itself', () => {
    expect(parseAnsi('10%\r50%\r100%\r')).toEqual([{ text: '100%' }]);
  });
});

describe('plainText', () => {
  it.each([
    [`${esc}[1;32mOK${esc}[0m`, 'OK'],
    [`${esc}]8;;https://x${esc}\\link${esc}]8;;${esc}\\`, 'link'],
    [`${esc}[2K10%\r${esc}[2K20%`, '20%'],
    ['nothing special', 'nothing special'],
    ['', ''],
  ])('%j is %j', (text, plain) => {
    expect(plainText(text)).toBe(plain);
  });
});

describe('markFound', () => {
  const texts = (segments: { text: string; found?: boolean }[]) =>
    segments.map(({ text, found }) => (found ? `[${text}]` : text)).join('|');

  it('marks every occurrence in any case', () => {
    expect(texts(markFound([{ text: 'Orders of ORDERS' }], 'orders'))).toBe(
      '[Orders]| of |[ORDERS]',
    );
  });

  it('marks across a change of colour', () => {
    const marked = markFound([{ text: 'fct_or', colour: 'red' }, { text: 'ders!' }], 'orders');
    expect(texts(marked)).toBe('fct_|[or]|[ders]|!');
    expect(marked[1]?.colour).toBe('red');
  });

  it.each([
    ['', 'abc'],
    ['x', 'abc'],
    ['abc', '[abc]'],
    ['aa', 'abc'],
  ])('%j in abc', (query, shown) => {
    expect(texts(markFound([{ text: 'abc' }], query))).toBe(shown);
  });

  it('takes neighbours without overlap', () => {
    expect(texts(markFound([{ text: 'aaaaa' }], 'aa'))).toBe('[aa]|[aa]|a');
  });
});
