import {
  type KeyboardEvent,
  type PointerEvent,
  type RefObject,
  type TouchEvent,
  useCallback,
  useLayoutEffect,
  useMemo,
  useReducer,
  useRef,
  type WheelEvent,
} from 'react';
import { follow, initialFollow, isAtEnd } from './follow';

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
  /** For the scrolling element. */
  handlers: ReturnType<typeof handlersFor>;
  resume: () => void;
  pause: () => void;
}

/** A finger's tremble is not yet a scroll. */
const touchSlackPx = 4;
const upwardKeys = ['ArrowUp', 'PageUp', 'Home'];

interface Actions {
  pause: () => void;
  resume: () => void;
  report: () => void;
}

/**
 * What the reader does with wheel, keys, finger or scroll bar counts at once. Waiting for the scroll
 * event would be too late in a fast log: the next batch would already have scrolled back to the end.
 */
function handlersFor({ pause, resume, report }: Actions) {
  let touchedAt = 0;
  return {
    onScroll: report,
    onWheel: (event: WheelEvent<HTMLElement>) => {
      const { scrollTop, scrollHeight, clientHeight } = event.currentTarget;
      if (event.deltaY < 0 && scrollTop > 0) pause();
      if (event.deltaY > 0 && isAtEnd(scrollTop, scrollHeight, clientHeight)) resume();
    },
    onKeyDown: (event: KeyboardEvent<HTMLElement>) => {
      if (upwardKeys.includes(event.key) && event.currentTarget.scrollTop > 0) pause();
      if (event.key === 'End') resume();
    },
    onTouchStart: (event: TouchEvent<HTMLElement>) => {
      touchedAt = event.touches[0]?.clientY ?? 0;
    },
    onTouchMove: (event: TouchEvent<HTMLElement>) => {
      if ((event.touches[0]?.clientY ?? 0) > touchedAt + touchSlackPx) pause();
    },
    onPointerDown: (event: PointerEvent<HTMLElement>) => {
      const onScrollBar = event.nativeEvent.offsetX >= event.currentTarget.clientWidth;
      if (event.target === event.currentTarget && onScrollBar) pause();
    },
  };
}

/** Binds `follow` to a scrolling element. */
export function useFollow(
  element: RefObject<HTMLElement | null>,
  options: FollowOptions,
): Following {
  const { live, rowCount, dropped, rowHeightPx } = options;
  const [state, dispatch] = useReducer(follow, live, initialFollow);
  const before = useRef({ rowCount, dropped });
  const lastTop = useRef(0);

  const scrollTo = useCallback(
    (place: (at: HTMLElement) => number) => {
      const at = element.current;
      if (at === null) return;
      at.scrollTop = place(at);
      lastTop.current = at.scrollTop;
    },
    [element],
  );

  useLayoutEffect(() => {
    const arrived = rowCount + dropped - (before.current.rowCount + before.current.dropped);
    const gone = dropped - before.current.dropped;
    before.current = { rowCount, dropped };
    if (live && arrived > 0) dispatch({ type: 'appended', lines: arrived });
    if (gone > 0) scrollTo((at) => at.scrollTop - gone * rowHeightPx);
  }, [live, rowCount, dropped, rowHeightPx, scrollTo]);

  // After every growth, and after the resume that the reader asked for.
  const pinned = live && state.following;
  // biome-ignore lint/correctness/useExhaustiveDependencies: growth is what it reacts to.
  useLayoutEffect(() => {
    if (pinned) scrollTo((at) => at.scrollHeight);
  }, [pinned, rowCount, dropped, scrollTo]);

  const actions = useMemo(
    () => ({
      pause: () => dispatch({ type: 'paused' }),
      resume: () => {
        dispatch({ type: 'resumed' });
        scrollTo((at) => at.scrollHeight);
      },
      report: () => {
        const at = element.current;
        if (at === null) return;
        const from = lastTop.current;
        lastTop.current = at.scrollTop;
        const { scrollTop: top, scrollHeight: height, clientHeight: viewport } = at;
        dispatch({ type: 'scrolled', from, top, height, viewport });
      },
    }),
    [element, scrollTo],
  );
  const handlers = useMemo(() => handlersFor(actions), [actions]);
  const { pause, resume } = actions;
  return { following: pinned, unseen: state.unseen, handlers, resume, pause };
}
