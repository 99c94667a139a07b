import { describe, expect, it } from 'vitest';
import { type FollowEvent, type FollowState, follow, initialFollow } from './follow';

const viewport = 400;
const scrolled = (from: number, top: number, height: number): FollowEvent => ({
  type: 'scrolled',
  from,
  top,
  height,
  viewport,
});
const appended = (lines: number): FollowEvent => ({ type: 'appended', lines });
const play = (state: FollowState, ...events: FollowEvent[]) => events.reduce(follow, state);

describe('follow', () => {
  const on = initialFollow(true);

  it('stays on while the log grows and is scrolled along', () => {
    const state = play(on, appended(10), scrolled(600, 780, 1180), scrolled(780, 960, 1360));
    expect(state).toEqual({ following: true, unseen: 0 });
  });

  it('is not paused by growth that the scroll has not caught up with', () => {
    expect(play(on, scrolled(600, 600, 2000)).following).toBe(true);
  });

  it('pauses when the reader scrolls up, and counts what arrives', () => {
    const state = play(on, scrolled(600, 500, 1000), appended(3), appended(4));
    expect(state).toEqual({ following: false, unseen: 7 });
  });

  it('pauses on the intent alone, before anything has moved', () => {
    expect(play(on, { type: 'paused' }, appended(2))).toEqual({ following: false, unseen: 2 });
  });

  it('does not take a late report of its own scrolling for the reader reaching the end', () => {
    expect(play(on, { type: 'paused' }, scrolled(600, 600, 1000)).following).toBe(false);
  });

  it('stays paused while the reader scrolls down without reaching the end', () => {
    const state = play(on, scrolled(600, 200, 1000), scrolled(200, 500, 1000));
    expect(state.following).toBe(false);
  });

  it('resumes at the end', () => {
    const state = play(on, scrolled(600, 200, 1000), appended(3), scrolled(200, 654, 1060));
    expect(state).toEqual({ following: true, unseen: 0 });
  });

  it('resumes by the button', () => {
    const state = play(on, scrolled(600, 200, 1000), appended(3), { type: 'resumed' });
    expect(state).toEqual({ following: true, unseen: 0 });
  });

  it('survives the browser rounding a position', () => {
    expect(play(on, scrolled(600, 599.5, 1100)).following).toBe(true);
  });

  it('keeps counting when it is paused twice', () => {
    const paused = play(on, { type: 'paused' }, appended(2));
    expect(play(paused, { type: 'paused' })).toBe(paused);
  });

  it('begins off for a log that is read from its top', () => {
    expect(play(initialFollow(false), appended(5))).toEqual({ following: false, unseen: 5 });
  });
});
