/**
 * Following the end of a growing log. Turning up pauses it, and it says so; reaching the end again
 * resumes it. Pure: the component reports what happened and obeys `following`.
 */
export interface FollowState {
  following: boolean;
  /** Lines that arrived while paused. */
  unseen: number;
}

export type FollowEvent =
  /** The viewport's top went from `from` to `top`, in pixels; by the reader, or by following itself. */
  | { type: 'scrolled'; from: number; top: number; height: number; viewport: number }
  | { type: 'appended'; lines: number }
  | { type: 'resumed' }
  | { type: 'paused' };

/** Closer to the end than this counts as being at it: fractions of a pixel and half a line. */
const nearPx = 12;

export function isAtEnd(top: number, height: number, viewport: number): boolean {
  return height - top - viewport <= nearPx;
}

export function initialFollow(following: boolean): FollowState {
  return { following, unseen: 0 };
}

export function follow(state: FollowState, event: FollowEvent): FollowState {
  switch (event.type) {
    case 'scrolled': {
      // Following itself only ever moves down, so an upward move is the reader's own. A late report of
      // no move at all says nothing: it must not undo a pause that the reader has asked for since.
      if (event.top < event.from - 1) return follow(state, { type: 'paused' });
      const reachedEnd = event.top > event.from && isAtEnd(event.top, event.height, event.viewport);
      return reachedEnd ? follow(state, { type: 'resumed' }) : state;
    }
    case 'appended':
      return state.following ? state : { ...state, unseen: state.unseen + event.lines };
    case 'resumed':
      return state.following ? state : { following: true, unseen: 0 };
    case 'paused':
      return state.following ? { following: false, unseen: 0 } : state;
  }
}
