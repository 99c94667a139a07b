/**
 * Following the end of a growing log. Scrolling up pauses it, and it says so; reaching the end again
 * resumes it. Pure: the component reports what happened and obeys `following`.
 */
export interface FollowState {
  following: boolean;
  /** Lines that arrived while paused. */
  unseen: number;
  /** Where the viewport's top was, in pixels. */
  top: number;
}

export type FollowEvent =
  | { type: 'scrolled'; top: number; height: number; viewport: number }
  | { type: 'appended'; lines: number }
  | { type: 'resumed' }
  | { type: 'paused' };

/** Closer to the end than this counts as being at it: fractions of a pixel and half a line. */
const nearPx = 12;

export function initialFollow(following: boolean): FollowState {
  return { following, unseen: 0, top: 0 };
}

export function follow(state: FollowState, event: FollowEvent): FollowState {
  switch (event.type) {
    case 'scrolled': {
      const atEnd = event.height - event.top - event.viewport <= nearPx;
      if (atEnd) return { following: true, unseen: 0, top: event.top };
      // Following itself only ever moves down, so an upward move is the reader's own.
      const movedUp = event.top < state.top - 1;
      return { ...state, following: state.following && !movedUp, top: event.top };
    }
    case 'appended':
      return state.following ? state : { ...state, unseen: state.unseen + event.lines };
    case 'resumed':
      return { ...state, following: true, unseen: 0 };
    case 'paused':
      return state.following ? { ...state, following: false, unseen: 0 } : state;
  }
}
