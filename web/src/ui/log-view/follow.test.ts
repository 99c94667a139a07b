import { describe, expect, it } from 'vitest';
import { type FollowEvent, type FollowState, follow, initialFollow } from './follow';

const viewport = 400;
const scrolled = (top: number, height: number): FollowEvent => ({
  type: 'scrolled',
  top,
  height,
  viewport,
});
const play = (state: FollowState, ...events: FollowEvent[]) => events.reduce(follow, state);

describe('follow', () => {
  const atEnd = play(initialFollow(true), scrolled(600, 1000));

  it('stays on while the log grows and is scrolled along', () => {
    const state = play(
      atEnd,
      { type: 'appended', lines: 10 },
      scrolled(780, 1180),
      scrolled(960, 1360),
    );
    expect(state).toMatchObject({ following: true, unseen: 0 });
  });

  it('is not paused by growth that the scroll has not caught up with', () => {
    expect(play(atEnd, scrolled(600, 2000)).following).toBe(true);
  });

  it('pauses when the reader scrolls up, and counts what arrives', () => {
    const state = play(
      atEnd,
      scrolled(500, 1000),
      { type: 'appended', lines: 3 },
      { type: 'appended', lines: 4 },
    );
    expect(state).toMatchObject({ following: false, unseen: 7 });
  });

  it('stays paused while the reader scrolls down without reaching the end', () => {
    expect(play(atEnd, scrolled(200, 1000), scrolled(500, 1000)).following).toBe(false);
  });

  it('resumes at the end', () => {
    const state = play(
      atEnd,
      scrolled(200, 1000),
      { type: 'appended', lines: 3 },
      scrolled(654, 1060),
    );
    expect(state).toMatchObject({ following: true, unseen: 0 });
  });

  it('resumes by the button', () => {
    const state = play(
      atEnd,
      scrolled(200, 1000),
      { type: 'appended', lines: 3 },
      { type: 'resumed' },
    );
    expect(state).toMatchObject({ following: true, unseen: 0 });
  });

  it('survives the browser rounding a position', () => {
    expect(play(atEnd, scrolled(599.5, 1100)).following).toBe(true);
  });

  it('can be paused without scrolling, as a jump to a found line does', () => {
    expect(play(atEnd, { type: 'paused' }).following).toBe(false);
    const paused = play(atEnd, { type: 'paused' }, { type: 'appended', lines: 2 });
    expect(play(paused, { type: 'paused' })).toBe(paused);
  });

  it('begins off for a log that is read from its top', () => {
    expect(
      play(initialFollow(false), scrolled(0, 1000), { type: 'appended', lines: 5 }),
    ).toMatchObject({
      following: false,
      unseen: 5,
    });
  });

  it('follows a log shorter than the viewport', () => {
    expect(play(initialFollow(false), scrolled(0, 300)).following).toBe(true);
  });
});
