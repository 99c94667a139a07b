import { type RefObject, useCallback, useLayoutEffect, useReducer, useRef } from 'react';
import { follow, initialFollow } from './follow';

interface FollowOptions {
  /** The log may still grow. */
  live: boolean;
  rowCount: number;
  /** Rows taken off the top so far, and how high one is: a reader must not feel them go. */
  dropped: number;
  rowHeightPx: number;
}

export interface Following {
  following: boolean;
  unseen: number;
  onScroll: () => void;
  resume: () => void;
  pause: () => void;
}

/** Binds `follow` to a scrolling element. */
export function useFollow(
  element: RefObject<HTMLElement | null>,
  options: FollowOptions,
): Following {
  const { live, rowCount, dropped, rowHeightPx } = options;
  const [state, dispatch] = useReducer(follow, live, initialFollow);
  const before = useRef({ rowCount, dropped });

  useLayoutEffect(() => {
    const arrived = rowCount + dropped - (before.current.rowCount + before.current.dropped);
    const gone = dropped - before.current.dropped;
    before.current = { rowCount, dropped };
    if (live && arrived > 0) dispatch({ type: 'appended', lines: arrived });
    if (gone > 0 && element.current !== null) element.current.scrollTop -= gone * rowHeightPx;
  }, [live, rowCount, dropped, rowHeightPx, element]);

  // After every growth, and after the resume that the reader asked for.
  const pinned = live && state.following;
  // biome-ignore lint/correctness/useExhaustiveDependencies: growth is what it reacts to.
  useLayoutEffect(() => {
    if (pinned && element.current !== null)
      element.current.scrollTop = element.current.scrollHeight;
  }, [pinned, rowCount, dropped, element]);

  const onScroll = useCallback(() => {
    const at = element.current;
    if (at === null) return;
    dispatch({
      type: 'scrolled',
      top: at.scrollTop,
      height: at.scrollHeight,
      viewport: at.clientHeight,
    });
  }, [element]);
  const resume = useCallback(() => {
    dispatch({ type: 'resumed' });
    if (element.current !== null) element.current.scrollTop = element.current.scrollHeight;
  }, [element]);
  const pause = useCallback(() => dispatch({ type: 'paused' }), []);
  return { following: pinned, unseen: state.unseen, onScroll, resume, pause };
}
