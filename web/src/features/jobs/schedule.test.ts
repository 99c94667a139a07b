import { describe, expect, it } from 'vitest';
import {
  cronOf,
  draftOfCron,
  newSchedule,
  scheduleBody,
  scheduleProblems,
  scheduleWords,
} from './schedule';

describe('a schedule and its expression', () => {
  it.each([
    ['0 * * * *', 'interval'],
    ['0 */6 * * *', 'interval'],
    ['0 */6 * * 1,3', 'interval'],
    ['0 0,20 * * *', 'hours'],
    ['0 9 * * 1,2,3,4,5', 'hours'],
    ['30 4 L * *', 'cron'],
    ['0 13,1 * * *', 'cron'],
    ['0 */1 * * *', 'cron'],
    ['0 */30 * * *', 'cron'],
    ['0 5 * * 7', 'cron'],
    ['@daily', 'cron'],
    ['5 * * * *', 'cron'],
    ['0 5 1 * *', 'cron'],
  ])('%s is of kind %s and stays what it is', (cron, kind) => {
    const draft = draftOfCron(cron);
    expect(draft.kind).toBe(kind);
    expect(cronOf(draft)).toBe(cron);
  });

  it('all seven days are every day', () => {
    expect(cronOf(draftOfCron('0 9 * * 0,1,2,3,4,5,6'))).toBe('0 9 * * *');
  });
});

describe('the body', () => {
  it('says what the API expects of each kind', () => {
    expect(scheduleBody({ ...newSchedule, kind: 'interval', days: [5, 1], interval: 8 })).toEqual({
      date: { type: 'days_of_week', days: [1, 5] },
      time: { type: 'every_hour', interval: 8 },
    });
    expect(scheduleBody({ ...newSchedule, hours: [20, 9] })).toEqual({
      date: { type: 'every_day' },
      time: { type: 'at_exact_hours', hours: [9, 20] },
    });
    expect(scheduleBody({ ...newSchedule, kind: 'cron', cron: ' 30 4 L * * ' })).toEqual({
      date: { type: 'custom_cron', cron: '30 4 L * *' },
      time: { type: 'every_hour', interval: 1 },
    });
  });
});

describe('what is missing', () => {
  it('is named as the server names it', () => {
    expect(Object.keys(scheduleProblems({ ...newSchedule, days: [], hours: [] }))).toEqual([
      'schedule.date.days',
      'schedule.time.hours',
    ]);
    expect(scheduleProblems({ ...newSchedule, kind: 'interval', interval: 24 })).toHaveProperty([
      'schedule.time.interval',
    ]);
    expect(scheduleProblems({ ...newSchedule, kind: 'cron', cron: '61 * * * *' })).toEqual({
      'schedule.date.cron': 'minute "61": must be from 0 to 59',
    });
  });
});

describe('in words', () => {
  it.each([
    ['0 6 * * *', 'At 06:00'],
    ['0 9,18 * * 1,5', 'At 09:00 and 18:00, only on Monday and Friday'],
    ['30 4 L * *', 'At 04:30, on the last day of the month'],
    ['0 0 13 * FRI', 'At 00:00, on day 13 of the month, or on Friday'],
    ['0 0 */2 * MON', 'At 00:00, every 2 days in a month, and on Monday'],
    ['@hourly', 'Every hour'],
    ['0 0 * * * *', null],
  ])('%s', (cron, words) => {
    expect(scheduleWords(cron)).toBe(words);
  });
});
