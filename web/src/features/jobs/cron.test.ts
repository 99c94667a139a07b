import { describe, expect, it } from 'vitest';
import { cronProblem, firings, parseCron } from './cron';

const at = (text: string) => Date.parse(`${text.replace(' ', 'T')}Z`);
const shown = (ms: number) => new Date(ms).toISOString().slice(0, 16);

describe('firings', () => {
  it.each([
    ['* * * * *', '2024-05-27 10:42:16', ['2024-05-27T10:43', '2024-05-27T10:44']],
    ['* * * * *', '2024-05-27 10:42:00', ['2024-05-27T10:43']],
    ['0 * * * *', '2024-12-31 23:30:00', ['2025-01-01T00:00', '2025-01-01T01:00']],
    ['0 */6 * * *', '2024-05-27 05:59:59', ['2024-05-27T06:00', '2024-05-27T12:00']],
    ['0 */5 * * *', '2024-05-27 19:00:00', ['2024-05-27T20:00', '2024-05-28T00:00']],
    ['*/20 9-17/4 * * *', '2024-05-27 09:41:00', ['2024-05-27T13:00', '2024-05-27T13:20']],
    ['50/5 0 * * *', '2024-05-27 00:51:00', ['2024-05-27T00:55', '2024-05-28T00:50']],
    ['0 0 * * FRI,SAT', '2024-05-27 00:00:00', ['2024-05-31T00:00', '2024-06-01T00:00']],
    ['0 0 * * 7', '2024-05-27 00:00:00', ['2024-06-02T00:00', '2024-06-09T00:00']],
    ['0 0 * * fri-Sun', '2024-06-01 00:00:00', ['2024-06-02T00:00', '2024-06-07T00:00']],
    ['0 0 * * 7/3', '2024-05-27 00:00:00', ['2024-05-29T00:00', '2024-06-01T00:00']],
    ['0 0 29 FEB *', '2096-03-01 00:00:00', ['2104-02-29T00:00']],
    ['0 0 29 2 */7', '2072-01-01 00:00:00', ['2088-02-29T00:00', '2128-02-29T00:00']],
    ['30 4 L * *', '2024-01-31 04:30:00', ['2024-02-29T04:30', '2024-03-31T04:30']],
    ['0 0 15,l * *', '2023-02-01 00:00:00', ['2023-02-15T00:00', '2023-02-28T00:00']],
    ['0 0 13 * FRI', '2024-09-01 00:00:00', ['2024-09-06T00:00', '2024-09-13T00:00']],
    ['0 0 31 2 MON', '2024-02-01 00:00:00', ['2024-02-05T00:00']],
    ['0 0 */2 * MON', '2024-05-27 00:00:00', ['2024-06-03T00:00', '2024-06-17T00:00']],
    ['  0\t5   *  * * ', '2024-05-27 05:00:00', ['2024-05-28T05:00']],
    ['@hourly', '2024-05-27 05:00:00', ['2024-05-27T06:00']],
    ['@Daily', '2024-05-27 05:00:00', ['2024-05-28T00:00']],
    ['@yearly', '2024-05-27 05:00:00', ['2025-01-01T00:00']],
  ])('of %s after %s', (text, after, expected) => {
    expect(firings(parseCron(text), at(after), expected.length).map(shown)).toEqual(expected);
  });
});

describe('what is refused', () => {
  it.each([
    ['', 'must have 5 fields (minute, hour, day of month, month, day of week), not 0'],
    ['* * * *', 'not 4'],
    ['@reboot', '"@reboot" is not a known short form'],
    ['60 * * * *', 'minute "60": must be from 0 to 59'],
    ['-1 * * * *', 'minute "-1": must be from 0 to 59'],
    ['1.5 * * * *', 'minute "1.5"'],
    ['* 5-3 * * *', 'hour "5-3": the range runs backwards'],
    ['* * 32 * *', 'from 1 to 31 or L (the last day of the month)'],
    ['* * * JUNE *', 'month "JUNE": must be from 1 to 12 or a name (JAN to DEC)'],
    ['* * * * 8', 'day of week "8"'],
    ['* * * * SAT-MON', 'day of week "SAT-MON": the range runs backwards'],
    ['*/0 * * * *', 'minute "*/0": the step must be a whole number from 1 to 59'],
    ['1,,2 * * * *', 'a value is missing'],
    ['** * * * *', 'minute "**"'],
    ['0 0 31 2 *', 'day of month "31": no such day ever comes in month "2"'],
  ])('%s', (text, words) => {
    expect(cronProblem(text)).toContain(words);
  });

  it('nothing of what can be read', () => {
    expect(cronProblem('0 6 * * 1-5')).toBeNull();
  });
});
