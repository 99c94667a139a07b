import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
// Not when it is asked for, as other pages: it is what people wait for first.
import { RunsPage } from '@/features/runs/list/runs-page';
import { readListSearch, readRunSearch } from '@/features/runs/search-params';
import { ids, signedIn } from './root';

const runs = createRoute({
  getParentRoute: () => signedIn,
  path: '/deploy/$account/runs',
  params: ids('account'),
  validateSearch: readListSearch,
  component: RunsPage,
  staticData: { crumbs: () => [{ word: 'Runs' }] },
});

const run = createRoute({
  getParentRoute: () => signedIn,
  path: '/deploy/$account/projects/$project/runs/$run',
  params: ids('account', 'project', 'run'),
  validateSearch: readRunSearch,
  component: lazyRouteComponent(() => import('@/features/runs/run/run-page'), 'RunPage'),
  staticData: {
    crumbs: ({ account, run: id }) => [
      { word: 'Runs', href: `/deploy/${account}/runs` },
      { word: `#${id}` },
    ],
  },
});

export const runRoutes = [runs, run] as const;
