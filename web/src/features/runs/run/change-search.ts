import { useNavigate } from '@tanstack/react-router';
import { useCallback } from 'react';
import type { RunSearch } from '../search-params';

/** Changes part of the address; what is set to undefined leaves it. */
export type ChangeSearch = (change: { [K in keyof RunSearch]: RunSearch[K] | undefined }) => void;

export function useChangeSearch(): ChangeSearch {
  const navigate = useNavigate({ from: '/deploy/$account/projects/$project/runs/$run' });
  return useCallback(
    (change) =>
      void navigate({
        search: (before) =>
          Object.fromEntries(
            Object.entries({ ...before, ...change }).filter(([, value]) => value !== undefined),
          ),
        replace: true,
        resetScroll: false,
      }),
    [navigate],
  );
}
