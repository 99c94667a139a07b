import type { QueryClient } from '@tanstack/react-query';
import { createRootRouteWithContext, createRoute, Outlet, redirect } from '@tanstack/react-router';
import { safeNext } from '@/features/session/next';
import { sessionQuery } from '@/features/session/session-api';
import { NotFoundPage } from '../error-pages';
import { Shell } from '../shell/shell';

interface RouterContext {
  queryClient: QueryClient;
}

/** One step of where one is; without an address it is the page itself. */
export interface Crumb {
  word: string;
  href?: string;
}

declare module '@tanstack/react-router' {
  interface StaticDataRouteOption {
    /** What the header shows of the way here, after the account. */
    crumbs?: (params: Record<string, unknown>) => Crumb[];
  }
}

export const root = createRootRouteWithContext<RouterContext>()({
  component: Outlet,
  notFoundComponent: NotFoundPage,
});

/** Everything behind the sign-in. Whoever is not signed in goes there and comes back to `location`. */
export const signedIn = createRoute({
  getParentRoute: () => root,
  id: 'signed-in',
  beforeLoad: async ({ context, location }) => {
    const session = await context.queryClient.ensureQueryData(sessionQuery);
    if (session !== null) return { session };
    const next = safeNext(location.href);
    const search = next === null || next === '/' ? {} : { next };
    throw redirect({ to: '/sign-in', search });
  },
  component: Shell,
});

/** 0, which nothing has, for what is no id: the page then says that there is no such thing. */
export function readId(text: string): number {
  const id = Number(text);
  return Number.isSafeInteger(id) && id > 0 ? id : 0;
}

/** Reads and writes parameters that are ids. */
export function ids<Name extends string>(...names: Name[]) {
  return {
    parse: (texts: Record<Name, string>) =>
      Object.fromEntries(names.map((name) => [name, readId(texts[name])])) as Record<Name, number>,
    stringify: (values: Record<Name, number>) =>
      Object.fromEntries(names.map((name) => [name, String(values[name])])) as Record<Name, string>,
  };
}
