import type { QueryClient } from '@tanstack/react-query';
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router';
import { readListSearch, readRunSearch } from '@/features/runs/search-params';
import { homeOf, safeNext } from '@/features/session/next';
import { sessionQuery } from '@/features/session/session-api';
import { NotFoundPage, RouteErrorPage } from './error-pages';

interface RouterContext {
  queryClient: QueryClient;
}

const root = createRootRouteWithContext<RouterContext>()({
  component: Outlet,
  notFoundComponent: NotFoundPage,
});

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: (search: Record<string, unknown>): { next?: string } => {
    const next = safeNext(search['next']);
    return next === null ? {} : { next };
  },
  beforeLoad: async ({ context, search }) => {
    const session = await context.queryClient.ensureQueryData(sessionQuery);
    if (session !== null) throw redirect({ href: search.next ?? homeOf(session) });
  },
  component: lazyRouteComponent(() => import('@/features/session/sign-in-page'), 'SignInPage'),
});

const invite = createRoute({
  getParentRoute: () => root,
  path: '/invite',
  component: lazyRouteComponent(() => import('@/features/session/invite-page'), 'InvitePage'),
});

/** Everything behind the sign-in. Whoever is not signed in goes there and comes back to `location`. */
const signedIn = createRoute({
  getParentRoute: () => root,
  id: 'signed-in',
  beforeLoad: async ({ context, location }) => {
    const session = await context.queryClient.ensureQueryData(sessionQuery);
    if (session !== null) return { session };
    const next = safeNext(location.href);
    const search = next === null || next === '/' ? {} : { next };
    throw redirect({ to: '/sign-in', search });
  },
  component: lazyRouteComponent(() => import('./shell/shell'), 'Shell'),
});

const home = createRoute({
  getParentRoute: () => signedIn,
  path: '/',
  beforeLoad: ({ context }) => {
    throw redirect({ href: homeOf(context.session) });
  },
});

const readId = (text: string): number => {
  const id = Number(text);
  return Number.isSafeInteger(id) && id > 0 ? id : 0;
};

const runs = createRoute({
  getParentRoute: () => signedIn,
  path: '/deploy/$account/runs',
  params: {
    parse: ({ account }) => ({ account: readId(account) }),
    stringify: ({ account }) => ({ account: String(account) }),
  },
  validateSearch: readListSearch,
  component: lazyRouteComponent(() => import('@/features/runs/list/runs-page'), 'RunsPage'),
});

const run = createRoute({
  getParentRoute: () => signedIn,
  path: '/deploy/$account/projects/$project/runs/$run',
  params: {
    parse: ({ account, project, run: id }) => ({
      account: readId(account),
      project: readId(project),
      run: readId(id),
    }),
    stringify: ({ account, project, run: id }) => ({
      account: String(account),
      project: String(project),
      run: String(id),
    }),
  },
  validateSearch: readRunSearch,
  component: lazyRouteComponent(() => import('@/features/runs/run/run-page'), 'RunPage'),
});

const routeTree = root.addChildren([signIn, invite, signedIn.addChildren([home, runs, run])]);

export function createAppRouter(queryClient: QueryClient) {
  return createRouter({
    routeTree,
    context: { queryClient },
    // dbt Cloud's own links to a run end in a slash; both forms are the same page.
    trailingSlash: 'preserve',
    defaultPreload: 'intent',
    defaultErrorComponent: RouteErrorPage,
    defaultNotFoundComponent: NotFoundPage,
  });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createAppRouter>;
  }
}
