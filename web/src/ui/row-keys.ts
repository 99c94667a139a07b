import { useHotkeys } from '@mantine/hooks';
import { type RefObject, useCallback } from 'react';

/**
 * j and k move the focus along the rows' links, so that Enter, the middle button and screen readers just work. A row
 * says its place by `data-place`.
 */
export function useRowKeys(
  count: number,
  scrollTo: (place: number) => void,
  root: RefObject<HTMLElement | null>,
): void {
  const move = useCallback(
    (by: 1 | -1) => {
      const focused = document.activeElement?.closest<HTMLElement>('[data-place]');
      const at = focused ? Number(focused.dataset['place']) : -1;
      const next = Math.min(count - 1, Math.max(0, at + by));
      if (count === 0) return;
      scrollTo(next);
      // The row may have to be drawn first.
      requestAnimationFrame(() => {
        root.current
          ?.querySelector<HTMLElement>(`[data-place="${next}"] :is(a, button)`)
          ?.focus({ preventScroll: true });
      });
    },
    [count, scrollTo, root],
  );
  useHotkeys([
    ['j', () => move(1)],
    ['k', () => move(-1)],
  ]);
}
